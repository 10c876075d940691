/** Questions about single requests: who may call whom, and where does a request go. The question is the address. */
import { useEffect, useState } from "preact/hooks";
import type { Picture } from "../api/answers";
import { shown, useAnswer } from "../api/use";
import type { ViewProps } from "../findings/view";
import { linkTo } from "../place";
import { AccessAnswered } from "./access";
import { ACCESS, namesIn, questionAt, ROUTE } from "./questions";
import type { Asking } from "./questions";
import { RouteAnswered } from "./route";

export function Ask(props: ViewProps) {
  const { place } = props;
  const asking = place.query.get("what") === "route" ? ROUTE : ACCESS;
  const question = questionAt(asking, place.query);
  return (
    <div class="ask">
      <h1 class="hidden">Ask</h1>
      <nav class="segments" aria-label="What is asked">
        {[ACCESS, ROUTE].map((one) => (
          <a key={one.what} href={linkTo(place, "ask", { what: one.what })} aria-current={one === asking ? "true" : undefined}>
            {one.title}
          </a>
        ))}
      </nav>
      <Form key={asking.what} {...props} asking={asking} />
      {question ? (
        asking === ACCESS ? (
          <AccessAnswered subject={props.subject} question={question} />
        ) : (
          <RouteAnswered subject={props.subject} question={question} />
        )
      ) : (
        <p class="quiet">{asking.hint}</p>
      )}
    </div>
  );
}

function Form({ subject, place, change, asking }: ViewProps & { asking: Asking }) {
  const picture = shown(useAnswer<Picture>(subject, "graph"));
  const [told, setTold] = useState<Record<string, string>>(() => Object.fromEntries(place.query));
  const address = JSON.stringify([...place.query]);
  useEffect(() => setTold(Object.fromEntries(place.query)), [address]);
  const names = picture ? namesIn(picture) : { callers: [], called: [], hosts: [] };
  return (
    <form
      class="question"
      onSubmit={(event) => {
        event.preventDefault();
        const fields = Object.fromEntries(asking.fields.map(({ name }) => [name, (told[name] ?? "").trim()]));
        change({ ...fields, what: asking.what, go: "1" });
      }}
    >
      {asking.fields.map((field) => (
        <label key={field.name} class={`field ${field.isLong ? "long" : ""}`}>
          {field.title}
          <input
            type="text"
            id={field.name}
            name={field.name}
            list={field.names ? `names-${field.names}` : undefined}
            placeholder={field.placeholder}
            required={field.isRequired}
            autocomplete="off"
            spellcheck={false}
            value={told[field.name] ?? ""}
            onInput={(event) => setTold({ ...told, [field.name]: event.currentTarget.value })}
          />
        </label>
      ))}
      {Object.entries(names).map(([kind, listed]) => (
        <datalist key={kind} id={`names-${kind}`}>
          {listed.slice(0, 3000).map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ))}
      <button type="submit" class="primary">
        Ask
      </button>
    </form>
  );
}

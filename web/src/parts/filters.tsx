/** The form of what narrows a view down, and its fields. */
import type { ComponentChildren } from "preact";
import type { Change } from "../place";
import { Fold } from "./fold";

/** `cleared` is what the place says where nothing is narrowed down. */
export function FilterForm(props: {
  search: string;
  hint: string;
  cleared: Parameters<Change>[0];
  change: Change;
  children: ComponentChildren;
}) {
  const { change } = props;
  return (
    <Fold title="Filters">
      <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <label class="field">
          Search
          <input
            type="search"
            id="search"
            placeholder={props.hint}
            value={props.search}
            onInput={(event) => change({ q: event.currentTarget.value }, "replace")}
          />
        </label>
        {props.children}
        <button type="button" onClick={() => change(props.cleared)}>
          Show all
        </button>
      </form>
    </Fold>
  );
}

export function Choice(props: {
  id: string;
  label: string;
  value: string;
  onChoose: (value: string) => void;
  children: ComponentChildren;
}) {
  return (
    <label class="field" for={props.id}>
      {props.label}
      <select id={props.id} value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.children}
      </select>
    </label>
  );
}

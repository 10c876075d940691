/** The memo: which mesh fits and what it would take, computed anew as what is known of the cluster changes. */
import { useEffect, useState } from "preact/hooks";
import type { Advice, Need, Said } from "../api/answers";
import type { Parameters } from "../api/client";
import { useAnswer, useGot, shown } from "../api/use";
import type { ViewProps } from "../findings/view";
import { Fold } from "../parts/fold";
import { Answered, sentence } from "../parts/states";
import { Costs } from "./costs";
import { NeedsTable } from "./needs";

const PAUSE = 300;

interface Amount {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly most: number;
}

const AMOUNTS: readonly Amount[] = [
  { name: "rps", title: "Requests per second", unit: "over the whole mesh", most: 100_000 },
  { name: "nodes", title: "Nodes", unit: "of the cluster", most: 1000 },
  { name: "cpu-price", title: "Price of a core", unit: "a month", most: 100 },
  { name: "memory-price", title: "Price of a GiB", unit: "a month", most: 50 },
];

export function Advise(props: ViewProps) {
  const { place } = props;
  const told = useSettled(parametersAt(place.query));
  const asked = useAnswer<Advice>(props.subject, "advise", told);
  const needs = shown(useGot<{ needs: readonly Need[] }>("v1/needs"))?.needs ?? [];
  return (
    <div class="columns advise">
      <h1 class="hidden">Advise</h1>
      <Fold title="What the manifests cannot say">
        <form class="filters" aria-label="What the manifests cannot say" onSubmit={(event) => event.preventDefault()}>
          {AMOUNTS.map((one) => (
            <Slider key={one.name} {...one} value={place.query.get(one.name) ?? ""} onChange={(value) => props.change({ [one.name]: value }, "replace")} />
          ))}
          <fieldset class="boxes needs">
            <legend>Needs that do not show yet</legend>
            {needs.map((one) => (
              <label key={one.id}>
                <input
                  type="checkbox"
                  name="need"
                  value={one.id}
                  checked={asWords(place.query.get("need")).includes(one.id)}
                  onChange={(event) => {
                    const others = asWords(place.query.get("need")).filter((id) => id !== one.id);
                    props.change({ need: (event.currentTarget.checked ? [...others, one.id] : others).join(",") });
                  }}
                />
                {one.title}
              </label>
            ))}
          </fieldset>
          <button type="button" onClick={() => props.change({ rps: "", nodes: "", "cpu-price": "", "memory-price": "", need: "" })}>
            As the manifests say
          </button>
        </form>
      </Fold>
      <section class="main memo" aria-label="Advice">
        <Answered asked={asked} waiting="Weighing …">
          {(advice, isOld) => <Memo advice={advice} isOld={isOld} />}
        </Answered>
      </section>
    </div>
  );
}

function asWords(text: string | undefined): string[] {
  return (text ?? "").split(",").filter(Boolean);
}

function parametersAt(query: ReadonlyMap<string, string>): Parameters {
  const amounts = AMOUNTS.map(({ name }) => [name, query.get(name) ?? ""] as const).filter(([, value]) => value !== "");
  const need = asWords(query.get("need"));
  return { ...Object.fromEntries(amounts.map(([name, value]) => [name, Number(value)])), ...(need.length ? { need } : {}) };
}

/** The value once it has not changed for a moment: a slider that is drawn asks once. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

/** A slider whose far end is far away: each step takes more than the one before it. */
function Slider(props: Amount & { value: string; onChange: (value: string) => void }) {
  const { name, title, most } = props;
  const at = props.value === "" ? 0 : stepOf(Number(props.value), most);
  return (
    <div class="slider">
      <label class="field" for={name}>
        {title} <span class="quiet">{props.unit}</span>
        <input
          type="number"
          id={name}
          min={0}
          max={1_000_000_000}
          step="any"
          placeholder="not known"
          value={props.value}
          onInput={(event) => props.onChange(bounded(event.currentTarget.value, name))}
        />
      </label>
      <input
        type="range"
        min={0}
        max={100}
        value={at}
        aria-label={title}
        onInput={(event) => props.onChange(amountAt(Number(event.currentTarget.value), most))}
      />
    </div>
  );
}

function bounded(text: string, name: string): string {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value < 0) return "";
  return name === "nodes" ? String(Math.min(Math.max(Math.round(value), 1), 100_000)) : text;
}

function stepOf(value: number, most: number): number {
  return value <= 0 ? 0 : Math.round((100 * Math.log1p(value)) / Math.log1p(most));
}

function amountAt(step: number, most: number): string {
  return step === 0 ? "" : String(Math.max(1, Number(Math.expm1((step / 100) * Math.log1p(most)).toPrecision(2))));
}

function Memo({ advice, isOld }: { advice: Advice; isOld: boolean }) {
  const told = advice.recommendation;
  return (
    <div aria-busy={isOld}>
      <div class="hero">
        <p class="quiet">Recommendation</p>
        <h2>{told.title}</h2>
        <p>
          {told.confidence && <span class={`tally ${told.confidence === "high" ? "good" : "plain"}`}>{told.confidence} confidence</span>}{" "}
          <span class="quiet">{sentence(told.confidence_because)}</span>
        </p>
        {told.reasons.length > 0 && <Told said={told.reasons} />}
      </div>
      <Titled title="What speaks against it" said={told.objections} />
      <Costs advice={advice} />
      <NeedsTable advice={advice} />
      <Titled title="What would change it" said={advice.flips} />
      <Titled title="On which terms" said={told.terms} />
      <Counted advice={advice} />
    </div>
  );
}

function Titled({ title, said }: { title: string; said: readonly Said[] }) {
  if (!said.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <Told said={said} />
    </>
  );
}

function Told({ said }: { said: readonly Said[] }) {
  return (
    <ul>
      {said.map((one, number) => (
        <li key={number}>
          {sentence(one.text)}{" "}
          {one.source?.startsWith("https://") && (
            <a href={one.source} rel="noreferrer noopener" target="_blank">
              source{one.date ? `, ${one.date}` : ""}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function Counted({ advice }: { advice: Advice }) {
  const counts = advice.profile.counts.filter((one) => one.count > 0);
  return (
    <details>
      <summary>What was counted</summary>
      <div class="scrolled" tabIndex={0} role="region" aria-label="What was counted">
        <table>
          <tbody>
            {counts.map((one) => (
              <tr key={one.id}>
                <td class="amount">{one.count.toLocaleString("en")}</td>
                <td>{one.title}</td>
                <td class="quiet">
                  {one.assumption ? `assumed: ${one.assumption}` : one.places.slice(0, 2).map((each) => `${each.file}:${each.line}`).join(", ")}
                  {!one.assumption && one.places.length > 2 && ` and ${one.places.length - 2} more`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

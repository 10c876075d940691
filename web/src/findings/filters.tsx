/** What narrows the findings down. */
import type { Finding } from "../api/answers";
import type { Change } from "../place";
import { Choice, FilterForm } from "../parts/filters";
import { LEVELS } from "../parts/words";
import { choices, countOf, GROUPINGS, namespaceOf, NO_FILTERS } from "./choose";
import type { Wanted } from "./choose";

const TITLES = { file: "File", rule: "Rule", namespace: "Namespace" };

export function Filters(props: { all: readonly Finding[]; wanted: Wanted; change: Change }) {
  const { all, wanted, change } = props;
  const rules = choices(all, (one) => one.rule);
  const names = new Map(all.map((one) => [one.rule, one.name]));
  return (
    <FilterForm search={wanted.search} hint="words, objects, files" cleared={NO_FILTERS} change={change}>
      <Levels {...props} />
      <Choice id="by" label="Group by" value={wanted.grouping} onChoose={(by) => change({ by })}>
        {GROUPINGS.map((one) => (
          <option key={one} value={one}>
            {TITLES[one]}
          </option>
        ))}
      </Choice>
      <Choice id="rule" label="Rule" value={wanted.rule} onChoose={(rule) => change({ rule })}>
        <option value="">any</option>
        {rules.map(([rule, count]) => (
          <option key={rule} value={rule}>
            {rule} {names.get(rule)} ({count})
          </option>
        ))}
      </Choice>
      <Choice id="namespace" label="Namespace" value={wanted.namespace} onChoose={(ns) => change({ ns })}>
        <option value="">any</option>
        {choices(all, namespaceOf).map(([name, count]) => (
          <option key={name} value={name}>
            {name} ({count})
          </option>
        ))}
      </Choice>
    </FilterForm>
  );
}

function Levels({ all, wanted, change }: { all: readonly Finding[]; wanted: Wanted; change: Change }) {
  return (
    <fieldset class="levels">
      <legend>Level</legend>
      {LEVELS.map((level) => (
        <label key={level} class={`chip ${level}`}>
          <input
            type="checkbox"
            name="level"
            value={level}
            checked={wanted.levels.has(level)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              const left = LEVELS.filter((one) => (one === level ? on : wanted.levels.has(one)));
              change({ level: left.length === LEVELS.length ? "" : left.join(",") || "none" });
            }}
          />
          <span>{level}</span>
          <b>{countOf(all, level)}</b>
        </label>
      ))}
    </fieldset>
  );
}

/** What of the mesh is to be seen. */
import type { Change } from "../place";
import { Choice, FilterForm } from "../parts/filters";
import { matches } from "../parts/words";
import { FLOWS } from "./model";
import type { Graph } from "./model";
import { wordsOf } from "./scene";
import { joined } from "./wanted";
import type { Wanted } from "./wanted";

const HITS = 12;
const EVERYTHING = { ns: "", kinds: "", edges: "", access: "", mesh: "", found: "", q: "", focus: "", hops: "", open: "", shut: "", at: "" };

export function MeshFilters({ graph, wanted, change }: { graph: Graph; wanted: Wanted; change: Change }) {
  return (
    <FilterForm search={wanted.search} hint="names, kinds" cleared={EVERYTHING} change={change}>
      <Hits graph={graph} wanted={wanted} change={change} />
      <Choice id="namespace" label="Namespace" value={[...wanted.namespaces][0] ?? ""} onChoose={(ns) => change({ ns, at: "" })}>
        <option value="">any</option>
        {graph.namespaces.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Choice>
      {graph.meshes.length > 1 && (
        <Choice id="mesh" label="Mesh" value={wanted.mesh} onChoose={(mesh) => change({ mesh })}>
          <option value="">any</option>
          {graph.meshes.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      <Boxes
        title="Objects"
        all={graph.kinds}
        on={wanted.kinds}
        onChoose={(kinds) => change({ kinds: joined(kinds) || "none" })}
      />
      <Boxes title="Lines" all={FLOWS} on={wanted.flows} onChoose={(flows) => change({ edges: joined(flows) || "none" })} />
      <Choice id="access" label="Access" value={wanted.access} onChoose={(access) => change({ access })}>
        <option value="">any</option>
        <option value="allowed">Allowed</option>
        <option value="denied">Denied</option>
        <option value="depends">Depends on the request</option>
      </Choice>
      <label class="chip plain">
        <input
          type="checkbox"
          id="found"
          checked={wanted.onlyFindings}
          onChange={(event) => change({ found: event.currentTarget.checked ? "1" : "" })}
        />
        with findings only
      </label>
    </FilterForm>
  );
}

/** What was searched for, to go there. */
function Hits({ graph, wanted, change }: { graph: Graph; wanted: Wanted; change: Change }) {
  if (!wanted.search) return null;
  const hits = [];
  for (const one of graph.items.values()) {
    if (wanted.kinds.has(one.kind) && matches(wordsOf(one), wanted.search)) hits.push(one);
    if (hits.length > HITS) break;
  }
  return (
    <ul class="hits" aria-label="Found">
      {hits.slice(0, HITS).map((one) => (
        <li key={one.id}>
          <button
            type="button"
            onClick={() => {
              const open = joined(new Set([...wanted.open, one.namespace].filter(Boolean)));
              change({ at: one.id, open, shut: joined([...wanted.shut].filter((name) => name !== one.namespace)) });
            }}
          >
            <span class="quiet">{one.kind}</span> {one.name}
          </button>
        </li>
      ))}
      {!hits.length && <li class="quiet">nothing</li>}
      {hits.length > HITS && <li class="quiet">and more</li>}
    </ul>
  );
}

function Boxes<Name extends string>(props: {
  title: string;
  all: readonly Name[];
  on: ReadonlySet<string>;
  onChoose: (names: readonly Name[]) => void;
}) {
  return (
    <fieldset class="boxes">
      <legend>{props.title}</legend>
      {props.all.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            name={props.title}
            value={name}
            checked={props.on.has(name)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              props.onChoose(props.all.filter((one) => (one === name ? on : props.on.has(one))));
            }}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}


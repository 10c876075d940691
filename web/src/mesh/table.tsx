/** The same as the map, in tables: for screen readers, for copying, and for who prefers to read. */
import { useState } from "preact/hooks";
import type { Picture } from "../api/answers";
import type { Place } from "../place";
import { linkTo } from "../place";
import { matches } from "../parts/words";
import type { Graph } from "./model";
import { wordsOf } from "./scene";
import type { Scene } from "./scene";
import type { Wanted } from "./wanted";

const AT_FIRST = 200;

export function Table(props: { scene: Scene; graph: Graph; picture: Picture; wanted: Wanted; place: Place }) {
  const { scene, graph, picture, wanted, place } = props;
  const items = scene.items.filter((one) => !wanted.search || matches(wordsOf(one), wanted.search));
  const name = (id: string) => {
    const one = graph.items.get(id);
    return one ? `${one.namespace ? `${one.namespace}/` : ""}${one.name}` : id;
  };
  const pairs = new Set(scene.edges.filter((one) => one.relation === "calls").map((one) => `${name(one.source)} ${name(one.target)}`));
  const calls = picture.calls.filter((one) => pairs.has(`${one.client} ${one.server}`));
  const edges = scene.edges.filter((one) => one.relation !== "calls");
  return (
    <>
      <Rows
        title="Calls"
        columns={["From", "To", "Port", "Transport", "Access", "Why"]}
        rows={calls.map((one) => [one.client, one.server, one.port, one.secured, one.access, one.detail])}
      />
      <Rows
        title="Objects"
        columns={["Kind", "Namespace", "Name", "Mesh", "Findings"]}
        rows={items.map((one) => [
          one.kind,
          one.namespace,
          one.name,
          one.mesh,
          String(one.tally.error + one.tally.warning + one.tally.info || ""),
        ])}
        links={items.map((one) => linkTo(place, "mesh", { focus: one.id, at: one.id }))}
        linked={2}
      />
      <Rows
        title="Relations"
        columns={["From", "Relation", "To"]}
        rows={edges.map((one) => [name(one.source), one.told, name(one.target)])}
      />
    </>
  );
}

function Rows(props: {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  links?: readonly string[];
  linked?: number;
}) {
  const [most, setMost] = useState(AT_FIRST);
  if (!props.rows.length) return null;
  return (
    <section>
      <div class="scrolled" tabIndex={0} role="region" aria-label={props.title}>
        <table>
          <caption>
            {props.title} <span class="quiet">{props.rows.length.toLocaleString("en")}</span>
          </caption>
          <thead>
            <tr>
              {props.columns.map((one) => (
                <th key={one} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.slice(0, most).map((row, number) => (
              <tr key={number}>
                {row.map((cell, column) => (
                  <td key={column}>{column === props.linked ? <a href={props.links?.[number] ?? ""}>{cell}</a> : cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.rows.length > most && (
        <button type="button" onClick={() => setMost(most + 1000)}>
          Show {Math.min(1000, props.rows.length - most)} more
        </button>
      )}
    </section>
  );
}

/** The same as the map, in tables: for screen readers, for copying, and for who prefers to read. */
import type { Picture } from "../api/answers";
import type { Place } from "../place";
import { linkTo } from "../place";
import { Rows } from "../parts/table";
import { matches } from "../parts/words";
import type { Graph } from "./model";
import { wordsOf } from "./scene";
import type { Scene } from "./scene";
import type { Wanted } from "./wanted";

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
          <a href={linkTo(place, "mesh", { focus: one.id, at: one.id })}>{one.name}</a>,
          one.mesh,
          String(one.tally.error + one.tally.warning + one.tally.info || ""),
        ])}
      />
      <Rows
        title="Relations"
        columns={["From", "Relation", "To"]}
        rows={edges.map((one) => [name(one.source), one.told, name(one.target)])}
      />
    </>
  );
}

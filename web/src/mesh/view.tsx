/** The mesh: a map of it or a table, filters beside it, and what is known of what is selected. */
import { useMemo } from "preact/hooks";
import { useNarrow } from "../parts/fold";
import type { Picture, Report } from "../api/answers";
import { useAnswer } from "../api/use";
import type { ViewProps } from "../findings/view";
import { Answered, Empty, Waiting } from "../parts/states";
import { counted } from "../parts/words";
import { Details } from "./details";
import { MeshFilters } from "./filters";
import { MeshMap } from "./map";
import { graphOf } from "./model";
import type { Graph } from "./model";
import { boxId, sceneOf } from "./scene";
import type { Scene } from "./scene";
import { Table } from "./table";
import { pngOf, save, svgOf } from "./taking";
import { useLayout } from "./use-layout";
import { joined, wantedAt } from "./wanted";
import type { Wanted } from "./wanted";

export function Mesh(props: ViewProps & { report: Report | undefined }) {
  const asked = useAnswer<Picture>(props.subject, "graph");
  return (
    <Answered asked={asked} waiting="Drawing the mesh …">
      {(picture) => <Drawn {...props} picture={picture} />}
    </Answered>
  );
}

type DrawnProps = ViewProps & { readonly report: Report | undefined; readonly picture: Picture };

function Drawn(props: DrawnProps) {
  const { picture, report, place, change } = props;
  const graph = useMemo(() => graphOf(picture, report?.findings ?? []), [picture, report]);
  const wanted = useMemo(() => wantedAt(place, graph), [place, graph]);
  const told = JSON.stringify([...place.query].filter(([name]) => name !== "at" && name !== "as"));
  const scene = useMemo(() => sceneOf(graph, wanted), [graph, told]);
  const select = (id: string) => change({ at: id }, "replace");
  const open = (id: string) => {
    const namespace = id.startsWith("namespace ") ? id.slice(10) : (graph.items.get(id)?.namespace ?? "");
    if (namespace) change(toggled(scene, wanted, namespace));
  };
  if (!graph.items.size) return <Empty title="There is no mesh in these files." />;
  return (
    <div class="columns mesh">
      <h1 class="hidden">Mesh</h1>
      <MeshFilters graph={graph} wanted={wanted} change={change} />
      <section class="main" aria-label="The mesh">
        <div class="told-row">
        <p class="told" role="status">
          {counted(scene.items.length, "object")} of {graph.items.size.toLocaleString("en")},{" "}
          {counted(scene.edges.length, "relation")}
          {wanted.focus && ` around ${graph.items.get(wanted.focus)?.name ?? ""}`}
        </p>
          <button type="button" id="as-table" aria-pressed={wanted.asTable} onClick={() => change({ as: wanted.asTable ? "" : "table" })}>
            As a table
          </button>
        </div>
        {wanted.asTable ? (
          <Table scene={scene} graph={graph} picture={picture} wanted={wanted} place={place} />
        ) : (
          <Picked {...props} graph={graph} wanted={wanted} scene={scene} onSelect={select} onOpen={open} />
        )}
      </section>
    </div>
  );
}

/** What opens a namespace that is shut, and shuts one that is open. */
function toggled(scene: Scene, wanted: Wanted, namespace: string): Record<string, string> {
  const isOpen = scene.boxes.some((box) => box.namespace === namespace && box.isOpen);
  const [open, shut] = [new Set(wanted.open), new Set(wanted.shut)];
  if (isOpen) {
    open.delete(namespace);
    shut.add(namespace);
  } else {
    open.add(namespace);
    shut.delete(namespace);
  }
  return { open: joined(open), shut: joined(shut), at: boxId(namespace) };
}

function Picked(
  props: DrawnProps & {
    graph: Graph;
    wanted: Wanted;
    scene: Scene;
    onSelect: (id: string) => void;
    onOpen: (id: string) => void;
  },
) {
  const { scene, graph, wanted } = props;
  const isNarrow = useNarrow();
  const layout = useLayout(scene, isNarrow ? 0.85 : 1.5);
  if (!scene.items.length) return <Empty title="Nothing passes the filters." />;
  if (!layout) return <Waiting text="Arranging …" />;
  return (
    <div class="pictured">
      <div>
        <MeshMap scene={scene} layout={layout} selected={wanted.selected} onSelect={props.onSelect} onOpen={props.onOpen} />
        <Legend />
        <p id="map-help" class="quiet small">
          Drag to move, wheel to zoom, double click to open or shut a namespace. Keys: arrows go from one to the next, Shift and
          arrows move, + − 0 zoom, Enter opens or shuts.
        </p>
        <p class="buttons">
          <button type="button" onClick={() => void pngOf(scene, layout).then((blob) => save(blob, "mesh.png"))}>
            Save as PNG
          </button>
          <button type="button" onClick={() => save(svgOf(scene, layout), "mesh.svg")}>
            Save as SVG
          </button>
        </p>
      </div>
      <Details graph={graph} scene={scene} wanted={wanted} place={props.place} change={props.change} report={props.report} onOpen={props.onOpen} />
    </div>
  );
}

const LINES: readonly [string, string][] = [
  ["mTLS", "mTLS"],
  ["plaintext", "plaintext"],
  ["broken", "broken or denied ✕"],
  ["depends", "depends"],
  ["routes", "routes to, with its share"],
  ["bindings", "belongs to"],
];

function Legend() {
  return (
    <ul class="legend" aria-label="What the lines mean">
      {LINES.map(([flow, text]) => (
        <li key={flow}>
          <span class={`swatch ${flow}`} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}

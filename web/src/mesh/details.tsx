/** What is known of the thing that is selected. */
import type { Report } from "../api/answers";
import type { Change, Place } from "../place";
import { linkTo } from "../place";
import { Tally } from "../findings/view";
import { LEVELS } from "../parts/words";
import type { Edge, Graph, Item } from "./model";
import type { Scene } from "./scene";
import type { Wanted } from "./wanted";

const MOST = 40;

interface DetailsProps {
  readonly graph: Graph;
  readonly scene: Scene;
  readonly wanted: Wanted;
  readonly place: Place;
  readonly change: Change;
  readonly report: Report | undefined;
  readonly onOpen: (id: string) => void;
}

export function Details(props: DetailsProps) {
  const { graph, wanted } = props;
  const item = graph.items.get(wanted.selected);
  return (
    <section class="details" aria-label="Selected" aria-live="polite">
      {item ? (
        <Known {...props} item={item} />
      ) : wanted.selected.startsWith("namespace ") ? (
        <Namespace {...props} name={wanted.selected.slice(10)} />
      ) : (
        <p class="quiet">Select something in the map to see what it is tied to.</p>
      )}
    </section>
  );
}

function Known(props: DetailsProps & { item: Item }) {
  const { graph, item, place, change, wanted } = props;
  const edges = graph.edges.filter((one) => one.source === item.id || one.target === item.id);
  return (
    <>
      <h2>{item.name}</h2>
      <p>
        <span class="tally plain">{item.kind}</span> <span class="tally plain">{item.namespace || "outside"}</span>{" "}
        {item.mesh && <span class="tally plain">{item.mesh === "none" ? "no mesh" : item.mesh}</span>}
      </p>
      <FindingsOf {...props} />
      <p class="buttons">
        {[1, 2, 3].map((hops) => (
          <button
            key={hops}
            type="button"
            aria-pressed={wanted.focus === item.id && wanted.hops === hops}
            onClick={() => change({ focus: item.id, hops: String(hops), at: item.id })}
          >
            {hops === 1 ? "1 hop" : `${hops} hops`}
          </button>
        ))}
        {wanted.focus && (
          <button type="button" onClick={() => change({ focus: "", hops: "" })}>
            Everything
          </button>
        )}
      </p>
      <Ties title="Leads to" edges={edges.filter((one) => one.source === item.id)} end={(one) => one.target} {...props} />
      <Ties title="Comes from" edges={edges.filter((one) => one.target === item.id)} end={(one) => one.source} {...props} />
      <Questions item={item} place={place} />
    </>
  );
}

function Questions({ item, place }: { item: Item; place: Place }) {
  if (item.kind !== "workload" && item.kind !== "service") return null;
  const name = `${item.namespace}/${item.name}`;
  return (
    <p>
      <a href={linkTo(place, "ask", { what: "access", to: name })}>Who may call it?</a>
    </p>
  );
}

function FindingsOf({ item, report, place }: DetailsProps & { item: Item }) {
  const about = (report?.findings ?? []).filter(
    ({ object }) =>
      object?.name === item.name &&
      object.namespace === item.namespace &&
      (item.id.startsWith(`${object.kind}/`) || (item.kind === "service" && object.kind === "Service")),
  );
  if (!about.length) return null;
  about.sort((one, other) => LEVELS.indexOf(one.severity) - LEVELS.indexOf(other.severity));
  return (
    <ul class="plain-list">
      {about.slice(0, MOST).map((one) => (
        <li key={one.fingerprint}>
          <Level level={one.severity} />{" "}
          <a href={linkTo(place, "findings", { rule: one.rule, open: one.fingerprint })}>{one.rule}</a> {one.message}
        </li>
      ))}
    </ul>
  );
}

function Level({ level }: { level: string }) {
  return <span class={`tally ${level}`}>{level}</span>;
}

function Ties(
  props: DetailsProps & { title: string; edges: readonly Edge[]; end: (edge: Edge) => string },
) {
  const { edges, graph, change } = props;
  if (!edges.length) return null;
  return (
    <>
      <h3>{props.title}</h3>
      <ul class="plain-list">
        {edges.slice(0, MOST).map((one, number) => {
          const other = graph.items.get(props.end(one));
          return (
            <li key={number}>
              <span class={`swatch ${one.access === "denied" ? "broken" : one.flow}`} aria-hidden="true" />
              <button type="button" class="link" onClick={() => change({ at: props.end(one) }, "replace")}>
                {other?.name}
              </button>{" "}
              <span class="quiet">
                {other?.kind}, {one.told}
              </span>
            </li>
          );
        })}
        {edges.length > MOST && <li class="quiet">and {edges.length - MOST} more</li>}
      </ul>
    </>
  );
}

function Namespace({ name, scene, change, onOpen, place }: DetailsProps & { name: string }) {
  const box = scene.boxes.find((one) => one.namespace === name);
  const inside = scene.items.filter((one) => one.namespace === name);
  const isOpen = box?.isOpen ?? false;
  return (
    <>
      <h2>{name}</h2>
      <p class="quiet">Namespace with {inside.length} objects in view</p>
      <p>
        {LEVELS.map((level) => {
          const count = inside.reduce((total, one) => total + one.tally[level], 0);
          return count > 0 && <Tally key={level} level={level} count={count} />;
        })}
      </p>
      <p class="buttons">
        <button type="button" onClick={() => onOpen(`namespace ${name}`)}>
          {isOpen ? "Shut" : "Open"}
        </button>
        <button type="button" onClick={() => change({ ns: name, at: "" })}>
          This one only
        </button>
      </p>
      <p>
        <a href={linkTo(place, "findings", { ns: name })}>Its findings</a>
      </p>
    </>
  );
}

/** What is drawn: boxes of namespaces, open with their items or shut, and links between what is seen. */
import { groupBy } from "../parts/collect";
import { matches } from "../parts/words";
import type { Edge, Flow, Graph, Item, Tally } from "./model";
import { textWidth } from "./measure";
import { sum, worst } from "./model";
import type { Wanted } from "./wanted";

export interface Card {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly about: string;
  readonly tally: Tally;
  readonly found: number;
  readonly isDim: boolean;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly namespace: string;
  readonly isOpen: boolean;
  readonly cards: readonly Card[];
}

export interface Link {
  readonly source: string;
  readonly target: string;
  readonly flow: Flow;
  readonly isDenied: boolean;
  /** Whether both ends stand in one namespace. */
  readonly isInside: boolean;
  readonly label: string;
  readonly told: string;
  readonly count: number;
}

export interface Scene {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  readonly items: readonly Item[];
  readonly edges: readonly Edge[];
}

/** With more items than this the namespaces are shut at first. */
const OPEN_AT_FIRST = 150;
const OPEN_IN_FOCUS = 600;
const GRAVITY: readonly Flow[] = ["broken", "plaintext", "depends", "mTLS", "routes", "bindings"];

const ORDER = new Intl.Collator("en", { numeric: true });
const AGAINST_THE_REQUESTS = new Set(["backs", "binds", "attaches to", "is part of"]);

export const boxId = (namespace: string): string => `namespace ${namespace}`;

export function sceneOf(graph: Graph, wanted: Wanted): Scene {
  const edges = graph.edges.filter((one) => passes(one, wanted));
  const around = wanted.focus ? neighbours(edges, wanted.focus, wanted.hops) : null;
  const items = [...graph.items.values()].filter((one) => (around ? around.has(one.id) : isWanted(one, wanted)));
  const seen = new Set(items.map((one) => one.id));
  const linked = edges.filter((one) => seen.has(one.source) && seen.has(one.target));
  const isOpen = openness(items, wanted);
  return { boxes: boxesOf(items, isOpen, wanted), links: linksOf(linked, graph, isOpen), items, edges: linked };
}

function passes(edge: Edge, wanted: Wanted): boolean {
  return wanted.flows.has(edge.flow) && (!wanted.access || edge.access === wanted.access);
}

function isWanted(item: Item, wanted: Wanted): boolean {
  return (
    wanted.kinds.has(item.kind) &&
    (!wanted.namespaces.size || wanted.namespaces.has(item.namespace)) &&
    (!wanted.mesh || item.mesh === wanted.mesh) &&
    (!wanted.onlyFindings || worst(item.tally) !== "")
  );
}

export function neighbours(edges: readonly Edge[], start: string, hops: number): Set<string> {
  const next = new Map<string, string[]>();
  const tie = (one: string, other: string) => {
    const known = next.get(one);
    if (known) known.push(other);
    else next.set(one, [other]);
  };
  for (const { source, target } of edges) {
    tie(source, target);
    tie(target, source);
  }
  const found = new Set([start]);
  let rim = [start];
  for (let hop = 0; hop < hops; hop += 1) {
    rim = rim.flatMap((one) => next.get(one) ?? []).filter((one) => !found.has(one));
    for (const one of rim) found.add(one);
  }
  return found;
}

function openness(items: readonly Item[], wanted: Wanted): (namespace: string) => boolean {
  const byItself = items.length <= (wanted.focus ? OPEN_IN_FOCUS : OPEN_AT_FIRST);
  return (namespace) => !namespace || (byItself ? !wanted.shut.has(namespace) : wanted.open.has(namespace));
}

function boxesOf(items: readonly Item[], isOpen: (namespace: string) => boolean, wanted: Wanted): Box[] {
  const held = groupBy(items, (one) => one.namespace);
  return [...held]
    .sort(([one], [other]) => ORDER.compare(one, other))
    .map(([namespace, inside]) => {
      const open = isOpen(namespace);
      const cards = open ? inside.map((one) => cardOf(one, wanted)) : [shutCard(namespace, inside, wanted)];
      return { namespace, isOpen: open, cards };
    });
}

function cardOf(item: Item, wanted: Wanted): Card {
  const isFound = !wanted.search || matches(wordsOf(item), wanted.search);
  const width = Math.min(Math.max(104, 58 + textWidth(item.name, 13, 600)), 270);
  return {
    id: item.id,
    kind: item.kind,
    title: item.name,
    about: item.kind,
    tally: item.tally,
    found: wanted.search && isFound ? 1 : 0,
    isDim: !isFound,
    width,
    height: 42,
  };
}

export function wordsOf(item: Item): string {
  return `${item.kind} ${item.namespace}/${item.name} ${item.mesh}`;
}

function shutCard(namespace: string, items: readonly Item[], wanted: Wanted): Card {
  const count = (kind: string) => items.filter((one) => one.kind === kind).length;
  const found = wanted.search ? items.filter((one) => matches(wordsOf(one), wanted.search)).length : 0;
  const about = [
    [count("workload"), "workloads"],
    [count("service"), "services"],
  ] as const;
  const told = about.filter(([many]) => many).map(([many, word]) => `${many} ${many === 1 ? word.slice(0, -1) : word}`);
  return {
    id: boxId(namespace),
    kind: "namespace",
    title: namespace,
    about: told.join(" · ") || `${items.length} ${items.length === 1 ? "object" : "objects"}`,
    tally: sum(items.map((one) => one.tally)),
    found,
    isDim: Boolean(wanted.search) && !found,
    width: Math.min(Math.max(180, 58 + Math.max(textWidth(namespace, 13, 600), textWidth(told.join(" · "), 10.5))), 300),
    height: 54,
  };
}

/** Links between what is seen: those into a shut namespace as one for each pair. */
function linksOf(edges: readonly Edge[], graph: Graph, isOpen: (namespace: string) => boolean): Link[] {
  const end = (id: string): string => {
    const namespace = graph.items.get(id)?.namespace ?? "";
    return isOpen(namespace) ? id : boxId(namespace);
  };
  const found = new Map<string, Link>();
  for (const edge of edges) {
    const [source, target] = withTheRequests(edge, end);
    if (source === target) continue;
    const isWhole = graph.items.has(source) && graph.items.has(target);
    const key = isWhole ? `${source}\n${target}\n${edge.relation}` : `${source}\n${target}`;
    const known = found.get(key);
    const flow = known && graver(known.flow, edge.flow) ? known.flow : edge.flow;
    const count = (known?.count ?? 0) + 1;
    const isDenied = edge.access === "denied" || (known?.isDenied ?? false);
    const told = isWhole ? edge.told : `${count} relations`;
    const isInside = graph.items.get(edge.source)?.namespace === graph.items.get(edge.target)?.namespace;
    found.set(key, { source, target, flow, isDenied, isInside, label: isWhole ? edge.label : "", told, count });
  }
  return [...found.values()];
}

/** Both ends, as requests go: a service hands on to what backs it, a gateway to the routes that bind it. */
function withTheRequests(edge: Edge, end: (id: string) => string): [string, string] {
  const isAgainst = AGAINST_THE_REQUESTS.has(edge.relation);
  return isAgainst ? [end(edge.target), end(edge.source)] : [end(edge.source), end(edge.target)];
}

function graver(one: Flow, other: Flow): boolean {
  return GRAVITY.indexOf(one) <= GRAVITY.indexOf(other);
}

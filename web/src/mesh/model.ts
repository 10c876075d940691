/** The mesh as a graph to look at: nodes with what is wrong with them, edges with what they are. */
import type { Finding, GraphLink, GraphNode, Level, Picture } from "../api/answers";

export type Tally = Readonly<Record<Level, number>>;

export interface Item extends GraphNode {
  readonly tally: Tally;
}

export const FLOWS = ["mTLS", "plaintext", "broken", "depends", "routes", "bindings"] as const;
/** What an edge is: a call by how it travels, a share of a route, or how objects hang together. */
export type Flow = (typeof FLOWS)[number];

export type Access = "allowed" | "denied" | "depends" | "";

export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly relation: string;
  readonly label: string;
  readonly flow: Flow;
  readonly access: Access;
  readonly told: string;
}

export interface Graph {
  readonly items: ReadonlyMap<string, Item>;
  readonly edges: readonly Edge[];
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
  readonly meshes: readonly string[];
}

const NONE: Tally = { error: 0, warning: 0, info: 0 };

export function graphOf(picture: Picture, findings: readonly Finding[]): Graph {
  const tallies = talliesOf(findings);
  const shown = picture.nodes.filter((one) => one.kind !== "namespace");
  const items = new Map(shown.map((one) => [one.id, { ...one, tally: tallies.get(keyOf(one)) ?? NONE }]));
  const edges = picture.links.filter((one) => items.has(one.source) && items.has(one.target)).map(edgeOf);
  const distinct = (values: readonly string[]) => [...new Set(values)].filter(Boolean).sort();
  return {
    items,
    edges,
    kinds: distinct(shown.map((one) => one.kind)),
    namespaces: distinct(shown.map((one) => one.namespace)),
    meshes: distinct(shown.map((one) => one.mesh)),
  };
}

/** A node by the kind, the namespace and the name of its object, as findings name it. */
function keyOf(node: GraphNode): string {
  const type = node.kind === "service" ? "Service" : (node.id.split("/", 1)[0] ?? "");
  return `${type}\n${node.namespace}\n${node.name}`;
}

function talliesOf(findings: readonly Finding[]): Map<string, Tally> {
  const found = new Map<string, Tally>();
  for (const { object, severity } of findings) {
    if (!object) continue;
    const key = `${object.kind}\n${object.namespace}\n${object.name}`;
    const known = found.get(key) ?? NONE;
    found.set(key, { ...known, [severity]: known[severity] + 1 });
  }
  return found;
}

function edgeOf(link: GraphLink): Edge {
  const { source, target, relation, label, transport } = link;
  const flow = relation === "calls" ? flowOf(transport) : relation === "routes to" ? "routes" : "bindings";
  const told = [`${relation} ${label}`.trim(), transport, link.access].filter(Boolean).join(", ");
  return { source, target, relation, label, flow, access: accessOf(link.access), told };
}

function flowOf(transport: string): Flow {
  if (transport.includes("broken")) return "broken";
  if (transport.includes("plaintext")) return "plaintext";
  return ["mutual TLS", "one-way TLS", "TLS of the applications"].includes(transport) ? "mTLS" : "depends";
}

function accessOf(word: string): Access {
  if (word.includes("denied")) return "denied";
  return word === "allowed" || word === "" ? word : "depends";
}

export function sum(tallies: Iterable<Tally>): Tally {
  const total = { ...NONE };
  for (const one of tallies) {
    total.error += one.error;
    total.warning += one.warning;
    total.info += one.info;
  }
  return total;
}

export function worst(tally: Tally): Level | "" {
  if (tally.error) return "error";
  if (tally.warning) return "warning";
  return tally.info ? "info" : "";
}

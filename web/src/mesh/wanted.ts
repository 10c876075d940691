/** What of the mesh is to be seen, as the address says. */
import type { Place } from "../place";
import { FLOWS } from "./model";
import type { Access, Flow, Graph } from "./model";

export interface Wanted {
  readonly namespaces: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
  readonly flows: ReadonlySet<Flow>;
  readonly access: Access;
  readonly mesh: string;
  readonly onlyFindings: boolean;
  readonly search: string;
  readonly focus: string;
  readonly hops: number;
  /** Namespaces that are open or shut otherwise than by themselves. */
  readonly open: ReadonlySet<string>;
  readonly shut: ReadonlySet<string>;
  readonly selected: string;
  readonly asTable: boolean;
}

const AT_FIRST = ["workload", "service", "gateway", "external host", "route", "subset"];

export function wantedAt(place: Place, graph: Graph): Wanted {
  const told = (name: string) => place.query.get(name) ?? "";
  const several = (name: string) => new Set(listed(told(name)));
  const kinds = told("kinds") ? several("kinds") : new Set(AT_FIRST.filter((one) => graph.kinds.includes(one)));
  const flows = told("edges") ? FLOWS.filter((one) => several("edges").has(one)) : FLOWS;
  return {
    namespaces: several("ns"),
    kinds,
    flows: new Set(flows),
    access: (["allowed", "denied", "depends"] as const).find((one) => one === told("access")) ?? "",
    mesh: told("mesh"),
    onlyFindings: told("found") === "1",
    search: told("q"),
    focus: graph.items.has(told("focus")) ? told("focus") : "",
    hops: Math.min(Math.max(Number.parseInt(told("hops"), 10) || 1, 1), 9),
    open: several("open"),
    shut: several("shut"),
    selected: told("at"),
    asTable: told("as") === "table",
  };
}

/** Names are kept apart by line breaks: commas may stand in what somebody calls a namespace. */
export function joined(names: Iterable<string>): string {
  return [...names].join("\n");
}

function listed(text: string): string[] {
  return text.split("\n").filter(Boolean);
}

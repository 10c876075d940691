/** The questions, their fields, and what a reader may mean in these. */
import type { Picture } from "../api/answers";
import type { Parameters } from "../api/client";

export interface Field {
  readonly name: string;
  readonly title: string;
  readonly placeholder: string;
  readonly names?: "callers" | "called" | "hosts";
  readonly isRequired?: boolean;
  readonly isLong?: boolean;
}

export interface Asking {
  readonly what: "access" | "route";
  readonly title: string;
  readonly hint: string;
  readonly fields: readonly Field[];
}

const REQUEST: readonly Field[] = [
  { name: "port", title: "Port", placeholder: "any" },
  { name: "method", title: "Method", placeholder: "any" },
  { name: "path", title: "Path", placeholder: "any" },
  { name: "header", title: "Headers", placeholder: "name: value; name: value", isLong: true },
];

export const ACCESS: Asking = {
  what: "access",
  title: "Who may call whom?",
  hint: "Leave fields empty to ask of everyone: every call that the manifests tell of, and whom the policies let in.",
  fields: [
    { name: "from", title: "From", placeholder: "everyone", names: "callers", isLong: true },
    { name: "to", title: "To", placeholder: "everything", names: "called", isLong: true },
    ...REQUEST,
  ],
};

export const ROUTE: Asking = {
  what: "route",
  title: "Where does this request go?",
  hint: "Name who sends the request, a workload or gateway/NAME, and the host that is called.",
  fields: [
    { name: "from", title: "From", placeholder: "namespace/workload", names: "callers", isRequired: true, isLong: true },
    { name: "host", title: "Host", placeholder: "reviews or shop.example.com", names: "hosts", isRequired: true, isLong: true },
    ...REQUEST.map((one) => ({ port: one, method: { ...one, placeholder: "GET" }, path: { ...one, placeholder: "/" } })[one.name] ?? one),
  ],
};

/** What is asked of the service; null where nothing is asked yet. */
export function questionAt(asking: Asking, query: ReadonlyMap<string, string>): Parameters | null {
  const told = asking.fields.map(({ name }) => [name, query.get(name) ?? ""] as const).filter(([, value]) => value);
  const isMissing = asking.fields.some((one) => one.isRequired && !query.get(one.name));
  if (isMissing || (!told.length && query.get("go") !== "1")) return null;
  return Object.fromEntries(told.map(([name, value]) => [name, name === "header" ? headers(value) : value]));
}

function headers(text: string): string[] {
  return text.split(";").map((one) => one.trim()).filter(Boolean);
}

export function namesIn(picture: Picture): { callers: string[]; called: string[]; hosts: string[] } {
  const named = (kind: string) =>
    picture.nodes.filter((one) => one.kind === kind).map((one) => `${one.namespace}/${one.name}`);
  const [workloads, services] = [named("workload"), named("service")];
  const gateways = named("gateway").map((one) => `gateway/${one}`);
  const outside = picture.nodes.filter((one) => one.kind === "external host").map((one) => one.name);
  const hosts = picture.nodes.filter((one) => one.kind === "service").map((one) => `${one.name}.${one.namespace}`);
  return {
    callers: [...workloads, ...gateways, "outside"],
    called: [...new Set([...services, ...workloads])],
    hosts: [...hosts, ...outside],
  };
}

/** Which findings are shown, and under which headings. */
import type { Finding, Level } from "../api/answers";
import type { Place } from "../place";
import { groupBy } from "../parts/collect";
import { LEVELS, matches } from "../parts/words";

export const GROUPINGS = ["file", "rule", "namespace"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the place says where every finding is shown. */
export const NO_FILTERS = { level: "", rule: "", ns: "", q: "" };

export interface Wanted {
  readonly levels: ReadonlySet<Level>;
  readonly rule: string;
  readonly namespace: string;
  readonly search: string;
  readonly grouping: Grouping;
}

export interface Group {
  readonly title: string;
  readonly about: string;
  readonly findings: readonly Finding[];
}

export function wantedAt(place: Place): Wanted {
  const told = place.query.get("level");
  const levels = told === undefined ? LEVELS : LEVELS.filter((one) => told.split(",").includes(one));
  return {
    levels: new Set(levels),
    rule: place.query.get("rule") ?? "",
    namespace: place.query.get("ns") ?? "",
    search: place.query.get("q") ?? "",
    grouping: GROUPINGS.find((one) => one === place.query.get("by")) ?? "file",
  };
}

export function namespaceOf(finding: Finding): string {
  return finding.object?.namespace ?? "";
}

/** How many places a finding speaks of: the same at more places is told once. */
export function weight(finding: Finding): number {
  return 1 + finding.others.length;
}

export function chosen(findings: readonly Finding[], wanted: Wanted): Finding[] {
  return findings.filter(
    (one) =>
      wanted.levels.has(one.severity) &&
      (!wanted.rule || one.rule === wanted.rule) &&
      (!wanted.namespace || namespaceOf(one) === wanted.namespace) &&
      (!wanted.search || matches(wordsOf(one), wanted.search)),
  );
}

function wordsOf(one: Finding): string {
  const named = one.object;
  const object = named ? `${named.kind} ${named.namespace}/${named.name}` : "";
  return [one.rule, one.name, one.message, one.hint ?? "", object, one.location.file].join(" ");
}

/** The groups, those with the gravest findings first. */
export function grouped(findings: readonly Finding[], by: Grouping): Group[] {
  const found = groupBy(findings, (one) => keyOf(one, by));
  const groups = [...found].map(([title, held]) => ({
    title,
    about: by === "rule" ? (held[0]?.name ?? "") : "",
    findings: held.sort(gravest),
  }));
  return groups.sort(
    (a, b) => total(b, "error") - total(a, "error") || total(b, "warning") - total(a, "warning") || order(a.title, b.title),
  );
}

function keyOf(one: Finding, by: Grouping): string {
  if (by === "file") return one.location.file;
  return by === "rule" ? one.rule : namespaceOf(one);
}

function gravest(one: Finding, other: Finding): number {
  return (
    LEVELS.indexOf(one.severity) - LEVELS.indexOf(other.severity) ||
    order(one.location.file, other.location.file) ||
    one.location.line - other.location.line
  );
}

function total(group: Group, level: Level): number {
  return countOf(group.findings, level);
}

export function countOf(findings: readonly Finding[], level: Level): number {
  return findings.reduce((sum, one) => sum + (one.severity === level ? weight(one) : 0), 0);
}

export function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Values to choose from, with how many findings have them. */
export function choices(findings: readonly Finding[], of: (one: Finding) => string): [string, number][] {
  const found = new Map<string, number>();
  for (const one of findings) found.set(of(one), (found.get(of(one)) ?? 0) + 1);
  return [...found].filter(([value]) => value).sort(([one], [other]) => order(one, other));
}

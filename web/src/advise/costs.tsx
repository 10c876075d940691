/** What each mesh would take: bars from the low end of the range to the high one, with the typical figure. */
import type { Advice, Cost, Range } from "../api/answers";

export const TITLES: Readonly<Record<string, string>> = {
  "istio-sidecar": "Istio with sidecars",
  "istio-ambient": "Istio ambient",
  linkerd: "Linkerd",
  none: "No mesh",
};
const SITUATIONS: Readonly<Record<string, string>> = {
  rest: "at rest",
  load: "at the stated load",
  busy: "with every proxy fully at work",
};
const GIB = 1024 ** 3;

interface Measure {
  readonly title: string;
  readonly of: (cost: Cost) => Range | null;
  readonly told: (value: number) => string;
}

const MEASURES: readonly Measure[] = [
  { title: "Cores", of: (one) => one.cpu_cores, told: (value) => number(value) },
  { title: "Memory", of: (one) => one.memory_bytes, told: memory },
  { title: "Share of what the workloads request", of: (one) => one.share_of_requests, told: share },
  { title: "Money a month", of: (one) => one.money_per_month, told: (value) => number(value) },
];

export function Costs({ advice }: { advice: Advice }) {
  const situations = [...new Set(advice.costs.map((one) => one.situation))];
  return (
    <>
      {situations.map((situation) => (
        <Situation key={situation} situation={situation} costs={advice.costs.filter((one) => one.situation === situation)} chosen={advice.recommendation.mesh} />
      ))}
    </>
  );
}

function Situation(props: { situation: string; costs: readonly Cost[]; chosen: string }) {
  return (
    <section class="costs">
      <h3>What it would take, {SITUATIONS[props.situation] ?? props.situation}</h3>
      <div class="measures">
        {MEASURES.map((measure) => (
          <Bars key={measure.title} measure={measure} {...props} />
        ))}
      </div>
      {[...new Set(props.costs.map((one) => one.remark))].map((remark) => remark && <p class="quiet">{remark}</p>)}
    </section>
  );
}

function Bars({ measure, costs, chosen }: { measure: Measure; costs: readonly Cost[]; chosen: string }) {
  const rows = costs.flatMap((one) => {
    const range = measure.of(one);
    return range ? [{ mesh: one.mesh, range }] : [];
  });
  if (!rows.length) return null;
  const most = Math.max(...rows.map((one) => one.range.typical)) * 1.9 || 1;
  return (
    <figure class="bars">
      <figcaption>{measure.title}</figcaption>
      {rows.map(({ mesh, range }) => (
        <div key={mesh} class={mesh === chosen ? "bar chosen" : "bar"}>
          <span class="bar-name">{TITLES[mesh] ?? mesh}</span>
          <span class="bar-told">
            <b>{measure.told(range.typical)}</b>{" "}
            <span class="quiet">
              {measure.told(range.low)} to {measure.told(range.high)}
            </span>
          </span>
          <svg class="bar-drawn" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="8" />
            <rect class="range" x={at(range.low, most)} width={at(range.high, most) - at(range.low, most)} height="8" />
            <rect class="typical" width={at(range.typical, most)} height="8" />
          </svg>
        </div>
      ))}
    </figure>
  );
}

function at(value: number, most: number): number {
  return Math.min(100, (100 * value) / most);
}

function number(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: value >= 1000 ? 4 : 2 });
}

/** A mesh may take more than the workloads request; how much more, tells of the requests that are missing. */
function share(value: number): string {
  return value > 1 ? "over 100 %" : `${number(value * 100)} %`;
}

function memory(bytes: number): string {
  return bytes >= GIB ? `${number(bytes / GIB)} GiB` : `${number(bytes / 1024 ** 2)} MiB`;
}

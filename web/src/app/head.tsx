/** The bar at the top: the name, the workspace, the views. */
import type { Report, Workspace } from "../api/answers";
import { isAlone } from "../api/within";
import { countOf } from "../findings/choose";
import { counted } from "../parts/words";
import { FILES, hashOf, linkTo } from "../place";
import type { Place, View } from "../place";

const SHOWN: readonly [View, string][] = [
  ["findings", "Findings"],
  ["mesh", "Mesh"],
  ["ask", "Ask"],
  ["advise", "Advise"],
  ["files", "Try files"],
];

export function Head(props: {
  place: Place;
  workspaces: readonly Workspace[];
  wanted: string;
  hasFiles: boolean;
  report: Report | undefined;
}) {
  const { place, workspaces, wanted, report } = props;
  const at = place.view === "rule" ? "findings" : place.view;
  return (
    <header class="top">
      <a class="brand" href={linkTo(place, "findings")}>
        <Logo />
        meshlint
      </a>
      <label class="workspace">
        <span class="hidden">Workspace</span>
        <select
          id="workspace"
          value={wanted}
          onChange={(event) => {
            const view = place.view === "files" || place.view === "rule" ? "findings" : place.view;
            location.hash = hashOf({ view, name: "", query: new Map([["ws", event.currentTarget.value]]) });
          }}
        >
          {workspaces.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name} · {counted(one.objects, "object")}
            </option>
          ))}
          {props.hasFiles && <option value={FILES}>your files</option>}
          {!workspaces.length && !props.hasFiles && <option value="">no workspace</option>}
        </select>
      </label>
      <nav aria-label="Views">
        {SHOWN.filter(([view]) => !isAlone || view === "mesh").map(([view, title]) => (
          <a key={view} href={linkTo(place, view)} aria-current={view === at ? "page" : undefined}>
            {title}
            {view === "findings" && report && <Counts report={report} />}
          </a>
        ))}
      </nav>
    </header>
  );
}

function Counts({ report }: { report: Report }) {
  const errors = countOf(report.findings, "error");
  const warnings = countOf(report.findings, "warning");
  return (
    <>
      {errors > 0 && (
        <span class="bubble error">
          {errors}
          <span class="hidden"> errors</span>
        </span>
      )}
      {warnings > 0 && (
        <span class="bubble warning">
          {warnings}
          <span class="hidden"> warnings</span>
        </span>
      )}
    </>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect class="logo-ground" width="32" height="32" rx="8" />
      <path class="logo-lines" d="M9 10 23 10 16 23Z" />
      <circle cx="9" cy="10" r="3.4" />
      <circle cx="23" cy="10" r="3.4" />
      <circle cx="16" cy="23" r="3.4" />
    </svg>
  );
}

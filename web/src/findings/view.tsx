/** All findings of the set: filtered, grouped, each with its lines. */
import { useState } from "preact/hooks";
import type { Finding, Report } from "../api/answers";
import type { Subject } from "../api/client";
import type { Asked } from "../api/use";
import type { Change, Place } from "../place";
import { Answered, Empty } from "../parts/states";
import { counted, LEVELS } from "../parts/words";
import { chosen, countOf, grouped, NO_FILTERS, wantedAt } from "./choose";
import type { Group } from "./choose";
import { Filters } from "./filters";
import { Item } from "./item";
import { Changes, From } from "../changes/view";
import type { Other } from "../changes/others";

const AT_FIRST = 50;

export interface ViewProps {
  readonly subject: Subject;
  readonly place: Place;
  readonly change: Change;
}

export interface FindingsProps extends ViewProps {
  readonly report: Asked<Report>;
  readonly others: readonly Other[];
  readonly unread?: readonly string[] | undefined;
}

export function Findings(props: FindingsProps) {
  const other = props.others.find((one) => one.name === props.place.query.get("from"));
  if (other) return <Changes {...props} other={other} />;
  return (
    <Answered asked={props.report} waiting="Checking the manifests …">
      {(report, isOld) => <Listed {...props} found={report} isOld={isOld} />}
    </Answered>
  );
}

function Listed(props: FindingsProps & { found: Report; isOld: boolean }) {
  const { found, place } = props;
  const wanted = wantedAt(place);
  const findings = chosen(found.findings, wanted);
  const groups = grouped(findings, wanted.grouping);
  return (
    <div class="columns" aria-busy={props.isOld}>
      <Filters all={found.findings} wanted={wanted} change={props.change} />
      <section class="main" aria-label="Findings">
        <h1 class="hidden">Findings</h1>
        <p class="told" role="status">
          {told(found, findings)}
        </p>
        <From {...props} />
        <NotRead report={found} unread={props.unread ?? []} />
        {groups.map((group) => (
          <GroupOf key={`${wanted.grouping} ${group.title}`} group={group} {...props} />
        ))}
        {found.findings.length === 0 ? (
          <Empty title="Nothing is wrong here.">
            <p>
              meshlint looked at {counted(found.summary.objects, "object")} in {counted(found.summary.files, "file")}.
            </p>
          </Empty>
        ) : (
          findings.length === 0 && (
            <Empty title="No finding passes the filters.">
              <button type="button" onClick={() => props.change(NO_FILTERS)}>
                Show all
              </button>
            </Empty>
          )
        )}
      </section>
    </div>
  );
}

function told(report: Report, findings: readonly Finding[]): string {
  const all = report.findings.length;
  const part = findings.length === all ? counted(all, "finding") : `${findings.length} of ${counted(all, "finding")}`;
  const { objects, files } = report.summary;
  return `${part} in ${counted(objects, "object")} of ${counted(files, "file")}`;
}

function NotRead({ report, unread }: { report: Report; unread: readonly string[] }) {
  const groups = report.summary.not_analysed;
  if (!groups.length && !report.summary.notes.length && !unread.length) return null;
  return (
    <details class="notice">
      <summary>What could not be looked at, and what was assumed</summary>
      <ul>
        {unread.map((one) => (
          <li key={one}>Not read of the cluster: {one}</li>
        ))}
        {groups.map((one) => (
          <li key={one.reason}>
            {one.reason}: {one.paths.slice(0, 20).join(", ")}
            {one.paths.length > 20 && ` and ${one.paths.length - 20} more`}
            {one.hint && <span class="quiet"> — {one.hint}</span>}
          </li>
        ))}
        {report.summary.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}

function GroupOf(props: ViewProps & { group: Group }) {
  const { group } = props;
  const [most, setMost] = useState(AT_FIRST);
  const rest = group.findings.length - most;
  return (
    <section class="group">
      <h2>
        <span class="group-title">{group.title || "Nowhere in particular"}</span>
        {group.about && <span class="quiet"> {group.about}</span>}
        <span class="tallies">
          {LEVELS.map((level) => {
            const count = countOf(group.findings, level);
            return count > 0 && <Tally key={level} level={level} count={count} />;
          })}
        </span>
      </h2>
      <ul class="findings">
        {group.findings.slice(0, most).map((one) => (
          <Item key={one.fingerprint} finding={one} {...props} />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" onClick={() => setMost(most + 200)}>
          Show {Math.min(rest, 200)} more of {rest}
        </button>
      )}
    </section>
  );
}

export function Tally({ level, count }: { level: string; count: number }) {
  return (
    <span class={`tally ${level}`}>
      {count} {level === "info" || count === 1 ? level : `${level}s`}
    </span>
  );
}

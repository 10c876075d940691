/** What is new, what is gone and which calls change, from another set to the one in view. */
import type { Cause, Difference, Finding } from "../api/answers";
import type { Subject } from "../api/client";
import { useChange } from "../api/use";
import type { Change, Place } from "../place";
import { Item } from "../findings/item";
import { Choice } from "../parts/filters";
import { Answered, Empty } from "../parts/states";
import { Rows } from "../parts/table";
import { counted, placeText } from "../parts/words";
import type { Other } from "./others";

interface Compared {
  readonly subject: Subject;
  readonly place: Place;
  readonly change: Change;
  readonly others: readonly Other[];
}

/** Chooses what the set is compared with, if there is anything. */
export function From({ place, change, others }: Compared) {
  if (!others.length) return null;
  return (
    <div class="from">
      <Choice id="from" label="Compare with" value={place.query.get("from") ?? ""} onChoose={(from) => change({ from, open: "" })}>
        <option value="">nothing</option>
        {others.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title}
          </option>
        ))}
      </Choice>
    </div>
  );
}

export function Changes(props: Compared & { other: Other }) {
  const asked = useChange<Difference>(props.other.subject, props.subject);
  return (
    <section class="main" aria-label="Changes">
      <h1 class="hidden">Changes</h1>
      <From {...props} />
      <Answered asked={asked} waiting="Comparing …">
        {(found, isOld) => (
          <div aria-busy={isOld}>
            <Told {...props} found={found} />
          </div>
        )}
      </Answered>
    </section>
  );
}

function Told(props: Compared & { other: Other; found: Difference }) {
  const { found, other } = props;
  const { added, removed, changed } = found.objects;
  const isSame = ![added, removed, changed, found.calls, found.ways, found.findings.new, found.findings.gone].some((one) => one.length);
  return (
    <>
      <p class="told" role="status">
        From {other.title}: {counted(added.length, "object")} added, {removed.length} removed, {changed.length} changed;{" "}
        {counted(found.findings.unchanged, "finding")} as before
      </p>
      {isSame && <Empty title="Nothing changes." />}
      <Listed {...props} title="New findings" findings={found.findings.new} />
      <Listed {...props} title="Gone" findings={found.findings.gone} subject={other.subject} />
      <Rows
        title="Calls that change"
        columns={["From", "To", "Requests", "Effect", "Before", "Now", "By"]}
        rows={found.calls.map((one) => [
          one.callers.join(", "),
          `${one.to}:${one.port}`,
          one.requests.join("; ") || "all",
          one.effect,
          one.before,
          one.after,
          causes(one.causes),
        ])}
      />
      <Rows
        title="Requests that go elsewhere"
        columns={["From", "Host", "Requests", "Before", "Now", "By"]}
        rows={found.ways.map((one) => [
          one.senders.join(", "),
          `${one.host}:${one.port}`,
          one.requests.join("; ") || "all",
          one.before.join("; "),
          one.after.join("; "),
          causes(one.causes),
        ])}
      />
      <Rows
        title="Workloads that change"
        columns={["Workload", "What", "Before", "Now"]}
        rows={found.workloads.map((one) => [one.workload, one.what, one.before, one.after])}
      />
      {found.notes.map((note) => (
        <p key={note} class="notice">
          {note}
        </p>
      ))}
    </>
  );
}

function Listed(props: Compared & { title: string; findings: readonly Finding[] }) {
  if (!props.findings.length) return null;
  return (
    <section class="group">
      <h2>
        <span class="group-title">{props.title}</span> <span class="quiet">{props.findings.length}</span>
      </h2>
      <ul class="findings">
        {props.findings.map((one) => (
          <Item key={one.fingerprint} {...props} finding={one} />
        ))}
      </ul>
    </section>
  );
}

function causes(found: readonly Cause[]): string {
  return found.map((one) => `${one.object}${one.location ? ` (${placeText(one.location)})` : ""}${one.gone ? ", gone" : ""}`).join("; ");
}

/** One finding: what is wrong and where; opened, its lines, what helps, and the way to its rule. */
import type { Finding } from "../api/answers";
import type { Subject } from "../api/client";
import type { Change, Place } from "../place";
import { linkTo } from "../place";
import { Excerpts } from "../parts/excerpt";
import type { Mark } from "../parts/excerpt";
import { Inline } from "../parts/prose";
import { counted, placeText } from "../parts/words";

const PLACES = 50;

export function Item(props: { finding: Finding; subject: Subject; place: Place; change: Change }) {
  const { finding, place, change } = props;
  const isOpen = place.query.get("open") === finding.fingerprint;
  const id = `finding-${finding.fingerprint.replace(/\W/g, "-")}`;
  return (
    <li class={`finding ${finding.severity}`}>
      <button
        type="button"
        class="head"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => change({ open: isOpen ? "" : finding.fingerprint }, "replace")}
      >
        <span class={`level ${finding.severity}`}>{finding.severity}</span>
        <span class="message">{finding.message}</span>
        <span class="meta">
          <b>{finding.rule}</b> <span class="place">{placeText(finding.location)}</span>
          {finding.others.length > 0 && <> and {counted(finding.others.length, "more place")}</>}
        </span>
      </button>
      {isOpen && (
        <div class="body" id={id}>
          <Body {...props} />
        </div>
      )}
    </li>
  );
}

function Body({ finding, subject, place }: { finding: Finding; subject: Subject; place: Place }) {
  const related = finding.related.map((one) => ({ place: one.location, text: one.message }));
  const marks: Mark[] = [{ place: finding.location, level: finding.severity }, ...related];
  const shownPlaces = finding.others.slice(0, PLACES);
  return (
    <>
      {finding.hint && (
        <p class="hint">
          <b>What helps: </b>
          <Inline text={finding.hint} />
        </p>
      )}
      <Excerpts subject={subject} marks={marks} />
      {finding.others.length > 0 && (
        <details>
          <summary>The same at {counted(finding.others.length, "more place")}</summary>
          <ul>
            {shownPlaces.map((one) => (
              <li key={placeText(one)}>
                <code>{placeText(one)}</code>
              </li>
            ))}
            {finding.others.length > PLACES && <li>and {finding.others.length - PLACES} more</li>}
          </ul>
        </details>
      )}
      <p>
        <a href={linkTo(place, "rule", {}, finding.rule)}>
          Why {finding.rule} <span class="quiet">{finding.name}</span>
        </a>
      </p>
    </>
  );
}

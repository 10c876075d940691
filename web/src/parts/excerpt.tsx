/** Lines of a manifest with numbers, and marks on those that are spoken of. */
import type { Excerpt, Stretch } from "../api/answers";
import type { Subject } from "../api/client";
import { useAnswer } from "../api/use";
import { placeText, stretchText } from "./words";
import { Answered } from "./states";

export interface Mark {
  readonly place: Stretch;
  readonly text?: string;
  readonly level?: string;
}

const MOST = 200;
const LONG = 8;

/** The lines around places of the set, asked of the service. */
export function Excerpts(props: { subject: Subject; marks: readonly Mark[] }) {
  const marks = props.marks.slice(0, MOST);
  const places = marks.map((one) => stretchText(short(one.place)));
  const asked = useAnswer<{ excerpts: readonly Excerpt[] }>(props.subject, "lines", { place: places, around: 2 });
  return (
    <Answered asked={asked} waiting="Reading the lines …">
      {(answer) => (
        <div class="excerpts">
          {joined(marks, answer.excerpts).map((one) => (
            <Lines key={`${one.excerpt.file}:${one.excerpt.first}`} {...one} />
          ))}
        </div>
      )}
    </Answered>
  );
}

/** Of a long stretch only the beginning is shown. */
function short(place: Stretch): Stretch {
  return { ...place, end_line: Math.min(place.end_line, place.line + LONG) };
}

interface Shown {
  readonly excerpt: Excerpt;
  readonly marks: readonly Mark[];
}

/** Excerpts that overlap as one. */
function joined(marks: readonly Mark[], excerpts: readonly Excerpt[]): Shown[] {
  const found: Shown[] = [];
  marks.forEach((mark, number) => {
    const excerpt = excerpts[number];
    if (!excerpt) return;
    const at = found.findIndex((one) => touch(one.excerpt, excerpt));
    const known = found[at];
    if (known) found[at] = { excerpt: merged(known.excerpt, excerpt), marks: [...known.marks, mark] };
    else found.push({ excerpt, marks: [mark] });
  });
  return found;
}

function touch(one: Excerpt, other: Excerpt): boolean {
  const apart = one.first > other.first + other.lines.length || other.first > one.first + one.lines.length;
  return one.file === other.file && !apart;
}

function merged(one: Excerpt, other: Excerpt): Excerpt {
  const [early, late] = one.first <= other.first ? [one, other] : [other, one];
  const more = late.lines.slice(Math.max(0, early.first + early.lines.length - late.first));
  return { ...early, lines: [...early.lines, ...more] };
}

function Lines({ excerpt, marks }: Shown) {
  const first = marks[0];
  return (
    <figure class="excerpt">
      <figcaption>{first ? placeText(first.place) : excerpt.file}</figcaption>
      {excerpt.lines.length ? (
        <pre tabIndex={0} aria-label={`Lines of ${excerpt.file}`}>
          {excerpt.lines.map((line, offset) => (
            <Line key={offset} number={excerpt.first + offset} text={line} marks={marks} />
          ))}
        </pre>
      ) : (
        <p class="quiet">The lines of this file are not shown.</p>
      )}
    </figure>
  );
}

function Line(props: { number: number; text: string; marks: readonly Mark[] }) {
  const { number, text } = props;
  const here = props.marks.find((one) => one.place.line <= number && number <= one.place.end_line);
  const notes = props.marks.filter((one) => one.text && one.place.line === number);
  return (
    <span class={here ? `line marked ${here.level ?? "related"}` : "line"}>
      <span class="number" aria-hidden="true">
        {number}
      </span>
      <span class="code">{here ? <Marked text={text} number={number} place={here.place} /> : text || " "}</span>
      {notes.map((one, index) => (
        <span key={index} class="note">
          {one.text}
        </span>
      ))}
      {"\n"}
    </span>
  );
}

function Marked(props: { text: string; number: number; place: Stretch }) {
  const points = [...props.text];
  const { place, number } = props;
  const from = number === place.line ? place.column - 1 : indent(points);
  const isPoint = place.line === place.end_line && place.column === place.end_column;
  const to = number === place.end_line && !isPoint ? place.end_column - 1 : points.length;
  return (
    <>
      {points.slice(0, from).join("")}
      <mark>{points.slice(from, to).join("")}</mark>
      {points.slice(Math.max(from, to)).join("")}
    </>
  );
}

function indent(points: readonly string[]): number {
  const at = points.findIndex((one) => one !== " ");
  return at < 0 ? 0 : at;
}

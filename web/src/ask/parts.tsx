/** What answers are told with: words with colours, and objects with the lines that decide. */
import { useState } from "preact/hooks";
import type { Decider, Stretch } from "../api/answers";
import type { Subject } from "../api/client";
import { Excerpts } from "../parts/excerpt";
import type { Mark } from "../parts/excerpt";

const GOOD = new Set(["allowed", "allow", "mTLS", "forwarded", "mutual TLS", "passed through", "answered"]);
const BAD = new Set(["denied", "deny", "broken", "lost"]);
const WEAK = new Set(["plaintext", "in part", "one-way TLS"]);

export function Word({ word }: { word: string }) {
  const tone = GOOD.has(word) ? "good" : BAD.has(word) ? "error" : WEAK.has(word) ? "warning" : "plain";
  return <span class={`tally ${tone}`}>{word}</span>;
}

/** A place that is only known by where it begins: the rest of its line is meant. */
export function beginning(one: Decider): Stretch | null {
  if (one.file === null || one.line === null || one.column === null) return null;
  return { file: one.file, line: one.line, column: one.column, end_line: one.line, end_column: one.column };
}

export function deciderText(one: Decider): string {
  return one.rule === null ? one.name : `${one.name}, rule ${one.rule}`;
}

/** The lines that decide, shown when they are wanted, or at once. */
export function Lines(props: { subject: Subject; marks: readonly Mark[]; isOpen?: boolean }) {
  const [isOpen, setOpen] = useState(props.isOpen ?? false);
  if (!props.marks.length) return null;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The lines that decide</summary>
      {isOpen && <Excerpts subject={props.subject} marks={props.marks} />}
    </details>
  );
}

export function markOf(place: Stretch | null, text: string): Mark[] {
  return place ? [{ place, text }] : [];
}

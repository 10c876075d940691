/** What stands where an answer is not there yet, or will not come. */
import type { ComponentChildren } from "preact";
import type { Asked } from "../api/use";
import { shown } from "../api/use";
import type { Problem } from "../api/client";

export function Answered<Answer>(props: {
  asked: Asked<Answer>;
  waiting: string;
  children: (answer: Answer, isOld: boolean) => ComponentChildren;
}) {
  const { asked } = props;
  const answer = shown(asked);
  if (asked.state === "failed") return <Failed problem={asked.problem} />;
  if (answer === undefined) return <Waiting text={props.waiting} />;
  return <>{props.children(answer, asked.state === "waiting")}</>;
}

export function Waiting({ text }: { text: string }) {
  return (
    <p class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      {text}
    </p>
  );
}

export function Failed({ problem }: { problem: Problem }) {
  return (
    <div class="notice bad" role="alert">
      <strong>{problem.status ? "This cannot be answered." : "No answer."}</strong> {sentence(problem.message)}
    </div>
  );
}

export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}

export function sentence(text: string): string {
  const told = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(told) ? told : `${told}.`;
}

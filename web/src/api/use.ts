/** Answers as what a view shows: asked for, there, or not to be had. */
import { useEffect, useState } from "preact/hooks";
import { ask, compared, got, Problem } from "./client";
import type { Parameters, Subject } from "./client";

export type Asked<Answer> =
  | { readonly state: "waiting"; readonly before: Answer | undefined }
  | { readonly state: "there"; readonly answer: Answer }
  | { readonly state: "failed"; readonly problem: Problem };

/** The answer to a question, asked again when the subject or the question changes; null asks nothing. */
export function useAnswer<Answer>(
  subject: Subject | null,
  verb: string,
  told: Parameters | null = {},
): Asked<Answer> {
  const key = subject && told ? JSON.stringify([identity(subject), verb, told]) : "";
  return useAsked<Answer>(key, () => (subject && told ? ask<Answer>(subject, verb, told) : null));
}

export function useChange<Answer>(before: Subject, after: Subject): Asked<Answer> {
  return useAsked<Answer>(`${identity(before)} ${identity(after)}`, () => compared<Answer>(before, after));
}

export function useGot<Answer>(path: string): Asked<Answer> {
  return useAsked<Answer>(path, () => got<Answer>(path));
}

function useAsked<Answer>(key: string, asking: () => Promise<Answer> | null): Asked<Answer> {
  const [found, setFound] = useState<Asked<Answer>>({ state: "waiting", before: undefined });
  useEffect(() => {
    let counts = true;
    setFound((now) => ({ state: "waiting", before: now.state === "there" ? now.answer : undefined }));
    asking()?.then(
      (answer) => counts && setFound({ state: "there", answer }),
      (error: unknown) => counts && setFound({ state: "failed", problem: problemOf(error) }),
    );
    return () => {
      counts = false;
    };
  }, [key]);
  return found;
}

export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "The page failed; this is a bug in meshlint.");
}

function identity(subject: Subject): string {
  return `${"workspace" in subject ? subject.workspace : "\n"} ${subject.revision}`;
}

/** What can be shown now: the answer, or the one before it while a new one is on its way. */
export function shown<Answer>(asked: Asked<Answer>): Answer | undefined {
  if (asked.state === "there") return asked.answer;
  return asked.state === "waiting" ? asked.before : undefined;
}

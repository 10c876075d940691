/** Asking the service. Whatever is asked goes to where the page came from, and to nowhere else. */

import { answerWithin, isAlone } from "./within";

export type Subject =
  | { readonly workspace: string; readonly revision: number }
  | { readonly files: Readonly<Record<string, string>>; readonly revision: number };

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What the service says instead of an answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const TOKEN = "meshlint-token";
const REMEMBERED = 40;
const answers = new Map<string, Promise<unknown>>();

export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
  answers.clear();
}

/** The answer to a question about a subject; the same question about the same revision is asked once. */
export function ask<Answer>(subject: Subject, verb: string, told: Parameters = {}): Promise<Answer> {
  const about = "workspace" in subject ? { workspace: subject.workspace } : { files: subject.files };
  const which = "workspace" in subject ? subject.workspace : "\n";
  const key = JSON.stringify([which, subject.revision, verb, told]);
  const known = answers.get(key);
  if (known) return known as Promise<Answer>;
  const asked = sent<Answer>(`v1/${verb}`, JSON.stringify({ ...about, ...told }));
  answers.set(key, asked);
  asked.catch(() => answers.delete(key));
  for (const old of answers.keys()) {
    if (answers.size <= REMEMBERED) break;
    answers.delete(old);
  }
  return asked;
}

/** What a change does, from one subject to another; two workspaces cannot be compared. */
export function compared<Answer>(before: Subject, after: Subject): Promise<Answer> {
  const old = "workspace" in before ? { workspace: before.workspace } : { before: before.files };
  const now = "workspace" in after ? { workspace: after.workspace } : { files: after.files };
  return sent<Answer>("v1/diff", JSON.stringify({ ...old, ...now }));
}

export function got<Answer>(path: string): Promise<Answer> {
  return sent<Answer>(path);
}

async function sent<Answer>(path: string, body?: string): Promise<Answer> {
  if (isAlone) {
    const answer = answerWithin(path);
    if (answer === undefined) throw new Problem(0, "This page stands for itself: meshlint serve answers more.");
    return answer as Answer;
  }
  const token = sessionStorage.getItem(TOKEN);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const how: RequestInit = { method: body === undefined ? "GET" : "POST", headers, cache: "no-store" };
  const answer = await fetch(path, body === undefined ? how : { ...how, body }).catch(() => {
    throw new Problem(0, "The service cannot be reached.");
  });
  if (!answer.ok) throw new Problem(answer.status, await detailOf(answer));
  return (await answer.json()) as Answer;
}

async function detailOf(answer: Response): Promise<string> {
  const told: unknown = await answer.json().catch(() => null);
  if (typeof told === "object" && told !== null && "detail" in told && typeof told.detail === "string") {
    return told.detail;
  }
  return `The service answered with status ${answer.status}.`;
}

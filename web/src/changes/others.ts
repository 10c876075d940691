/** What the set in view can be compared with. */
import type { Workspace } from "../api/answers";
import type { Subject } from "../api/client";
import { EARLIER, FILES } from "../place";

export interface Other {
  readonly name: string;
  readonly title: string;
  readonly subject: Subject;
}

type Held = Extract<Subject, { files: unknown }> | null;

/** Files with workspaces and with the files before them; a workspace with the files. */
export function othersOf(wanted: string, workspaces: readonly Workspace[], files: Held, earlier: Held): Other[] {
  const dropped = files ? [{ name: FILES, title: "your files", subject: files }] : [];
  if (wanted !== FILES) return dropped;
  const before = earlier ? [{ name: EARLIER, title: "your files before these", subject: earlier }] : [];
  const kept = workspaces.map(({ name, revision }) => ({ name, title: name, subject: { workspace: name, revision } }));
  return [...kept, ...before];
}

/** The workspaces of the service, looked at again and again: what was read anew is shown anew. */
import { useEffect, useState } from "preact/hooks";
import type { Workspace } from "../api/answers";
import { got } from "../api/client";
import type { Asked } from "../api/use";
import { problemOf } from "../api/use";

const EVERY = 3000;

export function useWorkspaces(visit: number): Asked<readonly Workspace[]> {
  const [found, setFound] = useState<Asked<readonly Workspace[]>>({ state: "waiting", before: undefined });
  useEffect(() => {
    let timer = 0;
    let counts = true;
    const look = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          const { workspaces } = await got<{ workspaces: readonly Workspace[] }>("v1/workspaces");
          if (counts) setFound((now) => (isSame(now, workspaces) ? now : { state: "there", answer: workspaces }));
        } catch (error) {
          const problem = problemOf(error);
          if (counts) setFound((now) => (now.state === "there" && problem.status === 0 ? now : { state: "failed", problem }));
          if (problem.status === 401) return;
        }
      }
      if (counts) timer = setTimeout(look, EVERY) as unknown as number;
    };
    void look();
    return () => {
      counts = false;
      clearTimeout(timer);
    };
  }, [visit]);
  return found;
}

function isSame(now: Asked<readonly Workspace[]>, next: readonly Workspace[]): boolean {
  return now.state === "there" && JSON.stringify(now.answer) === JSON.stringify(next);
}

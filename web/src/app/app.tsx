/** The page: what it is about, the views, and which of them is shown. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Report } from "../api/answers";
import type { Subject } from "../api/client";
import { keepToken } from "../api/client";
import { shown, useAnswer } from "../api/use";
import { Advise } from "../advise/view";
import { Ask } from "../ask/view";
import { FilesView } from "../files/view";
import type { Dropped } from "../files/view";
import { Findings } from "../findings/view";
import type { FindingsProps } from "../findings/view";
import { othersOf } from "../changes/others";
import { Rule } from "../findings/rule";
import { Mesh } from "../mesh/view";
import { Empty, Failed, Waiting } from "../parts/states";
import { FILES, usePlace } from "../place";
import type { View } from "../place";
import { Head } from "./head";
import { useWorkspaces } from "./workspaces";


const TITLES: Record<View, string> = {
  findings: "Findings",
  mesh: "Mesh",
  ask: "Ask",
  advise: "Advise",
  files: "Try files",
  rule: "Rule",
};

export function App() {
  const [place, change] = usePlace();
  const [visit, setVisit] = useState(0);
  const [[dropped, earlier], setDropped] = useState<readonly (Dropped | null)[]>([null, null]);
  const workspaces = useWorkspaces(visit);
  const listed = shown(workspaces) ?? [];
  const wanted = place.query.get("ws") || listed[0]?.name || "";
  const kept = listed.find((one) => one.name === wanted);
  const subject = useMemo<Subject | null>(() => {
    if (wanted === FILES) return dropped ?? null;
    return kept ? { workspace: kept.name, revision: kept.revision } : null;
  }, [wanted, dropped, kept?.name, kept?.revision]);
  const others = othersOf(wanted, listed, dropped ?? null, earlier ?? null);
  const report = useAnswer<Report>(subject, "check");
  useEffect(() => {
    document.title = `${place.name || TITLES[place.view]} · meshlint`;
  }, [place.view, place.name]);

  if (workspaces.state === "failed" && workspaces.problem.status === 401) {
    return <Login onToken={() => setVisit(visit + 1)} />;
  }
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => skip(event)}>
        To the content
      </a>
      <Head place={place} workspaces={listed} wanted={wanted} hasFiles={!!dropped} report={shown(report)} />
      <main id="content" tabIndex={-1}>
        {place.view === "rule" ? (
          <Rule place={place} />
        ) : place.view === "files" ? (
          <FilesView place={place} onFiles={(files) => setDropped([files, dropped ?? null])} />
        ) : workspaces.state === "failed" ? (
          <Failed problem={workspaces.problem} />
        ) : subject ? (
          <Shown subject={subject} place={place} change={change} report={report} others={others} unread={kept?.unread} />
        ) : workspaces.state === "waiting" ? (
          <Waiting text="Looking at the workspaces …" />
        ) : (
          <Nothing wanted={wanted} />
        )}
      </main>
    </>
  );
}

function Shown(props: FindingsProps) {
  if (props.place.view === "mesh") return <Mesh {...props} report={shown(props.report)} />;
  if (props.place.view === "ask") return <Ask {...props} />;
  if (props.place.view === "advise") return <Advise {...props} />;
  return <Findings {...props} />;
}

function Nothing({ wanted }: { wanted: string }) {
  return (
    <Empty title={wanted && wanted !== FILES ? "There is no workspace of that name." : "There is nothing to look at yet."}>
      <p>
        <a href="#/files">Try files</a> of your own, or start the service with a directory: <code>meshlint serve DIR</code>
      </p>
    </Empty>
  );
}

function Login({ onToken }: { onToken: () => void }) {
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const token = new FormData(event.currentTarget).get("token");
          keepToken(typeof token === "string" ? token.trim() : "");
          onToken();
        }}
      >
        <h1>meshlint</h1>
        <label class="field">
          This service wants a token
          <input type="password" name="token" autocomplete="off" required />
        </label>
        <button type="submit" class="primary">
          Go on
        </button>
        <p class="quiet">It is kept until this tab is closed.</p>
      </form>
    </main>
  );
}

/** The address holds the view, so a link to an anchor moves the focus by hand. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** Files of the reader's own: dropped, picked or pasted, and looked at in every view. They are not kept. */
import { useState } from "preact/hooks";
import { counted } from "../parts/words";
import { FILES, hashOf } from "../place";
import type { Place } from "../place";
import { filesOf, MOST_FILES } from "./reading";

export interface Dropped {
  readonly files: Readonly<Record<string, string>>;
  readonly revision: number;
}

let revisions = 0;

export function FilesView(props: { place: Place; onFiles: (dropped: Dropped) => void }) {
  const [isOver, setOver] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [text, setText] = useState("");

  const show = (files: Readonly<Record<string, string>>): void => {
    if (!Object.keys(files).length) {
      setTrouble("There is no YAML or JSON among these files.");
      return;
    }
    revisions += 1;
    props.onFiles({ files, revision: revisions });
    location.hash = hashOf({ view: "findings", name: "", query: new Map([["ws", FILES]]) });
  };
  const take = async (data: DataTransfer | FileList): Promise<void> => {
    try {
      show(await filesOf(data));
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : "The files cannot be read.");
    }
  };

  return (
    <section class="narrow">
      <h1>Try files</h1>
      <p class="lead">Findings, mesh and advice for files of your own. They are sent to this service only, which forgets them.</p>
      <div
        class={isOver ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (event.dataTransfer) void take(event.dataTransfer);
        }}
      >
        <p class="empty-title">Drop manifests or a folder here</p>
        <label class="button primary">
          Choose files
          <input
            id="files"
            class="hidden"
            type="file"
            multiple
            accept=".yaml,.yml,.json"
            onChange={(event) => event.currentTarget.files && void take(event.currentTarget.files)}
          />
        </label>
        <p class="quiet">YAML and JSON, at most {counted(MOST_FILES, "file")}</p>
      </div>
      {trouble && (
        <p class="notice bad" role="alert">
          {trouble}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) show({ "pasted.yaml": text });
        }}
      >
        <label class="field">
          Or paste a manifest
          <textarea id="pasted" rows={10} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <button type="submit" disabled={!text.trim()}>
          Check it
        </button>
      </form>
    </section>
  );
}

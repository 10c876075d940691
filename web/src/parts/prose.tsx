/** What rules say: paragraphs, lists, indented code, and names between backticks. */
import type { ComponentChildren } from "preact";

export function Prose({ text }: { text: string }) {
  return <>{blocks(text).map((one, number) => <Block key={number} {...one} />)}</>;
}

interface Part {
  readonly kind: "text" | "list" | "code";
  readonly lines: readonly string[];
}

function blocks(text: string): Part[] {
  const found: { kind: Part["kind"]; lines: string[] }[] = [];
  let open: { kind: Part["kind"]; lines: string[] } | undefined;
  for (const line of text.trim().split("\n")) {
    const kind = kindOf(line, open?.kind);
    if (!line.trim() && kind !== "code") {
      open = undefined;
      continue;
    }
    if (!open || open.kind !== kind) found.push((open = { kind, lines: [] }));
    if (kind === "list" && !line.startsWith("- ")) {
      open.lines.push(`${open.lines.pop() ?? ""} ${line.trim()}`);
    } else {
      open.lines.push(kind === "list" ? line.slice(2) : line);
    }
  }
  return found;
}

function kindOf(line: string, before: Part["kind"] | undefined): Part["kind"] {
  if (line.startsWith("- ")) return "list";
  if (before === "list" && line.trim()) return "list";
  if (/^(\t| {2,})/.test(line) || (before === "code" && !line.trim())) return "code";
  return "text";
}

function Block({ kind, lines }: Part) {
  if (kind === "list") {
    return <ul>{lines.map((line, number) => <li key={number}><Inline text={line} /></li>)}</ul>;
  }
  if (kind === "code") return <Code text={lines.join("\n").trimEnd()} label="Example" />;
  return (
    <p>
      <Inline text={lines.join(" ")} />
    </p>
  );
}

export function Inline({ text }: { text: string }) {
  const parts: ComponentChildren[] = text
    .split("`")
    .map((part, number) => (number % 2 ? <code key={number}>{part}</code> : part));
  return <>{parts}</>;
}

export function Code({ text, label, marked = [] }: { text: string; label: string; marked?: readonly number[] }) {
  return (
    <pre class="block" tabIndex={0} aria-label={label}>
      {text.split("\n").map((line, number) => (
        <span key={number} class={marked.includes(number + 1) ? "line marked error" : "line"}>
          <span class="number" aria-hidden="true">
            {number + 1}
          </span>
          <span class="code">{line || " "}</span>
          {"\n"}
        </span>
      ))}
    </pre>
  );
}

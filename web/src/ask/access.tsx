/** Who may call whom: the calls with their verdicts, and whom the policies let in. */
import type { ComponentChildren } from "preact";
import type { AccessAnswer, AccessEdge, Admitted } from "../api/answers";
import type { Parameters, Subject } from "../api/client";
import { useAnswer } from "../api/use";
import { Answered, Empty, sentence } from "../parts/states";
import { Rows } from "../parts/table";
import { counted } from "../parts/words";
import { beginning, deciderText, Lines, markOf, Word } from "./parts";

const MOST = 200;

export function AccessAnswered({ subject, question }: { subject: Subject; question: Parameters }) {
  const asked = useAnswer<AccessAnswer>(subject, "access", question);
  return (
    <Answered asked={asked} waiting="Asking the policies …">
      {(answer, isOld) => (
        <div aria-busy={isOld}>
          {answer.verdict && (
            <p class="verdict">
              Verdict: <Word word={answer.verdict} />
            </p>
          )}
          {answer.notes.map((note) => (
            <p key={note} class="notice">
              {note}
            </p>
          ))}
          {answer.edges.length > 0 && <h2>{counted(answer.edges.length, "call")}</h2>}
          <ul class="cards">
            {answer.edges.slice(0, MOST).map((one, number) => (
              <EdgeCard key={number} edge={one} subject={subject} isOpen={number === 0} />
            ))}
          </ul>
          {answer.edges.length > MOST && <p class="quiet">and {answer.edges.length - MOST} more: say whom you mean.</p>}
          {answer.admitted.length > 0 && <AdmittedTable rows={answer.admitted} />}
          {!answer.edges.length && !answer.admitted.length && <Empty title="The manifests tell of no such call." />}
        </div>
      )}
    </Answered>
  );
}

function EdgeCard({ edge, subject, isOpen }: { edge: AccessEdge; subject: Subject; isOpen: boolean }) {
  const marks = edge.deciding.flatMap((one) => markOf(beginning(one), one.effect));
  return (
    <li class="card">
      <p class="card-head">
        <b>{edge.client}</b> <span aria-hidden="true">→</span> <span class="hidden">to</span> <b>{edge.server}</b>
        <span class="quiet">:{edge.port}</span>
        <span class="tallies">
          <Word word={edge.access} /> <Word word={edge.transport} />
        </span>
      </p>
      <dl class="facts-list">
        <Fact name="Why">{sentence(edge.reason)}</Fact>
        {edge.let_in.length > 0 && edge.let_in[0] !== "anything" && <Fact name="Let in">{edge.let_in.join("; ")}</Fact>}
        {edge.needs.length > 0 && <Fact name="Needs">{edge.needs.join("; ")}</Fact>}
        {edge.depends_on.length > 0 && <Fact name="Depends on">{edge.depends_on.join(", ")}</Fact>}
        <Fact name="Transport">
          {sentence(edge.transport_reason)}
          {edge.transport_objects.length > 0 && <span class="quiet"> {edge.transport_objects.join(", ")}</span>}
        </Fact>
        {edge.identity && (
          <Fact name="Identity">
            <code>{edge.identity}</code>
          </Fact>
        )}
        {edge.deciding.map((one, number) => (
          <Fact key={number} name={one.effect.charAt(0).toUpperCase() + one.effect.slice(1)}>
            {deciderText(one)}
          </Fact>
        ))}
      </dl>
      <Lines subject={subject} marks={marks} isOpen={isOpen} />
    </li>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function AdmittedTable({ rows }: { rows: readonly Admitted[] }) {
  return (
    <Rows
      title="Whom the policies let in"
      columns={["To", "Port", "Who", "With", "By", "Except"]}
      rows={rows.map((row) => [
        row.server,
        row.port,
        <>
          {row.who} {row.over && <span class="quiet">over {row.over}</span>}
        </>,
        row.with ?? "anything",
        row.by ? deciderText(row.by) : (row.note ?? ""),
        row.except.map((one) => `${one.what} (${deciderText(one.by)})`).join("; "),
      ])}
    />
  );
}

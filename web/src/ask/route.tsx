/** Where a request goes: what takes it, the destinations with their shares, and what else happens to it. */
import type { Destination, RouteAnswer } from "../api/answers";
import type { Parameters, Subject } from "../api/client";
import { useAnswer } from "../api/use";
import { Answered, sentence } from "../parts/states";
import { placeText } from "../parts/words";
import { Fact } from "./access";
import { Lines, markOf, Word } from "./parts";

const DEEPEST = 4;

export function RouteAnswered({ subject, question }: { subject: Subject; question: Parameters }) {
  const asked = useAnswer<RouteAnswer>(subject, "route", question);
  return (
    <Answered asked={asked} waiting="Following the request …">
      {(answer, isOld) => (
        <div aria-busy={isOld}>
          <Way answer={answer} subject={subject} depth={0} />
        </div>
      )}
    </Answered>
  );
}

function Way({ answer, subject, depth }: { answer: RouteAnswer; subject: Subject; depth: number }) {
  const { rule, sender } = answer;
  const marks = [
    ...(answer.entrance ? markOf(answer.entrance.location, "comes in here") : []),
    ...(rule ? markOf(rule.location, "takes it") : []),
    ...answer.destinations.flatMap((one) => markOf(one.location, `${percent(one)} goes here`)),
  ];
  return (
    <>
      <p class="verdict">
        <code>
          {answer.request.method} {answer.request.url}
        </code>{" "}
        <Word word={answer.outcome} /> {answer.status !== null && <span class="tally plain">status {answer.status}</span>}
      </p>
      <dl class="facts-list">
        <Fact name="From">
          {sender.kind} {sender.namespace}/{sender.name}{" "}
          <span class="quiet">
            {sender.mesh === "none" ? "outside of a mesh" : `in ${sender.mesh}`}: {sender.because}
          </span>
        </Fact>
        {answer.reason && <Fact name="Why">{sentence(answer.reason)}</Fact>}
        {answer.hint && <Fact name="Hint">{sentence(answer.hint)}</Fact>}
        {answer.entrance && (
          <Fact name="Comes in">
            {answer.entrance.object} <span class="quiet">{answer.entrance.text}</span>
          </Fact>
        )}
        {rule && (
          <Fact name="Taken by">
            {rule.object} <span class="quiet">{rule.path}</span>, which takes {rule.match}
          </Fact>
        )}
        {answer.undecided.length > 0 && <Fact name="Depends on">{answer.undecided.join("; ")}</Fact>}
      </dl>
      {answer.destinations.length > 0 && (
        <>
          <h2>Goes to</h2>
          <ul class="cards">
            {answer.destinations.map((one, number) => (
              <DestinationCard key={number} one={one} subject={subject} depth={depth} />
            ))}
          </ul>
        </>
      )}
      <Lines subject={subject} marks={marks} isOpen={depth === 0} />
      <Rest answer={answer} />
    </>
  );
}

function DestinationCard({ one, subject, depth }: { one: Destination; subject: Subject; depth: number }) {
  return (
    <li class="card">
      <p class="card-head">
        <span class="share">{percent(one)}</span>
        <b>
          {one.host}
          {one.port !== null && `:${one.port}`}
        </b>
        {one.subset && <span class="tally plain">subset {one.subset}</span>}
        <span class="tallies">
          {one.status !== null && <span class="tally error">status {one.status}</span>}
          {one.transport && <Word word={one.transport.kind} />}
        </span>
      </p>
      <meter class="share-bar" min={0} max={100} value={one.share.percent} aria-label={`Share of ${one.host}`} />
      <dl class="facts-list">
        {one.problem && <Fact name="Fails">{sentence(one.problem)}</Fact>}
        {one.pods && <Fact name="Pods">{one.pods.map((pod) => pod.object).join(", ") || "none"}</Fact>}
        {one.transport && (
          <Fact name="Transport">
            {sentence(one.transport.reason)}
            <span class="quiet"> {one.transport.deciding.map((each) => each.object).join(", ")}</span>
          </Fact>
        )}
        {one.policies.length > 0 && <Fact name="Policies">{one.policies.map((each) => each.name).join(", ")}</Fact>}
      </dl>
      {one.onward && depth < DEEPEST && (
        <details open>
          <summary>And on from there</summary>
          <Way answer={one.onward} subject={subject} depth={depth + 1} />
        </details>
      )}
    </li>
  );
}

function Rest({ answer }: { answer: RouteAnswer }) {
  return (
    <>
      {answer.in_force.length > 0 && (
        <>
          <h2>In force</h2>
          <dl class="facts-list">
            {answer.in_force.map((one, number) => (
              <Fact key={number} name={one.kind}>
                {one.text} {one.location && <span class="quiet place">{placeText(one.location)}</span>}
              </Fact>
            ))}
          </dl>
        </>
      )}
      {answer.passed_over.length > 0 && (
        <details>
          <summary>Rules that were tried before: {answer.passed_over.length}</summary>
          <ul>
            {answer.passed_over.map(({ rule, misses }) => (
              <li key={rule.number}>
                {rule.object} <span class="quiet">{rule.path}</span>: {misses}
              </li>
            ))}
          </ul>
        </details>
      )}
      {answer.left_out.length > 0 && (
        <details>
          <summary>Written for the host, but not in force: {answer.left_out.length}</summary>
          <ul>
            {answer.left_out.map((one, number) => (
              <li key={number}>
                {one.object} <span class="quiet">{one.path}</span>: {one.reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function percent(one: Destination): string {
  return `${one.share.percent.toLocaleString("en", { maximumFractionDigits: 1 })} %`;
}

/** The page of a rule: why it matters, what to do, and examples. */
import type { Example, RulePage } from "../api/answers";
import { useGot } from "../api/use";
import type { Place } from "../place";
import { linkTo } from "../place";
import { Code, Prose } from "../parts/prose";
import { Answered, sentence } from "../parts/states";

export function Rule({ place }: { place: Place }) {
  const asked = useGot<RulePage>(`v1/rules/${encodeURIComponent(place.name)}`);
  return (
    <article class="rule">
      <p>
        <a href={linkTo(place, "findings", { rule: place.name })}>Findings of {place.name}</a>
      </p>
      <Answered asked={asked} waiting="Looking the rule up …">
        {(rule) => (
          <>
            <h1>
              {rule.id} <span class="quiet">{rule.name}</span>
            </h1>
            <p class="lead">{sentence(rule.summary)}</p>
            <p class="facts">
              <span class={`tally ${rule.severity}`}>{rule.severity}</span>
              {rule.meshes.map((mesh) => (
                <span key={mesh} class="tally plain">
                  {mesh}
                </span>
              ))}
              <span class="tally plain">profile {rule.profile}</span>
              <span class="tally plain">{rule.confidence} confidence</span>
            </p>
            {rule.rationale && (
              <>
                <h2>Why it matters</h2>
                <Prose text={rule.rationale} />
              </>
            )}
            {rule.remediation && (
              <>
                <h2>What to do</h2>
                <Prose text={rule.remediation} />
              </>
            )}
            <h2>Examples</h2>
            {rule.examples.map((one, number) => (
              <ExampleShown key={number} example={one} />
            ))}
            <References links={rule.references} />
          </>
        )}
      </Answered>
    </article>
  );
}

function ExampleShown({ example }: { example: Example }) {
  const isBad = example.kind === "bad";
  return (
    <section class={`example ${isBad ? "bad" : "good"}`}>
      <h3>
        <span class="sign">{isBad ? "Reported" : "Fine"}</span> {example.title}
      </h3>
      {Object.entries(example.files).map(([file, text]) => (
        <Code
          key={file}
          label={`${isBad ? "Reported" : "Fine"}: ${example.title}`}
          text={text.trimEnd()}
          marked={example.expected.filter((one) => one.file === file).map((one) => one.line)}
        />
      ))}
      {Object.entries(example.fixed).map(([file, text]) => (
        <details key={file}>
          <summary>Mended</summary>
          <Code label={`Mended: ${example.title}`} text={text.trimEnd()} />
        </details>
      ))}
    </section>
  );
}

function References({ links }: { links: readonly string[] }) {
  const safe = links.filter((one) => one.startsWith("https://"));
  if (!safe.length) return null;
  return (
    <>
      <h2>Read more</h2>
      <ul>
        {safe.map((one) => (
          <li key={one}>
            <a href={one} rel="noreferrer noopener" target="_blank">
              {one}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

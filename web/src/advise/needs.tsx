/** What is needed, and how each mesh serves it. */
import type { Advice, Support } from "../api/answers";
import { TITLES } from "./costs";

const MESHES = ["istio-sidecar", "istio-ambient", "linkerd"];
const TONES: Readonly<Record<string, string>> = { yes: "good", waypoint: "good", workaround: "warning", part: "warning", no: "error" };

export function NeedsTable({ advice }: { advice: Advice }) {
  if (!advice.needs.length) return null;
  return (
    <div class="scrolled" tabIndex={0} role="region" aria-label="What is needed">
      <table>
        <caption>What is needed</caption>
        <thead>
          <tr>
            <th scope="col">Need</th>
            {MESHES.map((mesh) => (
              <th key={mesh} scope="col">
                {TITLES[mesh]}
              </th>
            ))}
            <th scope="col">Where it shows</th>
          </tr>
        </thead>
        <tbody>
          {advice.needs.map((need) => (
            <tr key={need.id}>
              <th scope="row">
                {need.title} {need.hard && <span class="quiet">a must</span>}
              </th>
              {MESHES.map((mesh) => (
                <td key={mesh}>
                  <Answer support={need.support[mesh]} />
                </td>
              ))}
              <td class="quiet">
                {need.places[0] ? `${need.places[0].file}:${need.places[0].line}` : need.asked ? "asked for" : ""}
                {need.places.length > 1 && ` and ${need.places.length - 1} more`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Answer({ support }: { support: Support | undefined }) {
  if (!support) return null;
  return (
    <>
      <span class={`tally ${TONES[support.answer] ?? "plain"}`}>{support.answer === "waypoint" ? "yes, by a waypoint" : support.answer}</span>
      <span class="how quiet">{support.how}</span>
    </>
  );
}

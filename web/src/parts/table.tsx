/** A table of many rows, of which the first are shown. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

const AT_FIRST = 200;

export function Rows(props: {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly ComponentChildren[])[];
}) {
  const [most, setMost] = useState(AT_FIRST);
  if (!props.rows.length) return null;
  return (
    <section>
      <div class="scrolled" tabIndex={0} role="region" aria-label={props.title}>
        <table>
          <caption>
            {props.title} <span class="quiet">{props.rows.length.toLocaleString("en")}</span>
          </caption>
          <thead>
            <tr>
              {props.columns.map((one) => (
                <th key={one} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.slice(0, most).map((row, number) => (
              <tr key={number}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.rows.length > most && (
        <button type="button" onClick={() => setMost(most + 1000)}>
          Show {Math.min(1000, props.rows.length - most)} more
        </button>
      )}
    </section>
  );
}

/** What stands in the page itself, where it was written to be opened without a service. */
export function within<Held>(name: string): Held | undefined {
  const text = document.getElementById(name)?.textContent;
  return text ? (JSON.parse(text) as Held) : undefined;
}

const answers = within<Readonly<Record<string, unknown>>>("answers");

/** Whether no service is asked. */
export const isAlone = answers !== undefined;

export function answerWithin(path: string): unknown {
  return answers?.[path];
}

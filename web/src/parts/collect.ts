/** Things by a key, each in the order in which it came. */
export function groupBy<Thing>(things: readonly Thing[], key: (one: Thing) => string): Map<string, Thing[]> {
  const found = new Map<string, Thing[]>();
  for (const one of things) {
    const known = found.get(key(one));
    if (known) known.push(one);
    else found.set(key(one), [one]);
  }
  return found;
}

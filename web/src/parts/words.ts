/** How numbers and places are said. */
import type { Level, Stretch } from "../api/answers";

export const LEVELS: readonly Level[] = ["error", "warning", "info"];

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}

export function placeText(place: Stretch): string {
  return `${place.file}:${place.line}`;
}

export function stretchText(place: Stretch): string {
  return place.end_line > place.line ? `${place.file}:${place.line}-${place.end_line}` : placeText(place);
}

/** Where in `text` a search is found: each word of the search must be somewhere, whatever the case. */
export function matches(text: string, search: string): boolean {
  const low = text.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => low.includes(word));
}

/** How wide a text is, in pixels. */
export const FONT = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

let context: CanvasRenderingContext2D | null | undefined;
const known = new Map<string, number>();
const MOST = 20_000;

export function textWidth(text: string, size: number, weight = 400): number {
  const key = `${size} ${weight} ${text}`;
  const width = known.get(key);
  if (width !== undefined) return width;
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) return text.length * size * 0.6;
  context.font = `${weight} ${size}px ${FONT}`;
  const found = context.measureText(text).width;
  if (known.size > MOST) known.clear();
  known.set(key, found);
  return found;
}

/** The text, cut with an ellipsis where there is less room than it takes. */
export function cut(text: string, size: number, weight: number, room: number): string {
  if (textWidth(text, size, weight) <= room) return text;
  const points = [...text];
  let [fits, most] = [0, Math.min(points.length, 400)];
  while (fits < most) {
    const half = Math.ceil((fits + most) / 2);
    if (textWidth(`${points.slice(0, half).join("")}…`, size, weight) <= room) fits = half;
    else most = half - 1;
  }
  return `${points.slice(0, fits).join("")}…`;
}

/** The scene, drawn at its spots. */
import type { LayoutAnswer, Spot, Way } from "./layout";
import { worst } from "./model";
import type { Flow, Tally } from "./model";
import type { Palette } from "./palette";
import type { Card, Link, Scene } from "./scene";
import type { Stroke, Surface } from "./surface";

export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Look {
  readonly palette: Palette;
  readonly selected: string;
  /** How many pixels of the screen a pixel of the scene takes. */
  readonly scale: number;
  readonly window: Window;
}

const LEGIBLE = 0.42;
/** Of more lines than this, those are faint that do not lead to or from what is selected. */
const CROWD = 600;
const FAINT = 0.16;
const DASHES: Partial<Record<Flow, readonly number[]>> = { depends: [5, 4], bindings: [2, 3], plaintext: [8, 3] };
const SIGNS: Readonly<Record<string, string>> = {
  workload: "W",
  service: "S",
  gateway: "G",
  route: "R",
  policy: "P",
  identity: "I",
  subset: "V",
  "external host": "E",
  namespace: "N",
};

export function paint(surface: Surface, scene: Scene, layout: LayoutAnswer, look: Look): void {
  const seen = (spot: Spot | undefined): spot is Spot => spot !== undefined && touches(spot, look.window);
  for (const box of scene.boxes) {
    const spot = layout.boxes[box.namespace];
    if (box.isOpen && seen(spot)) frame(surface, box.namespace, spot, look);
  }
  const isCrowded = scene.links.length > CROWD;
  const near = look.selected ? new Set([look.selected]) : null;
  const isNear = (link: Link) => near !== null && (near.has(link.source) || near.has(link.target));
  const ordered = near ? [...scene.links].sort((one, other) => Number(isNear(one)) - Number(isNear(other))) : scene.links;
  for (const link of ordered) {
    const [from, to] = [layout.items[link.source], layout.items[link.target]];
    if (!from || !to || !seen(around(from, to))) continue;
    const bent = curveBetween(from, to, link.isInside ? layout.inner : layout.outer);
    line(surface, link, bent, look, isNear(link) ? "near" : isCrowded && !isGrave(link) ? "far" : "");
  }
  for (const box of scene.boxes) {
    for (const card of box.cards) {
      const spot = layout.items[card.id];
      if (seen(spot)) drawn(surface, card, spot, look);
    }
  }
}

export function bounds(layout: LayoutAnswer): Window {
  const all = [...Object.values(layout.items), ...Object.values(layout.boxes)];
  const window = { left: 0, top: 0, right: 1, bottom: 1 };
  for (const { x, y, width, height } of all) {
    window.left = Math.min(window.left, x);
    window.top = Math.min(window.top, y);
    window.right = Math.max(window.right, x + width);
    window.bottom = Math.max(window.bottom, y + height);
  }
  return window;
}

function touches(spot: Spot, window: Window): boolean {
  const inWidth = spot.x < window.right && spot.x + spot.width > window.left;
  return inWidth && spot.y < window.bottom && spot.y + spot.height > window.top;
}

function around(one: Spot, other: Spot): Spot {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  return { x, y, width: right - x, height: Math.max(one.y + one.height, other.y + other.height) - y };
}

function frame(surface: Surface, namespace: string, spot: Spot, { palette, scale, selected }: Look): void {
  const isSelected = selected === `namespace ${namespace}`;
  const border = { color: isSelected ? palette.accent : palette.line, width: isSelected ? 2.5 : 1 };
  surface.rect(spot.x, spot.y, spot.width, spot.height, 14, palette.raised, border);
  const size = scale < LEGIBLE ? Math.min(14 / scale, 60) * 0.8 : 14;
  surface.text(namespace, spot.x + 16, spot.y + 21, size, palette.text, { weight: 700, room: spot.width - 28 });
}

function line(surface: Surface, link: Link, { points, way }: Bent, look: Look, how: "near" | "far" | ""): void {
  const { palette } = look;
  const color = link.isDenied ? palette.error : palette.flows[link.flow];
  const isCall = link.flow !== "bindings";
  const width = (isCall ? 1.7 : 1) + (how === "near" ? 1.4 : 0) + Math.min(Math.log2(link.count), 4) * 0.5;
  const dash = DASHES[link.flow];
  const stroke: Stroke = dash ? { color, width, dash } : { color, width };
  if (how === "far") {
    surface.curve(points, { ...stroke, opacity: FAINT });
    return;
  }
  surface.curve(points, stroke);
  const [x, y] = [points[6], points[7]];
  const tip = 4 + width;
  const [ax, ay] = [x - way[0] * tip * 1.5, y - way[1] * tip * 1.5];
  const [sx, sy] = [way[1] * tip * 0.7, way[0] * tip * 0.7];
  if (isCall && look.scale > LEGIBLE / 2) surface.triangle([x, y, ax - sx, ay - sy, ax + sx, ay + sy], color);
  const label = link.isDenied ? "✕" : link.label || (link.count > 1 ? String(link.count) : "");
  if (label && look.scale >= LEGIBLE) tag(surface, label, ...along(points, 0.66), color, palette);
}

/** What a reader looks for stays in sight. */
function isGrave(link: Link): boolean {
  return link.isDenied || link.flow === "broken" || link.flow === "plaintext";
}

type Curve = readonly [number, number, number, number, number, number, number, number];

interface Bent {
  readonly points: Curve;
  /** Which way it comes in. */
  readonly way: readonly [number, number];
}

/** A curve that goes out of one side and comes in on the opposite side of the other, along the layers if it can. */
function curveBetween(from: Spot, to: Spot, layers: Way): Bent {
  const [fx, fy] = [from.x + from.width / 2, from.y + from.height / 2];
  const [tx, ty] = [to.x + to.width / 2, to.y + to.height / 2];
  const aside = Math.max(to.x - from.x - from.width, from.x - to.x - to.width);
  const apart = Math.max(to.y - from.y - from.height, from.y - to.y - to.height);
  const isAcross = layers === "LR" ? aside > 0 || aside >= apart : apart <= 0 && aside > apart;
  if (isAcross) {
    const sign = tx >= fx ? 1 : -1;
    const [x, tox] = [fx + (sign * from.width) / 2, tx - (sign * to.width) / 2];
    const pull = sign * Math.max(18, Math.abs(tox - x) * 0.45);
    return { points: [x, fy, x + pull, fy, tox - pull, ty, tox, ty], way: [sign, 0] };
  }
  const sign = ty >= fy ? 1 : -1;
  const [y, toy] = [fy + (sign * from.height) / 2, ty - (sign * to.height) / 2];
  const pull = sign * Math.max(14, Math.abs(toy - y) * 0.45);
  return { points: [fx, y, fx, y + pull, tx, toy - pull, tx, toy], way: [0, sign] };
}

/** A point of the curve, a share of the way along. */
function along([x, y, ax, ay, bx, by, tox, toy]: Curve, share: number): [number, number] {
  const rest = 1 - share;
  const [a, b, c, d] = [rest ** 3, 3 * rest * rest * share, 3 * rest * share * share, share ** 3];
  return [a * x + b * ax + c * bx + d * tox, a * y + b * ay + c * by + d * toy];
}

function tag(surface: Surface, text: string, x: number, y: number, color: string, palette: Palette): void {
  const width = text.length * 6.6 + 10;
  surface.rect(x - width / 2, y - 9, width, 18, 9, palette.surface, { color, width: 1 });
  surface.text(text, x, y + 0.5, 11, color, { align: "center", weight: 650 });
}

function drawn(surface: Surface, card: Card, spot: Spot, look: Look): void {
  const { palette, scale } = look;
  const color = palette.kinds[card.kind] ?? palette.quiet;
  const isSelected = card.id === look.selected;
  const isRound = card.kind === "service" || card.kind === "external host";
  const radius = isRound ? spot.height / 2 : 10;
  const border: Stroke = isSelected
    ? { color: palette.accent, width: 3 }
    : card.kind === "external host" || card.kind === "identity"
      ? { color, width: 1.4, dash: [5, 3] }
      : { color: card.isDim ? palette.line : color, width: card.found ? 2.6 : 1.4 };
  surface.rect(spot.x, spot.y, spot.width, spot.height, radius, card.isDim ? palette.raised : palette.surface, border);
  const middle = spot.y + spot.height / 2;
  if (scale < LEGIBLE && card.kind !== "namespace") {
    mark(surface, card.tally, spot, palette);
    return;
  }
  surface.circle(spot.x + 22, middle, 11.5, color);
  surface.text(SIGNS[card.kind] ?? "?", spot.x + 22, middle + 0.5, 12, palette.surface, { align: "center", weight: 700 });
  const room = spot.width - 50;
  const ink = card.isDim ? palette.quiet : palette.text;
  surface.text(card.title, spot.x + 40, middle - 7.5, 13, ink, { weight: 600, room });
  surface.text(card.about, spot.x + 40, middle + 9, 10.5, palette.quiet, { room });
  if (card.kind === "namespace" && card.found) {
    tag(surface, `${card.found} found`, spot.x + spot.width - 40, spot.y, palette.accent, palette);
  }
  mark(surface, card.tally, spot, palette);
}

/** How many findings there are, in the colour of the gravest. */
function mark(surface: Surface, tally: Tally, spot: Spot, palette: Palette): void {
  const level = worst(tally);
  if (!level) return;
  const count = tally.error + tally.warning + tally.info;
  const text = count > 99 ? "99+" : String(count);
  const width = Math.max(20, text.length * 7.5 + 10);
  const [x, y] = [spot.x + spot.width - width + 5, spot.y - 9];
  surface.rect(x, y, width, 20, 10, palette[level], { color: palette.surface, width: 2 });
  surface.text(text, x + width / 2, y + 10.5, 11, palette.onLevel, { align: "center", weight: 700 });
}

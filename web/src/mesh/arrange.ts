/** The layout: each box by itself in layers, then the boxes in layers, from callers on the left to the called. */
import { graphlib, layout } from "@dagrejs/dagre";
import { groupBy } from "../parts/collect";
import type { LayoutAnswer, LayoutQuestion, Sized, Spot, Ties, Way } from "./layout";

const FRAME = { side: 18, top: 40, bottom: 18 };
/** Layers are found well under a second for so many things with few ties each, or for so many pairs of both. */
const MOST_LAYERED = 220;
const TIES_EACH = 1.3;
const MOST_PAIRS = 12_000;
/** For so many it is quick to try every way. */
const MOST_TRIED = 120;

interface Arranged {
  readonly spots: Map<string, Spot>;
  readonly width: number;
  readonly height: number;
}

/** The arrangement that is best to read in a window of the aspect: callers on the left, or on top. */
export function arranged(question: LayoutQuestion): LayoutAnswer {
  const isSmall = question.boxes.reduce((total, box) => total + box.items.length, 0) <= MOST_TRIED;
  const ways: readonly Way[] = isSmall ? ["LR", "TB"] : ["LR"];
  const found = ways.flatMap((inner) => ways.map((outer) => arrangedBy(question, inner, outer)));
  found.sort((one, other) => smallness(one.outer, question.aspect) - smallness(other.outer, question.aspect));
  const best = found[0];
  if (!best) throw new Error("there is always a way");
  return { ...placed(question, best.parts, best.outer), inner: best.innerWay, outer: best.outerWay };
}

/** How much it has to be shrunk to fit. */
function smallness({ width, height }: Arranged, aspect: number): number {
  return Math.max(width / aspect, height);
}

interface Arrangement {
  readonly parts: ReadonlyMap<string, Arranged>;
  readonly outer: Arranged;
  readonly innerWay: Way;
  readonly outerWay: Way;
}

function arrangedBy(question: LayoutQuestion, inner: Way, outer: Way): Arrangement {
  const home = new Map(question.boxes.flatMap((box) => box.items.map((one) => [one.id, box.id] as const)));
  const inside = groupBy(
    question.ties.filter((one) => home.get(one.source) === home.get(one.target)),
    (one) => home.get(one.source) ?? "",
  );
  const parts = new Map(question.boxes.map((box) => [box.id, layered(box.items, inside.get(box.id) ?? [], 26, inner)]));
  const boxes = question.boxes.map((box) => framed(box, parts));
  const around = layered(boxes, between(question.ties, home), 44, outer);
  return { parts, outer: around, innerWay: inner, outerWay: outer };
}

type Boxed = LayoutQuestion["boxes"][number];

function framed(box: Boxed, parts: ReadonlyMap<string, Arranged>): Sized {
  const { width, height } = parts.get(box.id) ?? { width: 0, height: 0 };
  if (!box.isFramed) return { id: box.id, width, height };
  return { id: box.id, width: width + 2 * FRAME.side, height: height + FRAME.top + FRAME.bottom };
}

function between(ties: readonly Ties[], home: ReadonlyMap<string, string>): Ties[] {
  const found = new Map<string, Ties>();
  for (const { source, target, weight } of ties) {
    const [from, to] = [home.get(source), home.get(target)];
    if (from === undefined || to === undefined || from === to) continue;
    const key = `${from}\n${to}`;
    found.set(key, { source: from, target: to, weight: (found.get(key)?.weight ?? 0) + weight });
  }
  return [...found.values()];
}

type Placed = Omit<LayoutAnswer, "inner" | "outer">;

function placed(question: LayoutQuestion, parts: ReadonlyMap<string, Arranged>, outer: Arranged): Placed {
  const items: Record<string, Spot> = {};
  const boxes: Record<string, Spot> = {};
  for (const box of question.boxes) {
    const corner = outer.spots.get(box.id);
    if (!corner) continue;
    const left = corner.x + (box.isFramed ? FRAME.side : 0);
    const top = corner.y + (box.isFramed ? FRAME.top : 0);
    for (const [id, spot] of parts.get(box.id)?.spots ?? []) {
      items[id] = { ...spot, x: spot.x + left, y: spot.y + top };
    }
    if (box.isFramed) boxes[box.id] = corner;
  }
  return { number: question.number, items, boxes };
}

/** Things in layers: what hangs together by itself, and these parts beside and below each other. */
function layered(things: readonly Sized[], ties: readonly Ties[], gap: number, way: Way): Arranged {
  const parts = partsOf(things, ties).map(([held, bound]) =>
    !bound.length ? grid(held, gap) : hasLayers(held, bound) ? byLayers(held, bound, gap, way) : columns(held, bound, gap),
  );
  const only = parts[0];
  if (only && parts.length === 1) return only;
  const packed = grid(
    parts.map(({ width, height }, number) => ({ id: String(number), width, height })),
    gap,
  );
  const spots = new Map<string, Spot>();
  parts.forEach((part, number) => {
    const corner = packed.spots.get(String(number));
    for (const [id, spot] of part.spots) {
      spots.set(id, { ...spot, x: spot.x + (corner?.x ?? 0), y: spot.y + (corner?.y ?? 0) });
    }
  });
  return { spots, width: packed.width, height: packed.height };
}

/** The things that ties lead to from each other, with these ties. */
function partsOf(things: readonly Sized[], ties: readonly Ties[]): [Sized[], Ties[]][] {
  const above = new Map(things.map((one) => [one.id, one.id]));
  const head = (id: string): string => {
    let at = id;
    for (let next = above.get(at); next !== undefined && next !== at; next = above.get(at)) {
      above.set(at, above.get(next) ?? next);
      at = next;
    }
    return at;
  };
  for (const { source, target } of ties) above.set(head(source), head(target));
  const bound = groupBy(ties, (one) => head(one.source));
  return [...groupBy(things, (one) => head(one.id))].map(([id, held]) => [held, bound.get(id) ?? []]);
}

function hasLayers(things: readonly Sized[], ties: readonly Ties[]): boolean {
  if (things.length > MOST_LAYERED) return false;
  return ties.length <= TIES_EACH * things.length || things.length * ties.length <= MOST_PAIRS;
}

/** Where everything hangs together: columns, on the left what calls more than it is called. */
function columns(things: readonly Sized[], ties: readonly Ties[], gap: number): Arranged {
  const balance = new Map<string, number>();
  for (const { source, target } of ties) {
    balance.set(source, (balance.get(source) ?? 0) + 1);
    balance.set(target, (balance.get(target) ?? 0) - 1);
  }
  const sorted = [...things].sort((one, other) => (balance.get(other.id) ?? 0) - (balance.get(one.id) ?? 0));
  const area = things.reduce((total, one) => total + (one.width + 3 * gap) * (one.height + gap), 0);
  const down = Math.sqrt(area / 1.5);
  const spots = new Map<string, Spot>();
  let [x, y, widest] = [0, 0, 0];
  for (const { id, width, height } of sorted) {
    if (y > 0 && y + height > down) {
      x += widest + 3 * gap;
      [y, widest] = [0, 0];
    }
    spots.set(id, { x, y, width, height });
    y += height + gap;
    widest = Math.max(widest, width);
  }
  return bounded(spots);
}

function byLayers(things: readonly Sized[], ties: readonly Ties[], gap: number, way: Way): Arranged {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: way, nodesep: gap * 0.8, ranksep: gap * 1.9, edgesep: gap * 0.4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of things) graph.setNode(id, { width, height });
  for (const { source, target, weight } of ties) graph.setEdge(source, target, { weight: Math.min(weight, 5) });
  layout(graph);
  const spots = new Map<string, Spot>();
  for (const { id, width, height } of things) {
    const { x, y } = graph.node(id) as { x: number; y: number };
    spots.set(id, { x: x - width / 2, y: y - height / 2, width, height });
  }
  return bounded(spots);
}

/** Rows of things, the highest first. */
function grid(things: readonly Sized[], gap: number): Arranged {
  const area = things.reduce((total, one) => total + (one.width + gap) * (one.height + gap), 0);
  const widest = things.reduce((most, one) => Math.max(most, one.width), 0);
  const across = Math.max(widest, Math.sqrt(area * 1.7));
  const spots = new Map<string, Spot>();
  let [x, y, row] = [0, 0, 0];
  for (const { id, width, height } of [...things].sort((one, other) => other.height - one.height)) {
    if (x > 0 && x + width > across) {
      y += row + gap;
      [x, row] = [0, 0];
    }
    spots.set(id, { x, y, width, height });
    x += width + gap;
    row = Math.max(row, height);
  }
  return bounded(spots);
}

function bounded(spots: ReadonlyMap<string, Spot>): Arranged {
  const all = [...spots.values()];
  if (!all.length) return { spots: new Map(), width: 0, height: 0 };
  const left = least(all.map((one) => one.x));
  const top = least(all.map((one) => one.y));
  const right = -least(all.map((one) => -one.x - one.width));
  const bottom = -least(all.map((one) => -one.y - one.height));
  const moved = [...spots].map(([id, one]) => [id, { ...one, x: one.x - left, y: one.y - top }] as const);
  return { spots: new Map(moved), width: right - left, height: bottom - top };
}

function least(values: readonly number[]): number {
  return values.reduce((low, one) => Math.min(low, one), Number.POSITIVE_INFINITY);
}

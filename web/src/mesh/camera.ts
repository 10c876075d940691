/** Where one looks from: pixels of the screen are pixels of the scene, times `scale`, moved by `x` and `y`. */
import type { Spot } from "./layout";
import type { Window } from "./paint";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const NEAREST = 3;
const FARTHEST = 0.02;

export function fitting(window: Window, size: Size, most = 1.15): Camera {
  const margin = 36;
  const width = window.right - window.left + 2 * margin;
  const height = window.bottom - window.top + 2 * margin;
  const scale = Math.max(Math.min(size.width / width, size.height / height, most), FARTHEST);
  const x = (size.width - (window.right + window.left) * scale) / 2;
  return { x, y: (size.height - (window.bottom + window.top) * scale) / 2, scale };
}

export function zoomed(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = Math.min(Math.max(camera.scale * factor, FARTHEST), NEAREST);
  const by = scale / camera.scale;
  return { scale, x: x - (x - camera.x) * by, y: y - (y - camera.y) * by };
}

export function windowOf(camera: Camera, size: Size): Window {
  const [left, top] = [-camera.x / camera.scale, -camera.y / camera.scale];
  return { left, top, right: left + size.width / camera.scale, bottom: top + size.height / camera.scale };
}

/** The camera moved so that the spot is in sight, near enough to be read. */
export function showing(camera: Camera, spot: Spot, size: Size): Camera {
  const window = windowOf(camera, size);
  const isSeen =
    spot.x >= window.left && spot.x + spot.width <= window.right && spot.y >= window.top && spot.y + spot.height <= window.bottom;
  if (isSeen && camera.scale >= 0.45) return camera;
  const scale = Math.max(camera.scale, 0.8);
  const [x, y] = [spot.x + spot.width / 2, spot.y + spot.height / 2];
  return { scale, x: size.width / 2 - x * scale, y: size.height / 2 - y * scale };
}

/** The nearest spot in a direction: how far it is aside counts double. */
export function neighbour(spots: Readonly<Record<string, Spot>>, from: Spot, way: readonly [number, number]): string {
  const center = (spot: Spot): [number, number] => [spot.x + spot.width / 2, spot.y + spot.height / 2];
  const [x, y] = center(from);
  let best = "";
  let least = Number.POSITIVE_INFINITY;
  for (const [id, spot] of Object.entries(spots)) {
    const [cx, cy] = center(spot);
    const along = (cx - x) * way[0] + (cy - y) * way[1];
    const aside = Math.abs((cx - x) * way[1]) + Math.abs((cy - y) * way[0]);
    if (along > 4 && along + 2 * aside < least) [best, least] = [id, along + 2 * aside];
  }
  return best;
}

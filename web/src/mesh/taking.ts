/** The picture as a file. */
import type { LayoutAnswer } from "./layout";
import { bounds, paint } from "./paint";
import { paletteOf } from "./palette";
import type { Scene } from "./scene";
import { canvasSurface, SvgSurface } from "./surface";

const MARGIN = 24;
const WIDEST = 8000;

export function svgOf(scene: Scene, layout: LayoutAnswer): Blob {
  const palette = paletteOf(getComputedStyle(document.documentElement));
  const window = bounds(layout);
  const surface = new SvgSurface();
  paint(surface, scene, layout, { palette, selected: "", scale: 1, window });
  const [width, height] = [window.right - window.left, window.bottom - window.top];
  const text = surface.document(window.left - MARGIN, window.top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN, palette.ground);
  return new Blob([text], { type: "image/svg+xml" });
}

export async function pngOf(scene: Scene, layout: LayoutAnswer): Promise<Blob> {
  const palette = paletteOf(getComputedStyle(document.documentElement));
  const window = bounds(layout);
  const width = window.right - window.left + 2 * MARGIN;
  const height = window.bottom - window.top + 2 * MARGIN;
  const scale = Math.min(2, WIDEST / width, WIDEST / height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the browser draws nothing");
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, (MARGIN - window.left) * scale, (MARGIN - window.top) * scale);
  paint(canvasSurface(context), scene, layout, { palette, selected: "", scale: Math.max(scale, 0.5), window });
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("the picture is too large"))), "image/png"),
  );
}

export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

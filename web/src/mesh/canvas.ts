/** Keeping the canvas up to date. What takes long to draw is moved as a picture, and drawn when the move is over. */
import { windowOf } from "./camera";
import type { Camera } from "./camera";
import type { LayoutAnswer } from "./layout";
import { paint } from "./paint";
import { paletteOf } from "./palette";
import type { Scene } from "./scene";
import { canvasSurface } from "./surface";

export interface Shown {
  readonly scene: Scene;
  readonly layout: LayoutAnswer;
  readonly selected: string;
}

const MANY = 1200;
const SETTLED = 120;

export class Painter {
  private pending = 0;
  private settling = 0;
  private readonly picture = document.createElement("canvas");
  private pictured: Camera | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly latest: () => Shown,
    private readonly camera: () => Camera,
  ) {}

  /** Draw with the next frame; `isMoving` says that more of the same is to come. */
  soon(isMoving: boolean): void {
    if (isMoving && this.pictured && isHeavy(this.latest().scene)) {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.soon(false), SETTLED) as unknown as number;
      this.pending ||= requestAnimationFrame(() => this.shift());
      return;
    }
    cancelAnimationFrame(this.pending);
    this.pending = requestAnimationFrame(() => this.draw());
  }

  /** Fit the canvas to a size in pixels of the page. */
  size(width: number, height: number): void {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.pictured = undefined;
  }

  stop(): void {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.settling);
  }

  private draw(): void {
    this.pending = 0;
    const context = this.canvas.getContext("2d");
    if (!context || !this.canvas.width || !this.canvas.height) return;
    const { scene, layout, selected } = this.latest();
    const camera = this.camera();
    const ratio = devicePixelRatio || 1;
    const size = { width: this.canvas.width / ratio, height: this.canvas.height / ratio };
    const palette = paletteOf(getComputedStyle(document.documentElement));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(ratio * camera.scale, 0, 0, ratio * camera.scale, ratio * camera.x, ratio * camera.y);
    paint(canvasSurface(context), scene, layout, { palette, selected, scale: camera.scale, window: windowOf(camera, size) });
    if (isHeavy(scene)) this.keep(camera);
  }

  private keep(camera: Camera): void {
    this.picture.width = this.canvas.width;
    this.picture.height = this.canvas.height;
    this.picture.getContext("2d")?.drawImage(this.canvas, 0, 0);
    this.pictured = camera;
  }

  /** The last picture, where it stands now. */
  private shift(): void {
    this.pending = 0;
    const context = this.canvas.getContext("2d");
    const before = this.pictured;
    if (!context || !before) return;
    const { x, y, scale } = this.camera();
    const by = scale / before.scale;
    const ratio = devicePixelRatio || 1;
    const { width, height } = this.picture;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.drawImage(this.picture, (x - before.x * by) * ratio, (y - before.y * by) * ratio, width * by, height * by);
  }
}

function isHeavy(scene: Scene): boolean {
  return scene.links.length + scene.boxes.reduce((total, box) => total + box.cards.length, 0) > MANY;
}

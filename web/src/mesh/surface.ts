/** What can be drawn on: a canvas for looking at, SVG for taking away. Both are told the same. */

import { cut, FONT } from "./measure";

export interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
}

export interface Surface {
  rect(x: number, y: number, width: number, height: number, radius: number, fill: string, stroke?: Stroke): void;
  /** A curve from one point to the other, with two points that pull it. */
  curve(points: readonly [number, number, number, number, number, number, number, number], stroke: Stroke): void;
  triangle(points: readonly [number, number, number, number, number, number], fill: string): void;
  circle(x: number, y: number, radius: number, fill: string, stroke?: Stroke): void;
  text(text: string, x: number, y: number, size: number, color: string, how?: TextHow): void;
}

export interface TextHow {
  readonly weight?: number;
  readonly align?: "left" | "center" | "right";
  /** How much room there is; what is longer is cut. */
  readonly room?: number;
}

export function canvasSurface(context: CanvasRenderingContext2D): Surface {
  const stroked = (stroke: Stroke) => {
    context.strokeStyle = stroke.color;
    context.lineWidth = stroke.width;
    context.setLineDash(stroke.dash ? [...stroke.dash] : []);
    context.globalAlpha = stroke.opacity ?? 1;
    context.stroke();
    context.globalAlpha = 1;
  };
  return {
    rect(x, y, width, height, radius, fill, stroke) {
      context.beginPath();
      context.roundRect(x, y, width, height, radius);
      context.fillStyle = fill;
      context.fill();
      if (stroke) stroked(stroke);
    },
    curve([x, y, ax, ay, bx, by, tox, toy], stroke) {
      context.beginPath();
      context.moveTo(x, y);
      context.bezierCurveTo(ax, ay, bx, by, tox, toy);
      stroked(stroke);
    },
    triangle([ax, ay, bx, by, cx, cy], fill) {
      context.beginPath();
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
      context.lineTo(cx, cy);
      context.closePath();
      context.fillStyle = fill;
      context.fill();
    },
    circle(x, y, radius, fill, stroke) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
      if (stroke) stroked(stroke);
    },
    text(text, x, y, size, color, how = {}) {
      context.font = `${how.weight ?? 400} ${size}px ${FONT}`;
      context.textAlign = how.align ?? "left";
      context.textBaseline = "middle";
      context.fillStyle = color;
      context.fillText(fitted(text, size, how), x, y);
    },
  };
}

/** An SVG document that grows as it is drawn on. Every text is escaped. */
export class SvgSurface implements Surface {
  private readonly parts: string[] = [];

  rect(x: number, y: number, width: number, height: number, radius: number, fill: string, stroke?: Stroke): void {
    const size = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"`;
    this.parts.push(`<rect ${size} fill="${fill}"${strokeText(stroke)}/>`);
  }

  curve(points: readonly [number, number, number, number, number, number, number, number], stroke: Stroke): void {
    const [x, y, ...rest] = points.map(round);
    this.parts.push(`<path d="M${x} ${y}C${rest.join(" ")}" fill="none"${strokeText(stroke)}/>`);
  }

  triangle(points: readonly [number, number, number, number, number, number], fill: string): void {
    this.parts.push(`<polygon points="${points.map(round).join(" ")}" fill="${fill}"/>`);
  }

  circle(x: number, y: number, radius: number, fill: string, stroke?: Stroke): void {
    this.parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${fill}"${strokeText(stroke)}/>`);
  }

  text(text: string, x: number, y: number, size: number, color: string, how: TextHow = {}): void {
    const anchor = { left: "start", center: "middle", right: "end" }[how.align ?? "left"];
    const about = `font-size="${size}" font-weight="${how.weight ?? 400}" text-anchor="${anchor}" fill="${color}"`;
    const place = `x="${round(x)}" y="${round(y)}" dominant-baseline="central"`;
    this.parts.push(`<text ${place} ${about}>${escaped(fitted(text, size, how))}</text>`);
  }

  document(x: number, y: number, width: number, height: number, ground: string): string {
    const box = `${round(x)} ${round(y)} ${round(width)} ${round(height)}`;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${round(width)}" height="${round(height)}"`;
    const floor = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${ground}"/>`;
    return `${head} font-family="${escaped(FONT)}">${floor}${this.parts.join("")}</svg>\n`;
  }
}

function fitted(text: string, size: number, how: TextHow): string {
  return how.room === undefined ? text : cut(text, size, how.weight ?? 400, how.room);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function strokeText(stroke: Stroke | undefined): string {
  if (!stroke) return "";
  const dash = stroke.dash ? ` stroke-dasharray="${stroke.dash.join(" ")}"` : "";
  const opacity = stroke.opacity === undefined ? "" : ` stroke-opacity="${stroke.opacity}"`;
  return ` stroke="${stroke.color}" stroke-width="${stroke.width}"${dash}${opacity}`;
}

/** Text for SVG; what XML cannot hold at all is left out. */
function escaped(text: string): string {
  const held = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
  return held.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

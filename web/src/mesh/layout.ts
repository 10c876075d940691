/** Where things stand: what the page asks of the layout, and what the layout answers. Lengths are in pixels. */

export interface Sized {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Ties {
  readonly source: string;
  readonly target: string;
  readonly weight: number;
}

export interface LayoutQuestion {
  readonly number: number;
  /** How wide the picture may be for its height. */
  readonly aspect: number;
  readonly boxes: readonly { readonly id: string; readonly isFramed: boolean; readonly items: readonly Sized[] }[];
  readonly ties: readonly Ties[];
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From left to right, or from top to bottom. */
export type Way = "LR" | "TB";

/** Spots of items and of framed boxes by id; and which way the layers go, inside of boxes and between them. */
export interface LayoutAnswer {
  readonly inner: Way;
  readonly outer: Way;
  readonly number: number;
  readonly items: Readonly<Record<string, Spot>>;
  readonly boxes: Readonly<Record<string, Spot>>;
}

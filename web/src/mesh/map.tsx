/** The map: drawn on a canvas, moved and read by pointer and by keyboard. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Painter } from "./canvas";
import { fitting, neighbour, showing, windowOf, zoomed } from "./camera";
import type { Camera, Size } from "./camera";
import type { LayoutAnswer, Spot } from "./layout";
import { bounds } from "./paint";
import type { Window } from "./paint";
import type { Scene } from "./scene";

export interface MapProps {
  readonly scene: Scene;
  readonly layout: LayoutAnswer;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  readonly onOpen: (id: string) => void;
}

const STEP = 60;
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function MeshMap(props: MapProps) {
  const { scene, layout, selected } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const camera = useRef<Camera>({ x: 0, y: 0, scale: 1 });
  const latest = useRef(props);
  latest.current = props;
  const painter = useRef<Painter | null>(null);
  const move = useCallback((next: Camera, isMoving = false) => {
    camera.current = next;
    painter.current?.soon(isMoving);
  }, []);

  useLayoutEffect(() => {
    if (!canvas.current) return;
    const made = new Painter(
      canvas.current,
      () => latest.current,
      () => camera.current,
    );
    painter.current = made;
    return () => made.stop();
  }, []);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => move(camera.current);
    dark.addEventListener("change", repaint);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", repaint);
    };
  }, []);
  useLayoutEffect(() => {
    painter.current?.size(size.width, size.height);
    const opened = layout.boxes[latest.current.selected.replace("namespace ", "")];
    move(fitting(opened ? around(opened) : bounds(layout), size));
  }, [size.width, size.height, layout]);
  useEffect(() => {
    const spot = layout.items[selected];
    move(spot ? showing(camera.current, spot, size) : camera.current);
  }, [selected, scene, layout]);
  useGestures(canvas, camera, move, latest);

  const key = (event: KeyboardEvent) => {
    const middle: [number, number] = [size.width / 2, size.height / 2];
    const way = WAYS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (way && event.shiftKey) {
      const { x, y, scale } = camera.current;
      move({ x: x - way[0] * STEP, y: y - way[1] * STEP, scale });
    } else if (way) {
      const from = layout.items[selected] ?? layout.boxes[selected.replace("namespace ", "")] ?? centerOf(camera.current, size);
      const next = neighbour(layout.items, from, way);
      if (next) props.onSelect(next);
    } else if (event.key === "+" || event.key === "=") move(zoomed(camera.current, 1.25, ...middle));
    else if (event.key === "-") move(zoomed(camera.current, 0.8, ...middle));
    else if (event.key === "0") move(fitting(bounds(layout), size));
    else if (event.key === "Enter" && selected) props.onOpen(selected);
    else if (event.key === "Escape") props.onSelect("");
    else return;
    event.preventDefault();
  };
  const zoom = (factor: number) => move(zoomed(camera.current, factor, size.width / 2, size.height / 2));

  return (
    <div class="map" ref={frame}>
      <div
        class="map-keys"
        role="application"
        tabIndex={0}
        aria-label="Map of the mesh"
        aria-describedby="map-help"
        onKeyDown={key}
      >
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      <div class="map-buttons">
        <button type="button" aria-label="Zoom in" onClick={() => zoom(1.3)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / 1.3)}>
          −
        </button>
        <button type="button" aria-label="Show everything" onClick={() => move(fitting(bounds(layout), size))}>
          ⤢
        </button>
      </div>
    </div>
  );
}

function centerOf(camera: Camera, size: Size): Spot {
  const window = windowOf(camera, size);
  return { x: (window.left + window.right) / 2, y: (window.top + window.bottom) / 2, width: 0, height: 0 };
}

function around({ x, y, width, height }: Spot): Window {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/** What lies under a point of the canvas: an item, else the box of a namespace. */
function under(layout: LayoutAnswer, camera: Camera, x: number, y: number): string {
  const [sx, sy] = [(x - camera.x) / camera.scale, (y - camera.y) / camera.scale];
  const isIn = (spot: Spot) => sx >= spot.x && sx <= spot.x + spot.width && sy >= spot.y && sy <= spot.y + spot.height;
  const item = Object.entries(layout.items).find(([, spot]) => isIn(spot));
  if (item) return item[0];
  const box = Object.entries(layout.boxes).find(([, spot]) => isIn(spot));
  return box ? `namespace ${box[0]}` : "";
}

function useGestures(
  canvas: { readonly current: HTMLCanvasElement | null },
  camera: { readonly current: Camera },
  move: (next: Camera, isMoving: boolean) => void,
  latest: { readonly current: MapProps },
): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const held = new Map<number, [number, number]>();
    let travelled = 0;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016));
      move(zoomed(camera.current, factor, event.offsetX, event.offsetY), true);
    };
    const down = (event: PointerEvent) => {
      held.set(event.pointerId, [event.offsetX, event.offsetY]);
      element.setPointerCapture(event.pointerId);
      travelled = 0;
    };
    const drag = (event: PointerEvent) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
      const [dx, dy] = [event.offsetX - before[0], event.offsetY - before[1]];
      travelled += Math.abs(dx) + Math.abs(dy);
      held.set(event.pointerId, [event.offsetX, event.offsetY]);
      if (other) {
        const apart = (one: readonly [number, number]) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1;
        const factor = apart([event.offsetX, event.offsetY]) / apart(before);
        move(zoomed(camera.current, factor, (event.offsetX + other[0]) / 2, (event.offsetY + other[1]) / 2), true);
      } else {
        const { x, y, scale } = camera.current;
        move({ x: x + dx, y: y + dy, scale }, true);
      }
    };
    const up = (event: PointerEvent) => {
      if (held.delete(event.pointerId) && travelled < 5 && event.type === "pointerup") {
        latest.current.onSelect(under(latest.current.layout, camera.current, event.offsetX, event.offsetY));
      }
    };
    const double = (event: MouseEvent) => {
      const id = under(latest.current.layout, camera.current, event.offsetX, event.offsetY);
      if (id) latest.current.onOpen(id);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", drag);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("dblclick", double);
    return () => {
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", drag);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("dblclick", double);
    };
  }, []);
}

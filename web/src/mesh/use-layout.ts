/** The layout of a scene, found by a worker, so that the page answers meanwhile. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { within } from "../api/within";
import type { LayoutAnswer, LayoutQuestion } from "./layout";
import type { Scene } from "./scene";

interface Policy {
  createScriptURL(url: string): string;
}

declare const trustedTypes:
  | { createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy }
  | undefined;

const SCRIPT = "layout.js";
let worker: Worker | undefined;
let number = 0;

/** The one worker, by the one address that the policy of the page lets be a script. */
function started(): Worker {
  if (worker) return worker;
  const text = within<string>("layout");
  const address = text === undefined ? SCRIPT : URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const createScriptURL = (url: string): string => (url === address ? url : "");
  const policy = typeof trustedTypes === "undefined" ? undefined : trustedTypes.createPolicy("meshlint", { createScriptURL });
  worker = new Worker(policy ? policy.createScriptURL(address) : address);
  return worker;
}

export function useLayout(scene: Scene, aspect: number): LayoutAnswer | undefined {
  const [answer, setAnswer] = useState<LayoutAnswer>();
  const shape = useMemo(() => ({ ...questionOf(scene), aspect }), [scene, aspect]);
  const key = useMemo(() => JSON.stringify(shape), [shape]);
  useEffect(() => {
    number += 1;
    const asked: LayoutQuestion = { ...shape, number };
    const there = started();
    const listen = (event: MessageEvent<LayoutAnswer>) => {
      if (event.data.number === asked.number) setAnswer(event.data);
    };
    there.addEventListener("message", listen);
    there.postMessage(asked);
    return () => there.removeEventListener("message", listen);
  }, [key]);
  return answer;
}

/** What stands in no namespace stands by itself, each in a box without a frame. */
function questionOf(scene: Scene): Pick<LayoutQuestion, "boxes" | "ties"> {
  const boxes = scene.boxes.flatMap((box) => {
    const items = box.cards.map(({ id, width, height }) => ({ id, width, height }));
    if (box.namespace) return [{ id: box.namespace, isFramed: box.isOpen, items }];
    return items.map((one) => ({ id: `\n${one.id}`, isFramed: false, items: [one] }));
  });
  const ties = scene.links.map(({ source, target, count }) => ({ source, target, weight: count }));
  return { boxes, ties };
}

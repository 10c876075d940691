import { arranged } from "./arrange";
import type { LayoutQuestion } from "./layout";

addEventListener("message", (event: MessageEvent<LayoutQuestion>) => postMessage(arranged(event.data)));

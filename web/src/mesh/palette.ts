/** The colours of the map, taken from the style of the page, so that it follows light and dark. */
import type { Flow } from "./model";

export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly raised: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly accent: string;
  readonly error: string;
  readonly warning: string;
  readonly info: string;
  readonly onLevel: string;
  readonly flows: Readonly<Record<Flow, string>>;
  readonly kinds: Readonly<Record<string, string>>;
}

const KINDS = ["workload", "service", "gateway", "route", "policy", "identity", "subset", "external host", "namespace"];

export function paletteOf(style: CSSStyleDeclaration): Palette {
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim() || "#888";
  return {
    ground: color("ground"),
    surface: color("surface"),
    raised: color("raised"),
    text: color("text"),
    quiet: color("quiet"),
    line: color("strong-line"),
    accent: color("accent"),
    error: color("error"),
    warning: color("warning"),
    info: color("info"),
    onLevel: color("surface"),
    flows: {
      mTLS: color("good"),
      plaintext: color("warning"),
      broken: color("error"),
      depends: color("quiet"),
      routes: color("accent"),
      bindings: color("strong-line"),
    },
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, color(`kind-${kind.replace(" ", "-")}`)])),
  };
}

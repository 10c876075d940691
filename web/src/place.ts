/** Where the reader is: the view and what is asked in it, all of it in the address, so that it can be sent on. */
import { isAlone } from "./api/within";
import { useCallback, useEffect, useState } from "preact/hooks";

export const VIEWS = ["findings", "mesh", "ask", "advise", "files", "rule"] as const;
export type View = (typeof VIEWS)[number];

/** Stands in the address for the files that the reader has dropped, which no workspace can be called. */
export const FILES = "~files";

/** Stands for those that were dropped before them. */
export const EARLIER = "~earlier";

export interface Place {
  readonly view: View;
  readonly name: string;
  readonly query: ReadonlyMap<string, string>;
}

export function placeOf(hash: string): Place {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [word = "", name = ""] = path.split("/", 2);
  const view = VIEWS.find((one) => one === word) ?? (isAlone ? "mesh" : "findings");
  return { view, name: decoded(name), query: new Map(new URLSearchParams(search)) };
}

export function hashOf(place: Place): string {
  const told = [...place.query].filter(([, value]) => value !== "");
  const search = new URLSearchParams(told).toString();
  const name = place.name ? `/${encodeURIComponent(place.name)}` : "";
  return `#/${place.view}${name}${search ? `?${search}` : ""}`;
}

/** A link to another view, which keeps the workspace and nothing else. */
export function linkTo(from: Place, view: View, query: Record<string, string> = {}, name = ""): string {
  const kept = from.query.get("ws") ?? "";
  return hashOf({ view, name, query: new Map(Object.entries({ ws: kept, ...query })) });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type Change = (changed: Record<string, string>, how?: "push" | "replace") => void;

/** The place and what changes its query. What is typed replaces the entry of the history, what is chosen adds one. */
export function usePlace(): [Place, Change] {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const follow = () => setPlace(placeOf(location.hash));
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, []);
  const change = useCallback<Change>((changed, how = "push") => {
    const now = placeOf(location.hash);
    const next = { ...now, query: new Map([...now.query, ...Object.entries(changed)]) };
    const hash = hashOf(next);
    if (hash === location.hash) return;
    if (how === "push") history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    setPlace(placeOf(hash));
  }, []);
  return [place, change];
}

/** Filters: beside what they narrow down where there is room, else folded above it. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

const NARROW = "(max-width: 52rem)";

export function Fold({ title, children }: { title: string; children: ComponentChildren }) {
  const isNarrow = useNarrow();
  const [isOpen, setOpen] = useState(!isNarrow);
  useEffect(() => setOpen(!isNarrow), [isNarrow]);
  return (
    <details class="fold" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

/** Whether the window is narrow, as the style of the page has it. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const narrow = matchMedia(NARROW);
    const follow = () => setNarrow(narrow.matches);
    narrow.addEventListener("change", follow);
    return () => narrow.removeEventListener("change", follow);
  }, []);
  return isNarrow;
}

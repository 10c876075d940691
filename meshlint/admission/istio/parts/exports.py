"""`exportTo`: the namespaces that see an object (Istio: `validateExportTo`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Said, Scene
from meshlint.admission.istio.vocabulary.values import items
from meshlint.resources.schema.words.writing import quoted

PUBLIC, PRIVATE, NOBODY = "*", ".", "~"


def export_to(*, to_nobody: bool = False) -> Check:
    """The entries of an `exportTo`; `to_nobody` where `~` alone may stand."""

    def check(value: Any, scene: Scene) -> Iterator[Said]:
        entries = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        seen: set[str] = set()
        for index, entry in enumerate(entries):
            key = scene.namespace if entry == PRIVATE else entry
            if key in seen:
                words = f"exports to {quoted(entry)} twice"
                hint = (
                    "`.` is the object's own namespace." if key != entry or entry == scene.namespace else ""
                )
                yield Said(Mistake.TWICE, words, (index,), hint)
            elif _is_sound(key, to_nobody):
                seen.add(key)
            else:
                hint = "Name a namespace, `.` for its own, or `*` for all."
                yield Said(Mistake.NAME, f"exports to {quoted(entry)}, which is no namespace", (index,), hint)
        for alone in (PUBLIC, NOBODY):
            if alone in seen and len(entries) > 1:
                words = f"exports to {quoted(alone)} and to others"
                yield Said(Mistake.EXCLUSIVE, words, (entries.index(alone),), "Keep one.")

    return check


def _is_sound(key: str, to_nobody: bool) -> bool:
    return key == PUBLIC or (key == NOBODY and to_nobody) or texts.is_label(key)


def selector_exported(value: Any, scene: Scene) -> Iterator[Said]:
    """A rule for selected clients is for its own namespace alone; `value` is the whole spec."""
    if not isinstance(value, dict) or value.get("workloadSelector") is None:
        return
    entries = [one for one in items(value, "exportTo") if isinstance(one, str)]
    known = {
        scene.namespace if one == PRIVATE else one
        for one in entries
        if one == PRIVATE or _is_sound(one, False)
    }
    if known and known != {scene.namespace}:
        at = next(
            i for i, one in enumerate(entries) if one not in (PRIVATE, scene.namespace) and one in known
        )
        hint = "With `workloadSelector` the only `exportTo` is `.`."
        words = "selects clients and is exported"
        yield Said(Mistake.SELECTOR_EXPORTED, words, ("exportTo", at), hint, related=(("workloadSelector",),))

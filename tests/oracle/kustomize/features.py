"""Overlays that use each feature of kustomize alone, and several together."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.oracle.kustomize.trees import dump

_READ = yaml.safe_load(Path(__file__).with_name("features.yaml").read_text())
FEATURES: dict[str, dict[str, Any]] = _READ["features"]
FORMS: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("forms.yaml").read_text())
_BASES = ("../base", "../middle")


def tree(names: list[str]) -> dict[str, str]:
    """The files of an overlay that uses the features of these names."""
    overlay: dict[str, Any] = {"resources": _BASES[:1]}
    for name in names:
        for key, value in FEATURES[name].items():
            known = overlay.get(key)
            overlay[key] = [*known, *value] if isinstance(known, list | tuple) else value
    listed = overlay["resources"]
    overlay["resources"] = [one for one in listed if not (one == _BASES[0] and _BASES[1] in listed)]
    base, files = dump(_READ["base"]), _READ["files"]
    return {**files, "base/kustomization.yaml": base, "overlay/kustomization.yaml": dump(overlay)}


def form(name: str) -> dict[str, str]:
    """The files of a kustomization in the form of this name."""
    return {**tree([]), **FORMS[name]}


def combinations(count: int) -> list[list[str]]:
    """Each feature alone, and so many draws of some together."""
    random = Random(7)
    names = list(FEATURES)
    drawn = [random.sample(names, random.randint(2, 6)) for _ in range(count)]
    return [[name] for name in names] + drawn

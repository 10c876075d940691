"""Files that hold parts of objects, to be merged into others, where no kustomization in view says so."""

from __future__ import annotations

import re
from typing import Final

from meshlint.values import regex

_PATCH: Final = regex(r"(?:^|[-_./])patch(?:es)?(?=[-_./]|$)", re.IGNORECASE)


def names_a_patch(file: str) -> bool:
    """Whether a file is called a patch, or lies in a directory of patches: what it lacks, another object has.

    The kustomization that merges it may lie in another repository (Kustomize: remote bases and components).
    """
    return _PATCH.search(file) is not None

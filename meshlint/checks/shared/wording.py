"""Phrases that several checks share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshlint.resources.kubernetes.workload import Workload


def listed(names: Iterable[object], most: int = 3) -> str:
    """The names quoted, at most `most` of them and the number of the rest."""
    every = list(names)
    shown = ", ".join(repr(str(name)) for name in every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown


def did_you_mean(names: Iterable[object]) -> str:
    """A question about the names that may have been meant, with a space at its end; empty without any."""
    every = [repr(str(name)) for name in names]
    return f"Did you mean {' or '.join(every[:3])}? " if every else ""


def named_workloads(workloads: Iterable[Workload], namespace: str) -> str:
    """The names of workloads quoted, each once, as an object in `namespace` calls them; empty for none."""
    names = (one.name if one.namespace == namespace else f"{one.namespace}/{one.name}" for one in workloads)
    return listed(dict.fromkeys(names), most=2)

"""Whether a difference is one that somebody wants to be stopped by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from meshlint.engine.rule import Severity
from meshlint.reports.differences.answer import EXPOSED, NARROWED, WIDENED, Difference, Effect

NEVER = "never"


def _calls(effects: frozenset[Effect]) -> Callable[[Difference], bool]:
    return lambda found: any(one.effect in effects for one in found.calls)


CHANGES: Mapping[str, Callable[[Difference], bool]] = MappingProxyType(
    {
        "access-widened": _calls(WIDENED),
        "access-narrowed": _calls(NARROWED),
        "plaintext": _calls(EXPOSED),
        "routes-changed": lambda found: bool(found.ways),
        "routes-lost": lambda found: any(one.is_lost for one in found.ways),
        "membership": lambda found: any(one.what == "mesh" for one in found.workloads),
        "not-compared": lambda found: bool(found.notes),
    }
)
"""Kinds of changes that a run may fail on, by name."""


def fails(found: Difference, names: Iterable[str]) -> bool:
    """Whether any of the kinds of changes that `names` lists is there, or a new finding of such a level."""
    levels = {str(severity): severity for severity in Severity}
    for name in names:
        if name in CHANGES and CHANGES[name](found):
            return True
        if name in levels and any(one.severity >= levels[name] for one in found.findings.new):
            return True
    return False

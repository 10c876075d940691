"""Fold floods: many findings of one rule in one namespace that read alike are told as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from meshlint.engine.finding import Finding
from meshlint.engine.semantic import digest
from meshlint.values import evolve, regex

_VALUES = regex(r"\"[^\"]*\"|'[^']*'|`[^`]*`|\d+(?:\.\d+)?")


def grouped(findings: Iterable[Finding], most: int) -> tuple[Finding, ...]:
    """`findings` in the order of the text, more than `most` that read alike folded into the first by name.

    Nothing is lost: the places of the others stay with the one that is told. 0 never folds.
    """
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_likeness(finding), []).append(finding)
    told: list[Finding] = []
    for likeness, members in groups.items():
        told.extend([_folded(likeness, members)] if 0 < most < len(members) else members)
    return tuple(sorted(told, key=lambda finding: finding.sort_key))


def _likeness(finding: Finding) -> tuple[str, str, str]:
    """The rule, the namespace, and the message with all names and values taken out."""
    name = finding.object
    shape = finding.message
    if name is not None:
        shape = shape.replace(str(name), f"{name.kind} …")
    namespace = name.namespace if name is not None else ""
    return finding.rule, namespace, _VALUES.sub("…", shape)


def _folded(likeness: tuple[str, str, str], members: Sequence[Finding]) -> Finding:
    first, *others = sorted(members, key=_name)
    namespace = likeness[1]
    where = f' in namespace "{namespace}"' if namespace else ""
    return evolve(
        first,
        severity=max(member.severity for member in members),
        message=f"{first.message}; {len(others)} more like this{where}",
        fingerprint=f"{digest('group', *likeness)}:1",
        others=tuple(sorted(other.location for other in others)),
    )


def _name(finding: Finding) -> tuple[str, tuple[str, ...], str]:
    """An order that moving text between files does not change."""
    return str(finding.object), finding.path, finding.fingerprint

"""Part findings by what was there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from meshlint import __version__
from meshlint.engine.baseline.effect import effect
from meshlint.engine.baseline.model import Baseline, Entry
from meshlint.engine.finding import Finding, Order
from meshlint.values import frozen


@frozen(repr=False)
class Held:
    """Findings parted by a baseline.

    `new` are told: what no entry holds, what got worse than its entry says, and what an expired entry held.
    `worse` counts the second, `expired` are the entries of the third. `held` were there before, each by the
    entry of `by` in the same place. `gone` are the entries whose finding is no longer there, `unseen` those
    of which this run cannot tell.
    """

    new: tuple[Finding, ...]
    held: tuple[Finding, ...]
    by: tuple[Entry, ...] = ()
    gone: tuple[Entry, ...] = ()
    expired: tuple[Entry, ...] = ()
    worse: int = 0
    unseen: tuple[Entry, ...] = ()


def hold(
    findings: Sequence[Finding],
    baseline: Baseline,
    today: date,
    judged: Callable[[Entry], bool] = lambda _entry: True,
) -> Held:
    """`findings`, none of them grouped, parted by `baseline` as it counts on the day `today`.

    A finding is worse if its level is higher, or if its message speaks of another effect; words of another
    release are not compared. An entry is gone if nothing is left of it and this run could have found it,
    which `judged` tells.
    """
    compared = baseline.version == __version__
    pairs, left = _paired(findings, baseline, compared=compared)
    over = [(one, entry) for one, entry in pairs if entry is not None and entry.is_over(today)]
    worse = [
        (one, entry)
        for one, entry in pairs
        if entry is not None and not entry.is_over(today) and _is_worse(one, entry, compared=compared)
    ]
    told = {id(one) for one, _entry in (*over, *worse)}
    held = [(one, entry) for one, entry in pairs if entry is not None and id(one) not in told]
    new = [one for one, entry in pairs if entry is None or id(one) in told]
    return Held(
        tuple(sorted(new, key=_place)),
        *_unzipped(sorted(held, key=lambda pair: _place(pair[0]))),
        gone=tuple(entry for entry in left if judged(entry)),
        expired=tuple(sorted(entry for _, entry in over)),
        worse=len(worse),
        unseen=tuple(entry for entry in left if not judged(entry)),
    )


def _paired(
    findings: Sequence[Finding], baseline: Baseline, *, compared: bool
) -> tuple[list[tuple[Finding, Entry | None]], list[Entry]]:
    """Each finding with the entry that fits it, None if there is none, and the entries that are left."""
    waiting = _by_cause(baseline.entries)
    pairs: list[tuple[Finding, Entry | None]] = []
    for finding in _exact_first(findings, baseline):
        entries = waiting.get(finding.fingerprint.partition(":")[0], [])
        entry = _best(finding, entries, compared=compared)
        if entry is not None:
            entries.remove(entry)
        pairs.append((finding, entry))
    return pairs, sorted(entry for entries in waiting.values() for entry in entries)


def _unzipped(pairs: Sequence[tuple[Finding, Entry]]) -> tuple[tuple[Finding, ...], tuple[Entry, ...]]:
    return tuple(finding for finding, _ in pairs), tuple(entry for _, entry in pairs)


def _place(finding: Finding) -> tuple[Order, str, str]:
    return finding.sort_key


def _by_cause(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.cause, []).append(entry)
    return found


def _exact_first(findings: Sequence[Finding], baseline: Baseline) -> list[Finding]:
    """Those that an entry names to the letter before those that are only like one."""
    named = {(entry.id, entry.says) for entry in baseline.entries}
    return sorted(findings, key=lambda one: ((one.fingerprint, one.message) not in named, one.sort_key))


def _best(finding: Finding, entries: Sequence[Entry], *, compared: bool) -> Entry | None:
    """The entry that fits best: one that holds the finding, in its words and under its number."""
    return min(
        entries,
        key=lambda entry: (
            _is_worse(finding, entry, compared=compared),
            entry.says != finding.message,
            entry.id != finding.fingerprint,
            entry,
        ),
        default=None,
    )


def _is_worse(finding: Finding, entry: Entry, *, compared: bool) -> bool:
    if finding.severity > entry.severity:
        return True
    return compared and finding.message != entry.says and effect(finding.message) != effect(entry.says)

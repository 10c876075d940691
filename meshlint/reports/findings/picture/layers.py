"""In which column does each thing stand, so that arrows lead to the right?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def layers(names: Sequence[str], arrows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The column of each name: one more than that of any before it, where arrows do not run in a circle.

    An arrow that closes a circle counts for nothing, which of them depends on the order of the names.
    """
    after: dict[str, list[str]] = {name: [] for name in names}
    for source, target in sorted(set(arrows)):
        if source != target and source in after and target in after:
            after[source].append(target)
    found = dict.fromkeys(names, 0)
    for name in reversed(_in_order(names, after)):
        for target in after[name]:
            found[target] = max(found[target], found[name] + 1)
    return found


def _in_order(names: Sequence[str], after: Mapping[str, list[str]]) -> list[str]:
    """The names, each behind all that its arrows lead to; those that close a circle leave `after`."""
    done: dict[str, None] = {}
    entered: set[str] = set()
    first = [name for name in names if not any(name in held for held in after.values())]
    stack = [(name, False) for name in reversed([*first, *names])]
    while stack:
        name, is_left = stack.pop()
        if is_left:
            done[name] = None
        elif name not in entered:
            entered.add(name)
            stack.append((name, True))
            after[name][:] = [one for one in after[name] if one not in entered or one in done]
            stack.extend((one, False) for one in reversed(after[name]))
    return _without_circles(done, after)


def _without_circles(done: Mapping[str, None], after: Mapping[str, list[str]]) -> list[str]:
    """The same order, and no arrow left that runs against it."""
    place = {name: number for number, name in enumerate(done)}
    for name, held in after.items():
        held[:] = [one for one in held if place[one] < place[name]]
    return list(done)

"""Verdicts made in several processes: forks tell only of which objects something is to be said.

These are few in most sets, and are judged once more here: what is said of one is longer than its number.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from meshlint.admission.verdict import Verdict
from meshlint.processes import Tasks, shared_out
from meshlint.resources import Resource

Judged = Callable[[Resource], Verdict]
_RUN = 64
"""How many objects a process takes at once: so few that nobody waits long for the last of them."""


def verdicts(objects: Sequence[Resource], judged: Judged, sound: Judged, jobs: int) -> tuple[Verdict, ...]:
    """What `judged` says of each object; `sound` is what is said where forks have nothing to say."""
    held: dict[int, Verdict] = {}

    def here(tasks: Tasks) -> None:
        held.update((number, judged(objects[number])) for number in tasks)

    def there(tasks: Tasks) -> bytes:
        return array(
            "q", (number if _is_sound(judged(objects[number])) else ~number for number in tasks)
        ).tobytes()

    for told in shared_out(len(objects), jobs, here, there, _RUN):
        numbers = array("q")
        numbers.frombytes(told)
        held.update((number, sound(objects[number])) for number in numbers if number >= 0)
    return tuple(held[number] if number in held else judged(one) for number, one in enumerate(objects))


def _is_sound(verdict: Verdict) -> bool:
    return not (verdict.violations or verdict.remarks)

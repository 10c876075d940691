"""Answers that are asked for again: whoever looks at the same workspace gets the same bytes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable

from meshlint.values import define, field

_SECONDS = 600.0
"""Acceptances of findings end by the day, so that no answer is good for ever."""


@define(eq=False)
class Remembered:
    """The latest answers, as far as `most` bytes hold them."""

    most: int
    _held: OrderedDict[Hashable, tuple[float, bytes]] = field(factory=OrderedDict, init=False)
    _size: int = field(default=0, init=False)

    def get(self, key: Hashable) -> bytes | None:
        """The answer, unless it is too old or was never given."""
        found = self._held.get(key)
        if found is None or time.monotonic() - found[0] > _SECONDS:
            return None
        self._held.move_to_end(key)
        return found[1]

    def keep(self, key: Hashable, answer: bytes) -> None:
        """Remember an answer, and forget what was not asked for the longest time."""
        self._drop(key)
        if len(answer) > self.most:
            return
        self._held[key] = (time.monotonic(), answer)
        self._size += len(answer)
        while self._size > self.most:
            self._drop(next(iter(self._held)))

    def _drop(self, key: Hashable) -> None:
        before = self._held.pop(key, None)
        self._size -= 0 if before is None else len(before[1])

"""Work shared out among forks of this process, each of which has all that was read before it came to be.

A fork takes tasks as this process does, and tells in the end what came of those that it took. Nothing rests
on it: what a fork took to its grave is left for whoever asked.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

Tasks = Iterator[int]

_WIDTH = 4
"""Bytes of the number of a task in a pipe: so few are read as a whole, whoever else reads."""
_LENGTH = 8
_ROOM = 4096
"""Bytes that any pipe takes before somebody reads them."""
_MOST = _ROOM // _WIDTH


class _Fork(NamedTuple):
    """A fork by its number, and the end of the pipe in which it tells."""

    process: int
    told: int


class _Runs(NamedTuple):
    """So many tasks in runs of a length."""

    tasks: int
    length: int

    @property
    def number(self) -> int:
        """How many runs there are."""
        return -(-self.tasks // self.length)

    def of(self, number: int) -> range:
        """The tasks of a run."""
        return range(self.tasks)[number * self.length : (number + 1) * self.length]


def shared_out(
    count: int, jobs: int, here: Callable[[Tasks], None], there: Callable[[Tasks], bytes], run: int = 1
) -> list[bytes]:
    """What `there` told of its tasks in forks, while `here` did others: each of `count` is taken once.

    They are taken in runs. Near ones go to the same process as long as it has any, for they have much in
    common. A fork that ends before it has told all is left out, and where the system has no more processes or
    files, those that there are take everything.
    """
    forks: list[_Fork] = []
    stocks: list[int] = []
    runs = _Runs(count, max(run, -(-count // (jobs * _MOST))))
    gc.freeze()
    try:
        with suppress(OSError):
            stocks.extend(_stocks(runs, jobs))
            for number in range(1, jobs):
                forks.append(_forked(there, _taken(runs, stocks, number, os.getpid())))
        here(_taken(runs, stocks, 0) if stocks else iter(range(count)))
        return [told for one in forks if (told := _told(one)) is not None]
    finally:
        gc.unfreeze()
        _ended(forks)
        for stock in stocks:
            os.close(stock)


def _stocks(runs: _Runs, jobs: int) -> list[int]:
    """Pipes of numbers of runs, one for each process."""
    stocks = []
    count = runs.number
    for number in range(jobs):
        stock, filling = os.pipe()
        mine = range(count * number // jobs, count * (number + 1) // jobs)
        os.write(filling, b"".join(one.to_bytes(_WIDTH, "big") for one in mine))
        os.close(filling)
        stocks.append(stock)
    return stocks


def _taken(runs: _Runs, stocks: list[int], first: int, parent: int = 0) -> Tasks:
    """The tasks that a process takes: those put aside for it, then what others have left.

    A fork takes no more once its `parent` is gone.
    """
    for stock in (*stocks[first:], *stocks[:first]):
        while (not parent or os.getppid() == parent) and (number := os.read(stock, _WIDTH)):
            yield from runs.of(int.from_bytes(number, "big"))


def _forked(work: Callable[[Tasks], bytes], tasks: Tasks) -> _Fork:
    told, telling = os.pipe()
    process = os.fork()
    if process == 0:
        _work(work, tasks, telling)
    os.close(telling)
    return _Fork(process, told)


def _work(work: Callable[[Tasks], bytes], tasks: Tasks, telling: int) -> None:
    """Do it and end, whatever happens, without a word to anybody else."""
    try:
        gc.disable()
        answer = work(tasks)
        with os.fdopen(telling, "wb") as pipe:
            pipe.write(len(answer).to_bytes(_LENGTH, "big") + answer)
    finally:
        os._exit(0)


def _told(fork: _Fork) -> bytes | None:
    """All that a fork has told; None where it ended before."""
    with os.fdopen(os.dup(fork.told), "rb") as pipe:
        length, answer = pipe.read(_LENGTH), pipe.read()
    return answer if len(length) == _LENGTH and len(answer) == int.from_bytes(length, "big") else None


def _ended(forks: list[_Fork]) -> None:
    """See to it that no fork is left, though this process was kept from asking for what they tell."""
    for fork in forks:
        os.close(fork.told)
        with suppress(OSError):
            os.kill(fork.process, 9)
        with suppress(OSError):  # where the system is told to forget children by itself
            os.waitpid(fork.process, 0)

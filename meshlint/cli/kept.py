"""The answer of a check as it is told: reports, summary and exit code, kept for the same question."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Any

from meshlint.cli.output import Output
from meshlint.values import define, field, frozen

if TYPE_CHECKING:
    from meshlint.api.keeping.keeper import Keeper
    from meshlint.engine.outcome import Outcome

_MOST_TEXT = 16 * 1024 * 1024
"""How long a report may be, in characters, to be copied while it is written."""


@frozen(repr=False)
class Told:
    """The text of a report for each output in their order, the lines of the summary, and the exit code.

    A text that is too long, or that did not get out as a whole, is None.
    """

    reports: tuple[str | None, ...]
    summary: tuple[str, ...]
    code: int

    def lines_of(self, outputs: Sequence[Output]) -> Callable[[Output], Iterable[str]]:
        """What tells the text of each of these outputs again."""
        texts = dict(zip(outputs, self.reports, strict=True))
        return lambda output: [text.removesuffix("\n")] if (text := texts[output]) else ()


@define(eq=False, repr=False)
class Memory:
    """What is known of one question, asked at a time (nanoseconds); without a keeper nothing, ever."""

    keeper: Keeper | None = None
    name: str = ""
    asked: int = 0
    _copied: dict[Output, str] = field(factory=dict, init=False)

    def recall(self, outputs: Sequence[Output]) -> Told | None:
        """What was told before."""
        found = None if self.keeper is None else self.keeper.recall(self.name)
        return None if found is None else _read_back(found, len(outputs))

    def through(self, output: Output, lines: Iterable[str]) -> Iterable[str]:
        """The lines of a report, copied on their way."""
        return lines if self.keeper is None else self._copying(output, lines)

    def _copying(self, output: Output, lines: Iterable[str]) -> Iterator[str]:
        copied: list[str] = []
        size = 0
        for line in lines:
            size += len(line) + 1
            if size <= _MOST_TEXT:
                copied.append(line)
            yield line
        if size <= _MOST_TEXT:
            self._copied[output] = "".join(f"{line}\n" for line in copied)

    def copies(self, outputs: Sequence[Output]) -> tuple[str | None, ...]:
        """The texts that went through."""
        return tuple(map(self._copied.get, outputs))

    def keep(self, outcome: Outcome, told: Told) -> None:
        """Keep what was told of an outcome, if all of it went through and it would be told again."""
        if self.keeper is None or None in told.reports:
            return
        from meshlint.api.keeping.kept import may_be_kept, program

        by = program(self.asked)
        if by and may_be_kept(outcome):
            content = {"by": by, "reports": told.reports, "summary": told.summary, "code": int(told.code)}
            self.keeper.keep(self.name, json.dumps(content).encode("ascii"))


def memory_of(here: Any, given: dict[str, Any], telling: Iterable[str]) -> Memory:
    """The memory of the question that was gathered; one without a keeper where none is wanted."""
    if given["no_cache"] or here is None:
        return Memory()
    from meshlint.api.keeping.keeper import keeper_beside

    directory = here.asked.request.directory
    keeper = keeper_beside([directory, *(directory / path for path in here.asked.paths)])
    if keeper is None:
        return Memory()
    from meshlint.api.keeping.kept import name_of

    name = name_of(here, telling)
    return Memory() if name is None else Memory(keeper, name, time_ns())


def ways_of_telling(outputs: Iterable[Output], given: dict[str, Any], *options: object) -> Iterator[str]:
    """What an answer depends on besides the question: formats, options of reports, levels."""
    yield str(Path.cwd())
    yield from (f"{one.format}={one.file}" for one in outputs)
    yield from (repr(sorted(vars(one).items())) for one in options)
    yield from (repr(given[name]) for name in ("fail_on", "exit_zero", "require_mesh", "quiet"))


def _read_back(data: bytes, outputs: int) -> Told | None:
    """An answer with so many outputs, as it was kept by this very program; None for anything else."""
    from meshlint.api.keeping.kept import is_program

    with suppress(OSError, ValueError, RecursionError):
        match json.loads(data):
            case {"by": list(by), "reports": list(reports), "summary": list(summary), "code": int(code)}:
                texts = all(isinstance(one, str) for one in (*by, *reports, *summary))
                if texts and len(reports) == outputs and is_program(by):
                    return Told(tuple(reports), tuple(summary), code)
    return None

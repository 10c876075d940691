"""Comparisons that were left off because there are too many, so that an answer may lack something.

What is compared with what is bounded for each question. Whoever asks is told of it beside the answer: nothing
is left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from meshlint.matching import known
from meshlint.mesh.mesh import Mesh

Answer = TypeVar("Answer")

COMPLEX = "patterns of matches that are too complex"
_KEY = "comparisons left off"


def leave_off(mesh: Mesh, what: str) -> None:
    """Keep with the mesh, as answers about it are, that `what` were not all compared."""
    mesh.answers.setdefault(_KEY, set()).add(what)


def leave_off_together(mesh: Mesh, other: Mesh) -> None:
    """Let what was not compared about either of two meshes be told of both."""
    other.answers[_KEY] = mesh.answers.setdefault(_KEY, set())


def decided(mesh: Mesh, question: Callable[[], Answer]) -> Answer | None:
    """The answer to a question on matches; None, which is kept with the mesh, where it is too complex."""
    answer = known(question)
    if answer is None:
        leave_off(mesh, COMPLEX)
    return answer


def left_off(mesh: Mesh) -> tuple[str, ...]:
    """What was not compared in whole by the questions asked so far, sorted."""
    return tuple(sorted(mesh.answers.get(_KEY, ())))

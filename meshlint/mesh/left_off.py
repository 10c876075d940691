"""Comparisons that were left off because there are too many, so that an answer may lack something.

What is compared with what is bounded for each question. Whoever asks is told of it beside the answer: nothing
is left out in silence.
"""

from __future__ import annotations

from meshlint.mesh.mesh import Mesh

_KEY = "comparisons left off"


def leave_off(mesh: Mesh, what: str) -> None:
    """Keep with the mesh, as answers about it are, that `what` were not all compared."""
    mesh.answers.setdefault(_KEY, set()).add(what)


def left_off(mesh: Mesh) -> tuple[str, ...]:
    """What was not compared in whole by the questions asked so far, sorted."""
    return tuple(sorted(mesh.answers.get(_KEY, ())))

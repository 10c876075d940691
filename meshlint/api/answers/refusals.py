"""Which refused objects would have changed an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from meshlint.admission.admission import Admission
from meshlint.admission.verdict import Verdict
from meshlint.mesh import Mesh
from meshlint.resources import ResourceSet

Answer = TypeVar("Answer")

MOST = 20
"""How many refused objects are tried one by one; each costs an answer of its own."""


class Judged(Protocol):
    """Objects that a cluster takes or refuses."""

    @property
    def admission(self) -> Admission:
        """The verdict on each of them."""
        ...

    @property
    def mesh(self) -> Mesh:
        """The mesh of those that are taken."""
        ...

    @property
    def as_written(self) -> Mesh:
        """The mesh as if all were."""
        ...


def mattering(
    project: Judged, ask: Callable[[Mesh], Answer], answer: Answer
) -> Iterator[tuple[Verdict, Answer]]:
    """The refused objects with each of which alone `ask` would not give `answer`, and what it would give.

    Nothing is tried one by one where all of them together change nothing, and nothing that `answer` does
    not rest on: nobody came across it.
    """
    refused = project.admission.met
    if not refused or ask(project.as_written) == answer:
        return
    for verdict in refused[:MOST]:
        other = ask(project.mesh.of(_with(project.admission, verdict)))
        if other != answer:
            yield verdict, other


def _with(admission: Admission, verdict: Verdict) -> ResourceSet:
    return admission.written.part(lambda one: one is verdict.resource or admission.of(one).is_taken)

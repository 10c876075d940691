"""Which refused objects would have changed an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from attrs import evolve

from meshlint.admission.admission import Admission
from meshlint.admission.verdict import Verdict
from meshlint.mesh import Mesh
from meshlint.resources import ResourceSet

Answer = TypeVar("Answer")

MOST = 20
"""How many refused objects are tried one by one; each costs an answer of its own."""


def mattering(
    admission: Admission, mesh: Mesh, ask: Callable[[Mesh], Answer], answer: Answer
) -> Iterator[tuple[Verdict, Answer]]:
    """The refused objects with each of which alone `ask` would not give `answer`, and what it would give.

    `mesh` is made of what `admission` takes. Nothing is tried one by one where all of them together change
    nothing.
    """
    refused = admission.refused
    if not refused or ask(mesh.beside(admission.written, mesh.settings)) == answer:
        return
    for verdict in refused[:MOST]:
        other = ask(mesh.beside(_with(admission, verdict), mesh.settings))
        if other != answer:
            yield verdict, other


def _with(admission: Admission, verdict: Verdict) -> ResourceSet:
    kept = {id(resource) for resource in (*admission.taken.resources, verdict.resource)}
    resources = tuple(one for one in admission.written.resources if id(one) in kept)
    return evolve(admission.written, resources=resources)

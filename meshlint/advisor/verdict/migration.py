"""What becomes of the objects of one mesh in another, object by object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from meshlint.advisor.cost.figures import read_data
from meshlint.advisor.evidence.features import Evidence
from meshlint.advisor.evidence.places import Place, in_order, place_of
from meshlint.advisor.meshes import MESHES, MeshChoice
from meshlint.advisor.needs import Answer, load_needs
from meshlint.mesh import Mesh
from meshlint.resources import Resource
from meshlint.values import frozen

YES, PARTIAL, NO = "yes", "partial", "no"
_SAME = "the same"


@frozen
class Counterpart:
    """What takes the place of objects of one kind: `answer` is yes, partial or no."""

    answer: str
    to: str
    how: str


@frozen
class Note:
    """What becomes of one object."""

    place: Place
    answer: str
    to: str
    how: str


@cache
def load_counterparts() -> Mapping[tuple[str, str, MeshChoice], Counterpart]:
    """What takes the place of each kind in each mesh."""
    rows = read_data("counterparts")["counterparts"]
    return {
        (row["group"], row["kind"], MeshChoice(row["target"])): Counterpart(
            row["answer"], row["to"], row["how"]
        )
        for row in rows
    }


def migration_notes(
    mesh: Mesh, evidence: Mapping[str, tuple[Evidence, ...]], target: MeshChoice
) -> tuple[Note, ...]:
    """A note for every object of a mesh that does not stay as it is in `target`."""
    shown = _gaps_shown(evidence, target)
    notes = (
        _note(resource, counterpart, shown, target)
        for resource, counterpart in _objects(mesh, target, lambda one: one.to != _SAME)
    )
    return in_order(notes, lambda note: note.place)


def unmatched(mesh: Mesh, evidence: Mapping[str, tuple[Evidence, ...]]) -> Mapping[MeshChoice, int]:
    """How many objects have no counterpart in each mesh, or ask for what it does not do."""
    return {target: len(_without_counterpart(mesh, evidence, target)) for target in MESHES}


def _without_counterpart(
    mesh: Mesh, evidence: Mapping[str, tuple[Evidence, ...]], target: MeshChoice
) -> set[tuple[str, str]]:
    told = _objects(mesh, target, lambda one: one.answer == NO)
    found = {(one.document.file, str(one)) for one, _ in told}
    needs = load_needs()
    for need, signs in evidence.items():
        if need in needs and needs[need].support[target].answer is Answer.NO:
            found.update((sign.place.file, sign.place.object) for sign in signs)
    return found


def _objects(
    mesh: Mesh, target: MeshChoice, is_meant: Callable[[Counterpart], bool]
) -> Iterator[tuple[Resource, Counterpart]]:
    """The objects of the kinds of whose counterparts something holds, kind by kind."""
    for (group, kind, where), counterpart in sorted(load_counterparts().items(), key=lambda one: one[0][:2]):
        if where is target and is_meant(counterpart):
            for resource in mesh.resources.of(group, kind):
                yield resource, counterpart


def _gaps_shown(
    evidence: Mapping[str, tuple[Evidence, ...]], target: MeshChoice
) -> Mapping[tuple[str, str], set[str]]:
    """The needs that each object shows and `target` does not meet in full, by file and name."""
    found: dict[tuple[str, str], set[str]] = {}
    for need, known in load_needs().items():
        for sign in evidence.get(need, ()) if not known.support[target].answer.is_full else ():
            found.setdefault((sign.place.file, sign.place.object), set()).add(need)
    return found


def _note(
    resource: Resource,
    counterpart: Counterpart,
    shown: Mapping[tuple[str, str], set[str]],
    target: MeshChoice,
) -> Note:
    """The counterpart of the kind, less what `target` does not do of what this object asks for."""
    place = place_of(resource)
    if counterpart.answer == NO:
        return Note(place, NO, "", counterpart.how)
    names = sorted(shown.get((place.file, place.object), ())) if shown else ()
    gaps = [load_needs()[name] for name in names]
    if not gaps:
        return Note(place, counterpart.answer, counterpart.to, counterpart.how)
    worst = NO if any(need.support[target].answer is Answer.NO for need in gaps) else PARTIAL
    how = "; ".join(f"{need.title}: {need.support[target].how}" for need in gaps)
    return Note(place, worst, counterpart.to, how)

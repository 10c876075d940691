"""What was looked at in a set of files, and what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from meshlint.admission.admission import Admission
from meshlint.api.reading.release_notes import release_notes
from meshlint.documents import REPEATED, Document, Problem, ProblemKind, Reading, Span
from meshlint.engine.outcome import NotAnalysed, Summary
from meshlint.engine.presence import WORDS
from meshlint.mesh import Mesh
from meshlint.mesh.settings.carriers import CARRIERS as SETTINGS
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.carriers import CARRIERS
from meshlint.resources.kubernetes.workload import TEMPLATES
from meshlint.resources.releases import RELEASING
from meshlint.resources.schema.store.store import SchemaStore
from meshlint.sources import TEMPLATE_HINT, PassedOver, Reason
from meshlint.values import evolve

_PROBLEM_KINDS = {
    Reason.TOO_LARGE: ProblemKind.TOO_LARGE,
    Reason.UNREADABLE: ProblemKind.UNREADABLE,
    Reason.BROKEN_SYMLINK: ProblemKind.UNREADABLE,
    Reason.SPECIAL_FILE: ProblemKind.UNREADABLE,
    Reason.KUSTOMIZE_FAILED: ProblemKind.UNREADABLE,
}

_FEW = 3
_READ = frozenset({("flagger.app", "Canary"), ("keda.sh", "ScaledObject")})
"""Kinds whose objects say what becomes of others."""
_MARKED = ("istio", "linkerd")
_NOT_OF_MANIFESTS = frozenset(
    {
        ProblemKind.SYNTAX,
        ProblemKind.TAB,
        ProblemKind.UNUSABLE_KEY,
        ProblemKind.DUPLICATE_KEY,
        ProblemKind.REPEATED_KEY,
    }
)
_DEPLOYING = frozenset(
    {
        ("kustomize.toolkit.fluxcd.io", "Kustomization"),
        ("source.toolkit.fluxcd.io", "GitRepository"),
        ("argoproj.io", "ApplicationSet"),
        *RELEASING,
    }
)
_KNOWN = (CARRIERS, TEMPLATES, SETTINGS, _READ, _DEPLOYING)
_OF_OBJECTS = ("apiVersion", "kind")


def templates(readings: Iterable[Reading]) -> list[PassedOver]:
    """Files that have to be rendered first."""
    return [
        PassedOver(reading.text.path, Reason.TEMPLATE, hint=TEMPLATE_HINT)
        for reading in readings
        if reading.is_template
    ]


def without_object(foreign: Iterable[Document], documents: Iterable[Document]) -> list[PassedOver]:
    """Files in which no document holds an object."""
    foreign_files = Counter(document.file for document in foreign)
    if not foreign_files:
        return []
    all_files = Counter(document.file for document in documents if document.value is not None)
    empty = [file for file, count in foreign_files.items() if count == all_files[file]]
    return [PassedOver(file, Reason.NO_OBJECT) for file in sorted(empty)]


def no_manifests(readings: Iterable[Reading]) -> list[PassedOver]:
    """Files that are broken and hold none of the words that every object has: other tools read them."""
    return [
        PassedOver(reading.text.path, Reason.NO_OBJECT)
        for reading in readings
        if reading.problems
        and not all(word in reading.text.content for word in _OF_OBJECTS)
        and all(problem.kind in _NOT_OF_MANIFESTS for problem in reading.problems)
    ]


def problems(readings: Iterable[Reading], left_out: Iterable[PassedOver]) -> tuple[Problem, ...]:
    """What is wrong with the texts, and what could not be read at all."""
    readings, left_out = list(readings), list(left_out)
    silent = {entry.path for entry in left_out if entry.reason is Reason.NO_OBJECT}
    foreign = {entry.path for entry in no_manifests(readings)}
    found = [
        problem
        for reading in readings
        for problem in reading.problems
        if not (reading.text.path in silent and problem.kind in REPEATED)
        and not (reading.text.path in foreign and problem.kind in _NOT_OF_MANIFESTS)
    ]
    for entry in left_out:
        kind = _PROBLEM_KINDS.get(entry.reason)
        if kind is not None:
            message = f"The file is not analysed: {entry.detail or entry.reason.value}"
            found.append(Problem(kind, entry.path, Span.at(1, 1), message, hint=entry.hint or None))
    return tuple(found)


def looked_at(
    readings: Sequence[Reading], left_out: Iterable[PassedOver], mesh: Mesh, admission: Admission
) -> Summary:
    """What was looked at, and what was not, with what there is to say of it."""
    counts = summary(readings, mesh, admission, left_out)
    notes = (*release_notes(mesh.settings.versions), *admission.schemas.notes, *filled_notes(mesh))
    return evolve(counts, notes=notes)


def filled_notes(mesh: Mesh) -> Iterator[str]:
    """What the summary says of namespaces that hold more than the files show."""
    names = sorted(mesh.namespaces.filled)
    if names:
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        yield (
            f"Charts and sources that are not read may add Services and pods to {', '.join(names[:_FEW])}"
            f"{more}, so nothing is missing there"
        )


def summary(
    readings: Sequence[Reading], mesh: Mesh, admission: Admission, left_out: Iterable[PassedOver]
) -> Summary:
    """What was looked at, and what was not."""
    resources, schemas = admission.written, admission.schemas
    groups: dict[tuple[str, str], list[str]] = {}
    for entry in left_out:
        groups.setdefault((entry.reason.value, entry.hint), []).append(entry.path)
    return Summary(
        files=len(readings),
        documents=sum(len(reading.documents) for reading in readings),
        objects=len(resources.resources),
        kinds={_kind(*kind): count for kind, count in resources.kinds.items()},
        unknown_kinds={
            _kind(*kind): count for kind, count in resources.kinds.items() if _is_unknown(*kind, schemas)
        },
        without_objects=len(resources.foreign),
        meshes=_meshes(mesh, resources),
        not_analysed=tuple(
            NotAnalysed(reason, tuple(sorted(paths)), hint or None)
            for (reason, hint), paths in sorted(groups.items())
        ),
    )


def _meshes(mesh: Mesh, resources: ResourceSet) -> dict[str, int]:
    """How many objects are about each mesh; those of kinds that an edit leaves alone are counted once."""
    counts: Counter[str] = Counter()
    for kind in resources.kinds:
        held = resources.of(*kind)
        counts.update(mesh.made_of((_about, kind), partial(_about, held), held))
    return dict(sorted(counts.items()))


def _about(held: Iterable[Resource]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (group, marks), count in Counter(map(_signs, held)).items():
        for mesh in _meshes_of(group, " ".join(map(str, marks))):
            counts[mesh] += count
    return counts


def _meshes_of(group: str, marks: str) -> set[str]:
    """The meshes that an object is about, by its group or by what is marked on it and its pods."""
    found = {mesh for mesh, word in WORDS.items() if group.endswith(word)}
    found |= {mesh for mesh in _MARKED if group.endswith(f"{mesh}.io")}
    return found | {mesh for mesh in _MARKED if mesh in marks}


def _signs(resource: Resource) -> tuple[str, tuple[Any, ...]]:
    """The group of an object, and the keys of its labels and annotations and of those of its pods.

    Plain values do, as all are asked, and few tell them apart.
    """
    value = resource.field.value
    spec = value.get("spec")
    marks: list[Any] = []
    for holder in (value, spec.get("template") if isinstance(spec, dict) else None):
        metadata = holder.get("metadata") if isinstance(holder, dict) else None
        if isinstance(metadata, dict):
            for held in (metadata.get("labels"), metadata.get("annotations")):
                if isinstance(held, dict):
                    marks.extend(held)
    return resource.group, tuple(marks)


def _is_unknown(group: str, kind: str, schemas: SchemaStore) -> bool:
    """Whether nobody knows a kind: no mesh, not Kubernetes, no schema, none that makes pods or deploys."""
    of_kubernetes = "." not in group or group.endswith(".k8s.io")
    known = of_kubernetes or any((group, kind) in kinds for kinds in _KNOWN)
    return not known and schemas.is_namespaced(group, kind) is None


def _kind(group: str, kind: str) -> str:
    return f"{kind}.{group}" if group else kind

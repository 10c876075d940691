"""An input set, read: files to documents, objects and mesh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from attrs import evolve, field, frozen

from meshlint.admission.admission import Admission
from meshlint.api.release_notes import release_notes
from meshlint.documents import Document, Field, FileText, Problem, ProblemKind, Reading, Span, read
from meshlint.documents.kustomization import kustomization_references
from meshlint.engine.outcome import NotAnalysed, Summary
from meshlint.mesh import Mesh
from meshlint.mesh.settings.reading import read_settings, read_versions
from meshlint.mesh.settings.settings import MeshSettings, Versions
from meshlint.resources import DEFAULT_NAMESPACE, ResourceSet
from meshlint.resources import collect as collect_resources
from meshlint.resources.schema.store.catalogue import built_in
from meshlint.resources.schema.store.store import BUILT_IN, SchemaStore
from meshlint.sources import TEMPLATE_HINT, PassedOver, Reason, SourceOptions, SourceSet
from meshlint.sources import collect as collect_sources

if TYPE_CHECKING:
    from meshlint.api.routing.request import RouteRequest
    from meshlint.reports.route.answer import RouteAnswer, RouteTableAnswer
    from meshlint.reports.status.answer import StatusAnswer
    from meshlint.resources.filling import Gap
    from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest

_PROBLEM_KINDS = {
    Reason.TOO_LARGE: ProblemKind.TOO_LARGE,
    Reason.UNREADABLE: ProblemKind.UNREADABLE,
    Reason.BROKEN_SYMLINK: ProblemKind.UNREADABLE,
    Reason.SPECIAL_FILE: ProblemKind.UNREADABLE,
    Reason.KUSTOMIZE_FAILED: ProblemKind.UNREADABLE,
}


@frozen(repr=False)
class ReadOptions:
    """How an input set is read: the sections of a configuration that decide what objects mean.

    `mesh`, `versions` and `external` are the sections of that name; `complete` closes the world;
    `mesh_config` are texts of a MeshConfig or of Helm values for Istio's charts, each with its name;
    `namespace` is where objects live that name none; `schemas` say what shape each kind may have.
    """

    mesh: Mapping[str, Any] = field(factory=dict)
    versions: Mapping[str, Any] = field(factory=dict)
    external: Mapping[str, Any] = field(factory=dict)
    complete: bool = False
    mesh_config: tuple[tuple[str, bytes], ...] = ()
    namespace: str | None = None
    schemas: SchemaStore = BUILT_IN


@frozen(eq=False, slots=False, repr=False)
class Project:
    """Everything that was read, ready to be asked: `mesh` answers, `summary` says what was looked at.

    The mesh is made of what the cluster takes; `admission` knows the rest, and why it is refused.
    """

    mesh: Mesh
    admission: Admission
    problems: tuple[Problem, ...]
    texts: Mapping[str, FileText]
    summary: Summary
    passed_over: tuple[PassedOver, ...] = ()
    readings: tuple[Reading, ...] = ()
    options: ReadOptions = field(factory=ReadOptions)
    gaps: tuple[Gap, ...] = ()
    """What the files leave to be filled in."""

    @property
    def documents(self) -> list[Document]:
        """All documents as they are written."""
        return [document for reading in self.readings for document in reading.documents]

    def filled(self, choice: Callable[[Gap], Any]) -> Project:
        """The project as it is once `choice` has filled in what is open."""
        documents = _filled(self.documents, self.gaps, choice)
        mesh, admission = _mesh(documents, self.resources.kustomized, self.options)
        return evolve(self, mesh=mesh, admission=admission)

    @property
    def resources(self) -> ResourceSet:
        """The objects in the set, those included that the cluster refuses."""
        return self.admission.written

    @cached_property
    def as_written(self) -> Mesh:
        """The mesh as if the cluster took every object: the same one where it does."""
        taken = self.admission.taken is self.admission.written
        return self.mesh if taken else Mesh(self.admission.written, self.mesh.settings)

    @cached_property
    def access_desk(self) -> AccessDesk:
        """Who may call whom, with what has been made ready for earlier questions."""
        from meshlint.security.access import AccessDesk

        return AccessDesk(self.mesh)

    def access(self, request: AccessRequest) -> AccessDecision:
        """What comes of one request; raises `UsageError` for names and ports that do not exist.

        The first request to a port makes its policies ready, so the thousands after it are quick.
        """
        from meshlint.api.deciding import decide

        return decide(self.access_desk, request)

    def route(self, request: RouteRequest) -> RouteAnswer:
        """The way of a request; raises `UsageError` where the request makes no sense or nobody sends it."""
        from meshlint.api.routing.refused import route_told

        return route_told(self.admission, self.mesh, request)

    def route_table(self, request: RouteRequest) -> RouteTableAnswer:
        """All rules for the host and port of a request, whatever its path, method and headers."""
        from meshlint.api.routing.tables import route_table

        return route_table(self.mesh, request)

    def status(self) -> StatusAnswer:
        """What controllers write into the status of the Gateway API objects."""
        from meshlint.api.status import status

        return status(self.as_written, self.admission)


def collect(paths: Sequence[str], options: SourceOptions, stdin: BinaryIO | None = None) -> SourceSet:
    """The files that `paths` stand for, patches of kustomizations told apart."""
    from attrs import evolve

    return collect_sources(paths, evolve(options, read_kustomization=kustomization_references), stdin)


def read_sources(sources: SourceSet, options: ReadOptions) -> Project:
    """The project in a set of files."""
    readings = [read(file.path, file.data) for file in sources.files]
    return _project(readings, sources.passed_over, options)


def read_texts(texts: Mapping[str, str], options: ReadOptions | None = None) -> Project:
    """The project in texts by file name, for tests and editors."""
    readings = [read(path, text.encode()) for path, text in sorted(texts.items())]
    return _project(readings, (), options or ReadOptions())


def without_files(project: Project, names: Collection[str]) -> Project:
    """The same project as if the files of these names were not in the set."""
    rest = [reading for reading in project.readings if reading.text.path not in names]
    return _project(rest, (), project.options)


def _project(readings: list[Reading], passed_over: Sequence[PassedOver], options: ReadOptions) -> Project:
    documents = [document for reading in readings for document in reading.documents]
    gaps = _gaps(documents, options.schemas)
    filled = _filled(documents, gaps)
    mesh, admission = _mesh(filled, _kustomized(passed_over), options)
    resources = admission.written
    left_out = (*passed_over, *_templates(readings), *_without_object(resources.foreign, documents))
    notes = (*release_notes(mesh.settings.versions), *admission.schemas.notes)
    return Project(
        mesh=mesh,
        admission=admission,
        problems=_problems(readings, left_out),
        texts={reading.text.path: reading.text for reading in readings},
        summary=evolve(_summary(readings, resources, left_out, admission.schemas), notes=notes),
        passed_over=tuple(left_out),
        readings=tuple(readings),
        options=options,
        gaps=gaps,
    )


def _mesh(
    documents: Iterable[Document], kustomized: Iterable[str], options: ReadOptions
) -> tuple[Mesh, Admission]:
    resources = collect_resources(documents, options.namespace or DEFAULT_NAMESPACE, kustomized)
    versions = read_versions(resources, options.versions)
    admission = Admission(resources, _schemas(resources, versions, options))
    return Mesh(admission.taken, _settings(admission.taken, versions, options)), admission


def _schemas(resources: ResourceSet, versions: Versions, options: ReadOptions) -> SchemaStore:
    """What shape each kind may have: as its definition in the set has it, else as the meant release does."""
    schemas = evolve(options.schemas, releases=versions.releases)
    definitions = resources.of("apiextensions.k8s.io", "CustomResourceDefinition")
    ours = [one.field.value for one in definitions if one.spec.text("group") in built_in().groups]
    if not ours:
        return schemas
    from meshlint.resources.schema.store.crds import with_definitions

    return with_definitions(schemas, ours, frozenset(resources.kinds))


def _gaps(documents: Sequence[Document], schemas: SchemaStore) -> tuple[Gap, ...]:
    from meshlint.documents.placeholders import may_hold

    texts = {id(document.text): document.text for document in documents}
    if not any(may_hold(text.content) for text in texts.values()):
        return ()
    from meshlint.resources.filling import gaps

    return gaps(documents, schemas)


def _filled(
    documents: list[Document], gaps: Sequence[Gap], choice: Callable[[Gap], Any] | None = None
) -> list[Document]:
    if not gaps:
        return documents
    from meshlint.resources.filling import as_given, fill

    return fill(documents, gaps, choice or as_given)


def _kustomized(passed_over: Iterable[PassedOver]) -> list[str]:
    return [
        str(PurePosixPath(entry.path).parent) for entry in passed_over if entry.reason is Reason.KUSTOMIZATION
    ]


def _settings(resources: ResourceSet, versions: Versions, options: ReadOptions) -> MeshSettings:
    documents = [document for named in options.mesh_config for document in read(*named).documents]
    return read_settings(
        resources,
        options.mesh,
        mesh_configs=[Field(document, (), document.value) for document in documents],
        complete=options.complete,
        versions=versions,
        external=options.external,
    )


def _templates(readings: Iterable[Reading]) -> list[PassedOver]:
    return [
        PassedOver(reading.text.path, Reason.TEMPLATE, hint=TEMPLATE_HINT)
        for reading in readings
        if reading.is_template
    ]


def _without_object(foreign: Iterable[Document], documents: Iterable[Document]) -> list[PassedOver]:
    """Files in which no document holds an object."""
    foreign_files = Counter(document.file for document in foreign)
    all_files = Counter(document.file for document in documents if document.value is not None)
    empty = [file for file, count in foreign_files.items() if count == all_files[file]]
    return [PassedOver(file, Reason.NO_OBJECT) for file in sorted(empty)]


def _problems(readings: Iterable[Reading], left_out: Iterable[PassedOver]) -> tuple[Problem, ...]:
    silent = {entry.path for entry in left_out if entry.reason is Reason.NO_OBJECT}
    found = [
        problem
        for reading in readings
        for problem in reading.problems
        if not (reading.text.path in silent and problem.kind is ProblemKind.DUPLICATE_KEY)
    ]
    for entry in left_out:
        kind = _PROBLEM_KINDS.get(entry.reason)
        if kind is not None:
            message = f"The file is not analysed: {entry.detail or entry.reason.value}"
            found.append(Problem(kind, entry.path, Span.at(1, 1), message, hint=entry.hint or None))
    return tuple(found)


def _summary(
    readings: Sequence[Reading], resources: ResourceSet, left_out: Iterable[PassedOver], schemas: SchemaStore
) -> Summary:
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
        not_analysed=tuple(
            NotAnalysed(reason, tuple(sorted(paths)), hint or None)
            for (reason, hint), paths in sorted(groups.items())
        ),
    )


def _is_unknown(group: str, kind: str, schemas: SchemaStore) -> bool:
    """Whether a kind is neither a mesh's nor one of Kubernetes itself nor one that was defined."""
    of_kubernetes = "." not in group or group.endswith(".k8s.io")
    return not of_kubernetes and schemas.is_namespaced(group, kind) is None


def _kind(group: str, kind: str) -> str:
    return f"{kind}.{group}" if group else kind

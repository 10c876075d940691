"""An input set, read: files to documents, objects and mesh."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from meshlint.admission.admission import Admission
from meshlint.api.reading.assembled import assembled, kinds_of_settings, set_alike, settled
from meshlint.api.reading.collecting import collect as collect
from meshlint.api.reading.deployed import (
    Deployed,
    deployed,
    deployed_texts,
    is_kustomization,
    left_over,
    members,
)
from meshlint.api.reading.edited import edited_set
from meshlint.api.reading.files import read_again, read_files
from meshlint.api.reading.joined import Joined, Laid
from meshlint.api.reading.looked_at import (
    looked_at,
    no_manifests,
    problems,
    templates,
    without_object,
)
from meshlint.api.reading.open_values import filled_in, gaps_of, substituted
from meshlint.api.reading.options import ReadOptions as ReadOptions
from meshlint.api.reading.unread import unread
from meshlint.documents import Document, FileText, Problem, Reading, read
from meshlint.engine.outcome import Summary
from meshlint.mesh import Mesh
from meshlint.mesh.parts import Later
from meshlint.resources import DEFAULT_NAMESPACE, Resource, ResourceSet
from meshlint.resources.order import Kind
from meshlint.resources.versions import Place, place_of
from meshlint.sources import PassedOver, Reason, SourceFile, SourceSet
from meshlint.values import evolve, field, frozen

if TYPE_CHECKING:
    from meshlint.api.answers.routing.request import RouteRequest
    from meshlint.assembly.deployments import Deployment
    from meshlint.reports.route.answer import RouteAnswer, RouteTableAnswer
    from meshlint.reports.status.answer import StatusAnswer
    from meshlint.resources.filling import Gap
    from meshlint.resources.versions import View
    from meshlint.security.access import AccessDecision, AccessDesk, AccessRequest


@frozen(eq=False, slots=False, repr=False)
class Project:
    """Everything that was read, ready to be asked: `mesh` answers, `summary` says what was looked at.

    The mesh is made of what the cluster takes; `admission` knows the rest, and why it is refused.
    """

    mesh: Mesh
    admission: Admission
    problems: tuple[Problem, ...]
    texts: Mapping[str, FileText]
    summed: Later[Summary]
    passed_over: tuple[PassedOver, ...] = ()
    readings: tuple[Reading, ...] = ()
    options: ReadOptions = field(factory=ReadOptions)
    gaps: tuple[Gap, ...] = ()
    """What the files leave to be filled in."""
    documents: Sequence[Document] = ()
    """What the objects are made of: documents as they are written, or as the tools on the way make them."""
    deployments: tuple[Deployment, ...] = ()
    without: frozenset[Place] = frozenset()
    """Places of objects that are not meant: other versions of what is written several times."""
    variants: tuple[Project, ...] = ()
    """Where some deployments exclude each other: the project with one of them, then with the next."""
    sources: SourceSet = field(factory=SourceSet)
    """The files that it was read from, if it was read from files."""

    @property
    def summary(self) -> Summary:
        """What was looked at, counted when somebody wants to know."""
        return self.summed.value

    def edited(self, texts: Mapping[str, str | None], beside: Project | None = None) -> Project:
        """The project as it is once these files, by their display paths, say this; None takes a file away.

        What stands as it does here, or in `beside` if that is given, is not read again. A file that is not in
        the set joins it; kustomizations, Flux and Argo CD read what they name as it is on disk.
        """
        files = {one.path: one for one in self.sources.files}
        for path, text in texts.items():
            if text is None:
                files.pop(path, None)
            else:
                known = files.get(path, SourceFile(path, b""))
                files[path] = evolve(known, data=text.encode("utf-8", "surrogatepass"))
        changed = tuple(files[path] for path in sorted(files))
        return read_sources(evolve(self.sources, files=changed), self.options, beside or self)

    @cached_property
    def read_before(self) -> Mapping[tuple[str, bytes], Reading]:
        """What was read of each file, by its name and its bytes."""
        known = {one.text.path: one for one in self.readings}
        files = (one for one in self.sources.files if one.path in known)
        return {(one.path, one.data): known[one.path] for one in files}

    def filled(self, choice: Callable[[Gap], Any] | None, beside: Project | None = None) -> Project:
        """The project as it is once `choice` has filled in what is open, by default as it is given.

        What `beside`, the project with something else filled in, knows of the rest is not found out again.
        """
        known = beside or self
        documents = filled_in(list(self.documents), self.gaps, choice)
        mesh, admission = assembled(
            documents,
            self.resources.kustomized,
            self.options,
            known.admission,
            self.without,
            known.as_written,
        )
        return evolve(self, mesh=mesh, admission=admission)

    def replaced(self, gone: Collection[Resource], come: Reading | None) -> Project:
        """The project with other objects in place of some; all else is the same, and not looked at again."""
        namespace = self.options.namespace or DEFAULT_NAMESPACE
        documents = () if come is None else come.documents
        resources = self.resources.replaced(gone, documents, namespace)
        is_set = set_alike(self.setting_kinds, self.resources, resources)
        known = self.admission, self.as_written
        mesh, admission = settled(resources, self.options, *known, is_set=is_set)
        places = self.without | {place_of(one) for one in gone}
        made = evolve(
            self,
            mesh=mesh,
            admission=admission,
            documents=Joined(self.documents, documents),
            texts=self.texts if come is None else Laid(self.texts, {come.text.path: come.text}),
            without=places,
            variants=(),
            deployments=(),
        )
        vars(made).update(torn=self.torn)
        return made

    def told_after(
        self, documents: Sequence[Document], kustomized: Collection[str], options: ReadOptions
    ) -> tuple[Mesh, Admission] | None:
        """The mesh of a few other documents, and the verdicts, without a look at all the others.

        None where it is not told from this project, as where tools put its objects together.
        """
        is_plain = not (self.gaps or self.deployments or self.without or options.substitutions)
        if not is_plain or options != self.options or set(kustomized) != self.resources.kustomized:
            return None
        resources = edited_set(self.resources, self.documents, documents, options)
        if resources is None:
            return None
        is_set = set_alike(self.setting_kinds, self.resources, resources)
        return settled(resources, options, self.admission, self.mesh, is_set=is_set)

    @cached_property
    def setting_kinds(self) -> frozenset[Kind] | None:
        """The kinds that the settings are read of; None where they rest on the set as a whole."""
        sets = {self.admission.written, *([self.admission.taken] if self.admission.refused else [])}
        found = [kinds_of_settings(one, self.mesh.settings.versions, self.options) for one in sets]
        return None if None in found else frozenset().union(*(one for one in found if one))

    def seen_from(self, view: View) -> Project:
        """The project with the versions that are meant from some files alone."""
        without = frozenset(place_of(one) for one in view.without)
        return evolve(self, without=without).filled(None)

    @cached_property
    def torn(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """The lines of documents that a merge conflict runs through, by file."""
        return {reading.text.path: reading.torn for reading in self.readings if reading.torn}

    @property
    def resources(self) -> ResourceSet:
        """The objects in the set, those included that the cluster refuses."""
        return self.admission.written

    @cached_property
    def as_written(self) -> Mesh:
        """The mesh as if the cluster took every object: the same one where it does."""
        is_less = self.admission.met or self.admission.refused
        return self.mesh.of(self.admission.written) if is_less else self.mesh

    @cached_property
    def access_desk(self) -> AccessDesk:
        """Who may call whom, with what has been made ready for earlier questions."""
        from meshlint.security.access import AccessDesk

        return AccessDesk(self.mesh)

    def access(self, request: AccessRequest) -> AccessDecision:
        """What comes of one request; raises `UsageError` for names and ports that do not exist.

        The first request to a port makes its policies ready, so the thousands after it are quick.
        """
        from meshlint.api.answers.deciding import decide

        decision = decide(self.access_desk, request)
        if not self.gaps:
            return decision
        from meshlint.api.answers.left_open import answers, evidence, unsure
        from meshlint.security.access import AccessDesk

        words = evidence([decision], (request.path, request.method, request.host, request.principal))
        others = answers(self, lambda mesh: decide(AccessDesk(mesh), request).verdict, words)
        return unsure(decision, self) if any(one is not decision.verdict for one in others) else decision

    def route(self, request: RouteRequest) -> RouteAnswer:
        """The way of a request; raises `UsageError` where the request makes no sense or nobody sends it."""
        from meshlint.api.answers.routing.refused import route_told, with_open_values

        return with_open_values(self, request, route_told(self, request))

    def route_table(self, request: RouteRequest) -> RouteTableAnswer:
        """All rules for the host and port of a request, whatever its path, method and headers."""
        from meshlint.api.answers.routing.tables import route_table

        return route_table(self.mesh, request)

    def status(self) -> StatusAnswer:
        """What controllers write into the status of the Gateway API objects."""
        from meshlint.api.answers.status import status

        return status(self.as_written, self.admission)


def read_sources(sources: SourceSet, options: ReadOptions, earlier: Project | None = None) -> Project:
    """The project in a set of files; objects that stand as they do in `earlier` are the same objects."""
    if earlier is None:
        readings = read_files(sources.files, options.jobs)
    else:
        before = {one.text.path: one for one in earlier.readings}
        readings = read_again(sources.files, earlier.read_before, before)
    made = made_of(readings, sources.passed_over, options, deployed(sources, readings), earlier)
    return evolve(made, sources=sources)


def read_texts(texts: Mapping[str, str], options: ReadOptions | None = None) -> Project:
    """The project in texts by file name, for tests and editors."""
    plain = {path: text for path, text in texts.items() if not is_kustomization(path)}
    readings = [read(path, text.encode()) for path, text in sorted(plain.items())]
    return made_of(readings, (), options or ReadOptions(), deployed_texts(texts, readings))


def without_files(project: Project, names: Collection[str]) -> Project:
    """The same project as if the files of these names were not in the set."""
    rest = tuple(one for one in project.documents if one.file not in names)
    made = _made(evolve(project, variants=(), passed_over=()), rest)
    return evolve(made, variants=tuple(without_files(one, names) for one in project.variants))


def made_of(
    readings: list[Reading],
    passed_over: Sequence[PassedOver],
    options: ReadOptions,
    found: Deployed,
    earlier: Project | None = None,
) -> Project:
    """The project of what was read, with what was passed over and the deployments that were found."""
    covered = found.covered
    documents = list(chain.from_iterable(one.documents for one in readings if one.text.path not in covered))
    left_out = left_over(passed_over, found)
    texts = {**found.texts, **{reading.text.path: reading.text for reading in readings}}
    unmade = frozenset(name for one in found.found if one.failure is not None for name in one.filled)
    lost = unread(readings, options.namespace or DEFAULT_NAMESPACE)
    given = evolve(options, filled=unmade, unread=lost)
    drawn = Drawn(tuple(readings), tuple(left_out), given, texts, earlier)
    made = [
        _of(drawn, [*documents, *(document for one in group for document in one.documents)], group)
        for group in members(found, options.deployment)
    ]
    whole = evolve(made[0], deployments=found.found)
    return whole if len(made) == 1 else evolve(whole, variants=tuple(made))


@frozen(eq=False, repr=False)
class Drawn:
    """What was read, before it is known which objects it makes."""

    readings: tuple[Reading, ...]
    passed_over: tuple[PassedOver, ...]
    options: ReadOptions
    texts: Mapping[str, FileText]
    earlier: Project | None = None
    """An earlier set, some of whose objects may be the same."""


def _of(drawn: Drawn, documents: list[Document], group: Sequence[Deployment]) -> Project:
    options = evolve(
        drawn.options,
        filled=drawn.options.filled.union(*(one.filled for one in group)),
        followed=frozenset(one.declared_by for one in group if one.declared_by and not one.missing),
    )
    documents = substituted(documents, options.substitutions)
    gaps = gaps_of(documents, options.schemas)
    given = filled_in(documents, gaps)
    kustomized = _kustomized(drawn.passed_over)
    before = drawn.earlier
    found = None
    if before is not None and not (group or gaps):
        found = before.told_after(documents, kustomized, options)
    known = None if before is None else before.admission
    beside = None if before is None else before.mesh
    mesh, admission = found or assembled(given, kustomized, options, known, (), beside)
    foreign = without_object(admission.written.foreign, documents)
    unlike = [one for one in no_manifests(drawn.readings) if one not in foreign]
    left_out = (*drawn.passed_over, *templates(drawn.readings), *foreign, *unlike)
    return Project(
        mesh=mesh,
        admission=admission,
        problems=problems(drawn.readings, left_out),
        texts=drawn.texts,
        summed=Later(lambda: looked_at(drawn.readings, left_out, mesh, admission)),
        passed_over=left_out,
        readings=drawn.readings,
        options=options,
        gaps=gaps,
        documents=tuple(documents),
        deployments=tuple(group),
    )


def _made(project: Project, documents: tuple[Document, ...]) -> Project:
    """The project of other documents."""
    gaps = gaps_of(documents, project.options.schemas)
    mesh, admission = assembled(filled_in(list(documents), gaps), (), project.options)
    return evolve(project, mesh=mesh, admission=admission, gaps=gaps, documents=documents)


def _kustomized(passed_over: Iterable[PassedOver]) -> list[str]:
    held = (entry.path for entry in passed_over if entry.reason is Reason.KUSTOMIZATION)
    return [str(PurePosixPath(path).parent) for path in held]

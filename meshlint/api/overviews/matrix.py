"""Who may call whom: the rows of `meshlint access`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from meshlint.api.answers.deciding import destination_named, no_port, which_port
from meshlint.api.answers.refusals import mattering
from meshlint.api.reading.project import Project
from meshlint.engine.usage import Mistake, UsageError, did_you_mean
from meshlint.mesh import Mesh
from meshlint.mesh.names.written import split_name
from meshlint.reports.access.answer import AccessAnswer, AdmittedRow, EdgeRow
from meshlint.security.access import AccessDesk, AccessRequest, Destination, Target, combined
from meshlint.security.access.admissions import admissions
from meshlint.security.access.calling import OUTSIDE, Caller, workload_caller
from meshlint.security.identity.linkerd import MIDDLE
from meshlint.values import evolve, field, frozen

_ALL = "/*"
_GATEWAY = "gateway/"


@frozen(repr=False)
class AccessQuestion:
    """Which calls are asked about: to whom, from whom, and what is known of the request.

    Without `to`, every destination is meant; without `source`, everyone that the files name as a caller. What
    `request` says of its ends does not count. `mesh` is the one that workloads are taken to be in if the
    manifests do not say: `istio`, `ambient` or `linkerd`.

    With `through` any number of calls counts, from outside unless `source` says who starts: those that the
    files name, or with `any_call` whatever is let in. `request` is then the one of the last call.
    """

    to: str | None = None
    source: str | None = None
    request: AccessRequest = field(factory=lambda: AccessRequest(""))
    mesh: str = ""
    through: bool = False
    any_call: bool = False

    @property
    def is_single(self) -> bool:
        """Whether one edge is asked about."""
        return self.to is not None and self.source is not None


def answered(project: Project, question: AccessQuestion) -> AccessAnswer:
    """The rows that answer a question; raises `UsageError` for names and ports that do not exist."""
    desk = _desk(project.mesh, question) if question.mesh else project.access_desk
    answer = _Asking(desk, question).answer()
    answer = evolve(answer, edges=_with_open(project, question, answer))
    notes = (*answer.notes, *_unseen(answer.edges, question), *_refused(project, question, answer))
    return evolve(answer, notes=notes)


def _with_open(project: Project, question: AccessQuestion, answer: AccessAnswer) -> tuple[EdgeRow, ...]:
    if not project.gaps:
        return answer.edges
    from meshlint.api.answers.left_open import with_open_edges

    request = question.request
    asked = (request.path, request.method, request.host, request.principal, request.namespace)
    return with_open_edges(
        project, answer.edges, asked, lambda mesh: _Asking(_desk(mesh, question), question).answer().edges
    )


def _desk(mesh: Mesh, question: AccessQuestion) -> AccessDesk:
    """Answers for a mesh, its workloads taken to be where the question says."""
    if not question.mesh:
        return AccessDesk(mesh)
    return AccessDesk(evolve(mesh, settings=evolve(mesh.settings, assumed_mesh=question.mesh)))


Edges = dict[tuple[str, str, int], tuple[str, str]]
"""What comes of the calls from a caller to a port: the word for it, and how they travel."""


def _refused(project: Project, question: AccessQuestion, answer: AccessAnswer) -> Iterator[str]:
    """Refused objects that would have changed what is told of a destination."""
    if question.to is None:
        return
    now = _outcomes(answer)

    def ask(mesh: Mesh) -> Edges:
        try:
            return _outcomes(_Asking(_desk(mesh, question), question).answer())
        except UsageError:
            return now

    for verdict, then in mattering(project, ask, now):
        yield f"{verdict.resource} {_would(now, then)}, but it is refused: {verdict.why}"


def _outcomes(answer: AccessAnswer) -> Edges:
    if answer.chains is not None:
        return {
            (hop.client, hop.server, hop.port or 0): (
                hop.word,
                "" if hop.decision is None else hop.decision.transport.value,
            )
            for chain in answer.chains
            for hop in chain.hops
        }
    return {
        (edge.client, edge.server, edge.port): (edge.word, edge.decision.transport.value)
        for edge in answer.edges
    }


def _would(now: Edges, then: Edges) -> str:
    """What an object would do to the calls that it changes."""
    changed = [key for key in then if key in now and then[key] != now[key]]
    words = {then[key][0] for key in changed if then[key][0] != now[key][0]}
    if not words:
        return "would change how calls travel" if changed else "would bring further callers"
    done = {"allowed": "let in", "denied": "deny", "in part": "let in, in part,"}
    what = done.get(words.pop(), "change") if len(words) == 1 else "change"
    client, server, port = changed[0]
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"would {what} calls from {client} to {server}:{port}{more}"


def _unseen(edges: Iterable[EdgeRow], question: AccessQuestion) -> Iterator[str]:
    """A hint where nobody knows whether the servers have a proxy."""
    decisions = [edge.decision for edge in edges]
    namespaces = sorted(
        {one.server.namespace for one in decisions if one.dataplane is None and not one.is_allowed}
    )
    if namespaces and not question.mesh:
        named = ", ".join(namespaces[:3]) + (", ..." if len(namespaces) > 3 else "")
        yield f"Whether workloads of {named} have a proxy is not in the manifests: --mesh says it for them."


@frozen(eq=False, repr=False)
class _Asking:
    desk: AccessDesk
    question: AccessQuestion

    def answer(self) -> AccessAnswer:
        """The answer: one edge, all that is known of one end, or every edge that the files name."""
        question = self.question
        callers = None if question.source is None else callers_named(self.desk, question.source)
        if question.to is None:
            if question.through:
                raise UsageError(Mistake("chains lead to one destination", "Name it with --to."))
            found, notes = self._everywhere(callers)
            return AccessAnswer(question.to, question.source, tuple(found), notes=notes)
        destination = destination_named(self.desk, question.to)
        targets = self._targets(destination)
        if question.through:
            return self._chains(callers, targets)
        if callers is not None:
            edges = self._edges(callers, destination, targets)
            return AccessAnswer(question.to, question.source, tuple(edges))
        named = (*self.desk.callers.of(destination), OUTSIDE)
        return AccessAnswer(
            question.to,
            None,
            tuple(self._edges(named, destination, targets)),
            tuple(self._admitted(destination, targets)),
        )

    def _chains(self, callers: Sequence[Caller] | None, targets: Sequence[Target]) -> AccessAnswer:
        """The chains of calls to a destination."""
        from meshlint.api.overviews.through import chains_to

        asked = self.question
        chains, notes = chains_to(self.desk, targets, callers, asked.request, any_call=asked.any_call)
        return AccessAnswer(asked.to, asked.source, (), notes=notes, chains=chains)

    def _targets(self, destination: Destination) -> tuple[Target, ...]:
        port = self.question.request.port
        if not destination.workloads:
            hint = "Without one, nothing is known of the proxies that judge the call."
            message = f"no workload behind the Service {destination} is in the manifests"
            raise UsageError(Mistake(message, hint))
        if port is not None:
            found = self.desk.names.targets(destination, port)
            if not found:
                raise UsageError(no_port(self.desk, destination, port))
            return found
        found = self.desk.names.all_targets(destination)
        if not found:
            raise UsageError(which_port(destination, found))
        return found

    def _everywhere(self, callers: Sequence[Caller] | None) -> tuple[list[EdgeRow], tuple[str, ...]]:
        """Every edge that the files name; with callers, all they may call and whatever names them."""
        edges: list[EdgeRow] = []
        silent: list[str] = []
        for destination in self.desk.callers.destinations():
            named = self.desk.callers.of(destination)
            targets = self._known_targets(destination)
            if not targets and named and callers is None:
                silent.append(str(destination))
            if callers is None:
                edges.extend(self._edges(named, destination, targets))
                continue
            labels = {one.label for one in named}
            others = [one for one in callers if one.workload not in destination.workloads]
            for edge in self._edges(others, destination, targets):
                if not edge.decision.is_denied or edge.client in labels:
                    edges.append(edge)
        return edges, _without_ports(silent)

    def _known_targets(self, destination: Destination) -> tuple[Target, ...]:
        port = self.question.request.port
        found = self.desk.names.all_targets(destination)
        if port is None:
            return found
        wanted = set(self.desk.names.targets(destination, port))
        return tuple(one for one in found if one in wanted)

    def _edges(
        self, callers: Iterable[Caller], destination: Destination, targets: Sequence[Target]
    ) -> Iterator[EdgeRow]:
        for caller in callers:
            for dialed, group in _by_port(targets):
                request = evolve(self.question.request, destination=str(destination), port=dialed)
                parts = tuple(self.desk.decide_for(caller, one, request) for one in group)
                decision = combined(parts, "which of the workloads answers")
                yield EdgeRow(caller.label, str(destination), dialed, decision)

    def _admitted(self, destination: Destination, targets: Sequence[Target]) -> Iterator[AdmittedRow]:
        seen: set[tuple[object, ...]] = set()
        for dialed, group in _by_port(targets):
            for target in group:
                request = evolve(self.question.request, destination=str(destination), port=dialed)
                for port in self.desk.ports(target):
                    for one in admissions(port, request):
                        key = (dialed, one.who, one.what, one.where, one.over, one.by and one.by.place)
                        if key not in seen:
                            seen.add(key)
                            yield AdmittedRow(str(destination), dialed, one)


def callers_named(desk: AccessDesk, text: str) -> tuple[Caller, ...]:
    """Who is meant by `text`: outside, a principal, a gateway, a workload, or those of a namespace."""
    if text == OUTSIDE.label:
        return (OUTSIDE,)
    if _is_principal(text):
        return (Caller(text, principal=text),)
    if text.startswith(_GATEWAY):
        return _gateway(desk, text[len(_GATEWAY) :])
    found = desk.names.sources(text)
    if len(found) > 1:
        names = ", ".join(str(one) for one in found)
        raise UsageError(Mistake(f'"{text}" is in several namespaces', f"Name one of {names}."))
    if found:
        return tuple(map(workload_caller, found[0].workloads))
    return _of_namespace(desk, text)


def _of_namespace(desk: AccessDesk, text: str) -> tuple[Caller, ...]:
    name = text.removesuffix(_ALL)
    workloads = desk.mesh.workloads.in_namespace(name)
    if workloads:
        return tuple(map(workload_caller, workloads))
    known = {*desk.mesh.resources.namespaces, *desk.mesh.workloads.namespaces}
    if text.endswith(_ALL) or name in known:
        return (Caller(f"{name}/*", namespace=name),)
    near = desk.names.similar(text)
    hint = f'Did you mean "{near[0]}"?' if near else did_you_mean(text, known)
    words = "Name a workload, NAMESPACE/*, a principal, gateway/NAME or outside."
    raise UsageError(Mistake(f'"{text}" is no workload and no namespace in the manifests', hint or words))


def _gateway(desk: AccessDesk, text: str) -> tuple[Caller, ...]:
    namespace, name = split_name(text)
    known = [one.resource for one in desk.mesh.gateways.all]
    known += [one.resource for one in desk.mesh.kubernetes_gateways]
    found = sorted(
        {
            (one.namespace, one.name)
            for one in known
            if one.name == name and namespace in (None, one.namespace)
        }
    )
    if len(found) == 1:
        return desk.callers.gateway(*found[0])
    if namespace is not None and not found:
        return desk.callers.gateway(namespace, name)
    if found:
        names = ", ".join(f"{_GATEWAY}{one[0]}/{one[1]}" for one in found)
        raise UsageError(Mistake(f'"{name}" is in several namespaces', f"Name one of {names}."))
    hint = did_you_mean(name, [one.name for one in known])
    raise UsageError(Mistake(f'"{name}" is no Gateway in the manifests', hint))


def _is_principal(text: str) -> bool:
    return text.startswith("spiffe://") or ("/ns/" in text and "/sa/" in text) or MIDDLE in text


def _by_port(targets: Sequence[Target]) -> Iterator[tuple[int, tuple[Target, ...]]]:
    ordered = sorted(targets, key=_port_of)
    for port, group in groupby(ordered, key=_port_of):
        yield port, tuple(group)


def _port_of(target: Target) -> int:
    return target.dialed or target.port


def _without_ports(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    more = ", ..." if len(names) > 3 else ""
    return (f"No port is known of {', '.join(names[:3])}{more}: name one with --port.",)

"""Whether the proxy before a workload lets plaintext in.

One policy of the mesh, one of the namespace and one that selects the workload are asked, each overriding the
one before unless its mode is UNSET; without any, plaintext is accepted (Istio: PeerAuthentication). Sidecars
are told the mode; what ztunnel is told instead stands in `ztunnel`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.mesh.policies.peer_authentications import mode_of
from meshlint.mesh.remembered import remembered
from meshlint.resources.age import oldest_first, perhaps_oldest
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.membership.istio import in_ambient, istio_ambient
from meshlint.security.transport.ztunnel import plaintext_at_ztunnel
from meshlint.values import evolve, frozen

_ALONE = {mode: frozenset({mode}) for mode in MtlsMode}


@frozen(eq=False, repr=False)
class ServerMtls:
    """The mode in force and the policies that decide it.

    `modes` has several members where several policies compete in one scope and disagree: the oldest counts,
    which files tell only if they were read from a cluster; `likely` is that of the first by name. `deciding`
    is empty where only a default decides.
    """

    modes: frozenset[MtlsMode]
    deciding: tuple[PeerAuthentication, ...] = ()
    likely: MtlsMode = MtlsMode.PERMISSIVE

    def guessed(self) -> ServerMtls:
        """The mode of the first policy by name, which stands in for the oldest."""
        return evolve(self, modes=frozenset({self.likely}))

    @property
    def accepts_plaintext(self) -> bool | None:
        """Whether plaintext is let in; None where competing policies disagree."""
        answers = {mode is not MtlsMode.STRICT for mode in self.modes}
        return answers.pop() if len(answers) == 1 else None

    @property
    def is_default(self) -> bool:
        """Whether no policy in the files decides."""
        return not self.deciding


@frozen(eq=False, repr=False)
class _Written:
    """The mode for a workload, and the policies that select it if some of them tells ports apart."""

    mtls: ServerMtls
    with_ports: tuple[PeerAuthentication, ...]

    def on_port(self, port: int | None) -> ServerMtls:
        if port is None or not self.with_ports:
            return self.mtls
        return _on_port(self.mtls, self.with_ports, port)


@remembered
def is_disabled_somewhere(mesh: Mesh) -> bool:
    """Whether any policy turns mTLS off, which is rare and quickly seen."""
    off = MtlsMode.DISABLE.value
    return any(
        one.mode == off or any(entry.mode == off for entry in one.port_level_mtls)
        for one in mesh.peer_authentications.all
    )


@remembered
def namespace_mtls(mesh: Mesh, namespace: str) -> ServerMtls:
    """The mode for workloads of a namespace that no policy selects."""
    policies = mesh.peer_authentications
    default = mesh.settings.mtls if mesh.settings.mtls is not MtlsMode.UNSET else MtlsMode.PERMISSIVE
    result = ServerMtls(frozenset({default}), likely=default)
    return _narrowed(_narrowed(result, _counting(policies.mesh)), _counting(policies.of_namespace(namespace)))


@remembered
def may_refuse_plaintext(mesh: Mesh, namespace: str) -> bool:
    """Whether any sidecar of a namespace may be surely one that refuses plaintext."""
    strict = MtlsMode.STRICT.value
    return namespace_mtls(mesh, namespace).accepts_plaintext is False or any(
        one.mode == strict or any(entry.mode == strict for entry in one.port_level_mtls)
        for one in mesh.peer_authentications.of_labels(namespace)
    )


def workload_mtls(mesh: Mesh, workload: Workload, port: int | None = None) -> ServerMtls:
    """The mode for a workload, on one of its container ports if given.

    In ambient mode it is what comes of the policies at ztunnel: STRICT where it refuses plaintext, else
    PERMISSIVE.
    """
    if istio_ambient(mesh, workload).is_present:
        return _at_ztunnel(mesh, workload, port)
    return written_mtls(mesh, workload, port)


@remembered
def _at_ztunnel(mesh: Mesh, workload: Workload, port: int | None) -> ServerMtls:
    found = plaintext_at_ztunnel(mesh, workload, port)
    modes = {MtlsMode.PERMISSIVE if taken else MtlsMode.STRICT for taken in found.answers}
    return ServerMtls(frozenset(modes), found.deciding, next(iter(modes)))


def written_mtls(mesh: Mesh, workload: Workload, port: int | None = None) -> ServerMtls:
    """The mode that is written for a workload, which sidecars follow."""
    return _written(mesh, workload).on_port(port)


@remembered
def _written(mesh: Mesh, workload: Workload) -> _Written:
    selecting = mesh.peer_authentications.selecting(workload.namespace, workload.pod.labels)
    return _by_policies(mesh, workload.namespace, selecting)


def labelled_mtls(
    mesh: Mesh, namespace: str, labels: Mapping[str, str], port: int | None = None
) -> ServerMtls:
    """The mode for pods or machines with these labels, on one of their ports if given."""
    selecting = mesh.peer_authentications.selecting(namespace, labels)
    return _by_policies(mesh, namespace, selecting).on_port(port)


@remembered
def _by_policies(mesh: Mesh, namespace: str, selecting: tuple[PeerAuthentication, ...]) -> _Written:
    """The mode that policies make of the one of their namespace: workloads that they select share it."""
    counting = _counting(selecting)
    with_ports = counting if any(one.port_level_mtls for one in counting) else ()
    return _Written(_narrowed(namespace_mtls(mesh, namespace), counting), with_ports)


def _counting(policies: Iterable[PeerAuthentication]) -> tuple[PeerAuthentication, ...]:
    """Those of one scope of which any may be the oldest, which counts (istiod: sortConfigByCreationTime)."""
    return perhaps_oldest(policies, lambda one: one.resource, lambda one: f"{one.name}.{one.namespace}")


def _narrowed(wider: ServerMtls, policies: Iterable[PeerAuthentication]) -> ServerMtls:
    return _chosen(wider, [(policy, mode_of(policy.mode)) for policy in policies])


def _on_port(wider: ServerMtls, selecting: Iterable[PeerAuthentication], port: int) -> ServerMtls:
    return _chosen(wider, [(policy, _mode_on_port(policy, port)) for policy in selecting])


def _mode_on_port(policy: PeerAuthentication, port: int) -> MtlsMode:
    entries = [entry for entry in policy.port_level_mtls if entry.port == port]
    return mode_of(entries[0].mode) if entries else MtlsMode.UNSET


def _chosen(wider: ServerMtls, found: list[tuple[PeerAuthentication, MtlsMode]]) -> ServerMtls:
    """What one of several policies makes of the mode around it; UNSET leaves it as it is."""
    deciding = tuple(policy for policy, mode in found if mode is not MtlsMode.UNSET)
    if not deciding:
        return wider
    sets = {wider.modes if mode is MtlsMode.UNSET else _ALONE[mode] for _, mode in found}
    modes = sets.pop() if len(sets) == 1 else frozenset().union(*sets)
    first = oldest_first(found, lambda pair: pair[0].resource)[0][1]
    likely = wider.likely if first is MtlsMode.UNSET else first
    return ServerMtls(modes, deciding, likely)


def decided_by_one(mesh: Mesh, namespace: str) -> set[Workload]:
    """The workloads of a namespace, those in ambient mode apart, for which a single policy decides."""
    selected: set[Workload] = set()
    again: set[Workload] = set()
    silent: set[Workload] = set()
    for labels, policies in _by_labels(mesh.peer_authentications.of_labels(namespace)):
        held = [one for one in mesh.workloads.labelled(namespace, labels) if _carries(one, labels)]
        again.update(held if len(policies) > 1 else selected.intersection(held))
        selected.update(held)
        if any(mode_of(one.mode) is MtlsMode.UNSET for one in policies):
            silent.update(held)
    return selected - again - silent - in_ambient(mesh, namespace)


def _by_labels(
    policies: Iterable[PeerAuthentication],
) -> Iterator[tuple[Mapping[str, str], list[PeerAuthentication]]]:
    """Policies with the labels that they select by, those with the same ones together."""
    found: dict[frozenset[tuple[str, str]], list[PeerAuthentication]] = {}
    for one in policies:
        labels = one.selector.labels if one.selector is not None else {}
        found.setdefault(frozenset(labels.items()), []).append(one)
    return ((dict(labels), alike) for labels, alike in found.items())


def _carries(workload: Workload, labels: Mapping[str, str]) -> bool:
    """Whether labels are written for pods: PeerAuthentications are not looked up by what injection adds."""
    return labels.items() <= workload.pod.labels.items()


def contested_workloads(mesh: Mesh) -> Iterator[tuple[PeerAuthentication, PeerAuthentication, Workload]]:
    """Pairs of policies, in the order of their names, that disagree on a workload, with the first such one.

    One policy alone counts, the oldest; its settings for ports are not added to those of others.
    """
    terms = {id(one): _terms(one) for one in mesh.peer_authentications.all}
    said: dict[str, set[object]] = {}
    for policy in mesh.peer_authentications.all:
        said.setdefault(policy.namespace, set()).add(terms[id(policy)])
    seen: set[tuple[int, int]] = set()
    met: set[tuple[int, ...]] = set()
    for workload in mesh.workloads.all:
        if len(said.get(workload.namespace, ())) < 2:
            continue
        selecting = mesh.peer_authentications.of_workload(workload)
        near = [one for one in selecting if belong_together(one.resource, workload.resource)]
        together = tuple(map(id, near))
        # Most workloads are selected by what others are as well, and most policies ask for the same.
        if together in met or len({terms[one] for one in together}) < 2:
            continue
        met.add(together)
        for one, other in combinations(sorted(near, key=lambda one: one.name), 2):
            pair = (id(one), id(other))
            if pair not in seen and one.name != other.name and terms[pair[0]] != terms[pair[1]]:
                seen.add(pair)
                yield one, other, workload


def _terms(policy: PeerAuthentication) -> tuple[MtlsMode, frozenset[tuple[int | None, MtlsMode]]]:
    ports = frozenset((entry.port, mode_of(entry.mode)) for entry in policy.port_level_mtls)
    return mode_of(policy.mode), ports

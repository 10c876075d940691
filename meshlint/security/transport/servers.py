"""Whether the proxy before a workload lets plaintext in.

One policy of the mesh, one of the namespace and one that selects the workload are asked, each overriding the
one before unless its mode is UNSET; without any, plaintext is accepted (Istio: PeerAuthentication).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from attrs import frozen

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.namespaces.placement import belong_together
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload


@frozen(eq=False, repr=False)
class ServerMtls:
    """The mode in force and the policies that decide it.

    `modes` has several members where several policies compete in one scope and disagree: the oldest counts,
    which files do not tell. `deciding` is empty where only a default decides.
    """

    modes: frozenset[MtlsMode]
    deciding: tuple[PeerAuthentication, ...] = ()

    @property
    def accepts_plaintext(self) -> bool | None:
        """Whether plaintext is let in; None where competing policies disagree."""
        answers = {mode is not MtlsMode.STRICT for mode in self.modes}
        return answers.pop() if len(answers) == 1 else None

    @property
    def is_default(self) -> bool:
        """Whether no policy in the files decides."""
        return not self.deciding


def namespace_mtls(mesh: Mesh, namespace: str) -> ServerMtls:
    """The mode for workloads of a namespace that no policy selects."""
    policies = mesh.peer_authentications
    default = mesh.settings.mtls if mesh.settings.mtls is not MtlsMode.UNSET else MtlsMode.PERMISSIVE
    result = ServerMtls(frozenset({default}))
    return _narrowed(_narrowed(result, policies.mesh), policies.of_namespace(namespace))


def workload_mtls(mesh: Mesh, workload: Workload, port: int | None = None) -> ServerMtls:
    """The mode for a workload, on one of its container ports if given."""
    selecting = mesh.peer_authentications.of_workload(workload)
    result = _narrowed(namespace_mtls(mesh, workload.namespace), selecting)
    return result if port is None else _on_port(result, selecting, port)


def mode_of(word: str | None) -> MtlsMode:
    """The mode that a policy's text names; an unknown text decides nothing."""
    return MtlsMode(word) if word in MtlsMode.__members__ else MtlsMode.UNSET


def _narrowed(wider: ServerMtls, policies: Iterable[PeerAuthentication]) -> ServerMtls:
    modes: set[MtlsMode] = set()
    deciding: list[PeerAuthentication] = []
    for policy in policies:
        mode = mode_of(policy.mode)
        if mode is MtlsMode.UNSET:
            modes |= wider.modes
        else:
            modes.add(mode)
            deciding.append(policy)
    return ServerMtls(frozenset(modes), tuple(deciding)) if deciding else wider


def _on_port(wider: ServerMtls, selecting: Iterable[PeerAuthentication], port: int) -> ServerMtls:
    modes: set[MtlsMode] = set()
    deciding: list[PeerAuthentication] = []
    for policy in selecting:
        entries = [entry for entry in policy.port_level_mtls if entry.port == port]
        mode = mode_of(entries[0].mode) if entries else MtlsMode.UNSET
        if mode is MtlsMode.UNSET:
            modes |= wider.modes
        else:
            modes.add(mode)
            deciding.append(policy)
    return ServerMtls(frozenset(modes), tuple(deciding)) if deciding else wider


def contested_workloads(mesh: Mesh) -> Iterator[tuple[PeerAuthentication, PeerAuthentication, Workload]]:
    """Pairs of policies, in the order of their names, that disagree on a workload, with the first such one.

    One policy alone counts, the oldest; its settings for ports are not added to those of others.
    """
    seen: set[tuple[int, int]] = set()
    for workload in mesh.workloads.all:
        selecting = mesh.peer_authentications.of_workload(workload)
        near = (one for one in selecting if belong_together(one.resource, workload.resource))
        found = sorted(near, key=lambda one: one.name)
        for one, other in combinations(found, 2):
            pair = (id(one), id(other))
            if pair not in seen and one.name != other.name and _terms(one) != _terms(other):
                seen.add(pair)
                yield one, other, workload


def _terms(policy: PeerAuthentication) -> tuple[MtlsMode, frozenset[tuple[int | None, MtlsMode]]]:
    ports = frozenset((entry.port, mode_of(entry.mode)) for entry in policy.port_level_mtls)
    return mode_of(policy.mode), ports

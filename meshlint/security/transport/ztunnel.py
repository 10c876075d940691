"""Whether ztunnel lets plaintext in.

ztunnel knows no modes of mutual TLS. istiod makes policies of the PeerAuthentications that deny whoever shows
no identity: a static one for workloads whose mode is STRICT, and one of each PeerAuthentication with modes of
ports. What is attached to a workload, and what the policies say, is worked out in two places that do not
always agree, and what comes of both together is what users get (istiod: convertedSelectorPeerAuthentications,
convertPeerAuthentication and PolicyCollections of its ambient index, as of August 2026). Where that is hardly
meant, a docstring says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.mesh import Mesh, MtlsMode
from meshlint.mesh.policies.peer_authentications import mode_of
from meshlint.resources.age import perhaps_oldest
from meshlint.resources.istio.peer_authentication import PeerAuthentication
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import frozen

_STRICT, _PERMISSIVE, _UNSET = MtlsMode.STRICT, MtlsMode.PERMISSIVE, MtlsMode.UNSET
_OPEN = frozenset({MtlsMode.PERMISSIVE, MtlsMode.DISABLE})
Maybe = PeerAuthentication | None


@frozen(eq=False, repr=False)
class Plaintext:
    """Whether plaintext is let in, and the policies that decide it.

    There are two `answers` where the ages of policies decide, which are not in the files.
    """

    answers: frozenset[bool]
    deciding: tuple[PeerAuthentication, ...]


@frozen(eq=False, repr=False)
class _Levels:
    """The policy that counts at each level.

    `converted` is that of the namespace where modes of ports are converted, and `outside` the mode of a
    mesh-wide policy that is not in the files.
    """

    outside: MtlsMode
    mesh: Maybe
    namespace: Maybe
    converted: Maybe
    workload: Maybe

    @property
    def mesh_mode(self) -> MtlsMode:
        """The mode of the mesh."""
        return self.outside if self.mesh is None else mode_of(self.mesh.mode)


def plaintext_at_ztunnel(mesh: Mesh, workload: Workload, port: int | None = None) -> Plaintext:
    """Whether plaintext comes in to a container port of `workload`, or to those that no policy names.

    Every PeerAuthentication with ports that selects the workload is attached, not only the oldest, because
    all that is made of them is attached by labels (istiod: buildWorkloadPolicies).
    """
    attached = _with_ports(mesh, workload)
    answers: set[bool] = set()
    deciding: dict[int, PeerAuthentication] = {}
    for levels in _orders(mesh, workload):
        against = [one for one in attached if _denies(one, levels, port)]
        is_strict, decider = _static(levels)
        answers.add(not against and not is_strict)
        for one in against or ([] if decider is None else [decider]):
            deciding[id(one)] = one
    return Plaintext(frozenset(answers), tuple(deciding.values()))


def _static(levels: _Levels) -> tuple[bool, Maybe]:
    """Whether the static policy is attached, which denies all plaintext, and the policy that decides it.

    Modes of ports take it away where they make exceptions. Under a STRICT parent only PERMISSIVE counts as
    one, not DISABLE, so a port that is disabled there stays closed: that looks like a mistake of istiod.
    """
    is_strict, decider = levels.mesh_mode is _STRICT, _deciding(levels.mesh)
    for one in (levels.namespace, levels.workload):
        if one is not None and mode_of(one.mode) is not _UNSET:
            is_strict, decider = mode_of(one.mode) is _STRICT, one
    own = levels.workload
    if own is None or not is_strict:
        return is_strict, decider
    exceptions = {_PERMISSIVE} if mode_of(own.mode) is _UNSET else _OPEN
    excused = any(mode_of(entry.mode) in exceptions for entry in own.port_level_mtls)
    return (False, own) if excused else (True, decider)


def _denies(policy: PeerAuthentication, levels: _Levels, port: int | None) -> bool:
    """Whether what is made of a policy with modes of ports denies plaintext to a port.

    It says what its ports have to themselves: STRICT ones are closed unless the parent closes them, and if
    some are open under a parent that closes them, all the others are closed. Two cases look like mistakes of
    istiod: below a STRICT mesh and a namespace without a mode, STRICT ports of a policy that is itself
    PERMISSIVE or DISABLE are left out, so they are open; and below a namespace policy without a mode, open
    ports are left out though the mesh is STRICT, with which nothing closes the others either.
    """
    own = mode_of(policy.mode)
    above = _UNSET if levels.converted is None else mode_of(levels.converted.mode)
    mesh_is_strict = levels.mesh_mode is _STRICT
    inherits = own is _UNSET and above is _STRICT
    is_closed_above = own is _STRICT or inherits or (above is _UNSET and mesh_is_strict)
    modes = {entry.port: mode_of(entry.mode) for entry in policy.port_level_mtls if entry.port is not None}
    asked = _UNSET if port is None else modes.get(port, _UNSET)
    if asked is _STRICT and not is_closed_above:
        return True
    excuses = own is _STRICT or inherits or (own is _UNSET and levels.converted is None and mesh_is_strict)
    return excuses and bool(_OPEN & set(modes.values())) and asked not in _OPEN


def _orders(mesh: Mesh, workload: Workload) -> Iterator[_Levels]:
    """The policies that count, once for each order of ages that the files leave possible.

    At each level the oldest counts. A policy with `selector: {}` is one of its namespace where a workload's
    policies are chosen, and none where modes of ports are converted; in the root namespace it is one for the
    pods there alone (istiod: fetchPeerAuthentications and the index of those without a selector). The last
    two look like mistakes.
    """
    found = mesh.peer_authentications
    root, own = found.settings.root_namespace, workload.namespace
    in_root = [one for one in found.mesh if own == root or one.selector is None]
    wide = [] if own == root else found.of_namespace(own)
    for one in _choices(in_root):
        for namespace in _choices(wide):
            bare = [namespace] if namespace is None or namespace.selector is None else None
            for converted in bare or _choices(policy for policy in wide if policy.selector is None):
                for selecting in _choices(found.of_workload(workload)):
                    yield _Levels(found.settings.mtls, one, namespace, converted, selecting)


def _choices(policies: Iterable[PeerAuthentication]) -> tuple[Maybe, ...]:
    return perhaps_oldest(policies, lambda one: one.resource) or (None,)


def _with_ports(mesh: Mesh, workload: Workload) -> tuple[PeerAuthentication, ...]:
    """The policies with modes of ports that are attached by their labels.

    One without labels is attached to all, unless it has no mapping of labels at all.
    """
    found = mesh.peer_authentications
    if workload.namespace == found.settings.root_namespace:
        return ()
    labelled = (*found.of_workload(workload), *found.of_namespace(workload.namespace))
    return tuple(
        one
        for one in labelled
        if one.port_level_mtls and one.selector is not None and one.selector.has_labels_written
    )


def _deciding(policy: Maybe) -> Maybe:
    return None if policy is None or mode_of(policy.mode) is _UNSET else policy

"""Who may call a port, as sets of clients rather than for one call."""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.mesh import Mesh
from meshlint.resources.gateway_api.route import AnyRoute
from meshlint.resources.kubernetes.workload import Workload
from meshlint.resources.linkerd.server import Server
from meshlint.security.linkerd.authorization.clients import Clients, Identities
from meshlint.security.linkerd.authorization.governing import Governing, governing
from meshlint.security.linkerd.authorization.grants import Grant, route_grants
from meshlint.security.linkerd.ports import skipped_inbound
from meshlint.security.membership.linkerd import linkerd_proxy
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class Admitted:
    """The clients that are let in to one part of what a port serves.

    That is what `route` takes, or GETs of `path` by the kubelet, or with neither of them everything.
    """

    clients: Clients
    grants: tuple[Grant, ...] = ()
    server: Server | None = None
    route: AnyRoute | None = None
    path: str | None = None
    is_enforced: bool = True
    """False where no proxy sees the port, so that everybody is let in."""
    open_ends: tuple[Grant, ...] = ()
    """Grants whose clients lie outside of the files, so that more may be let in."""

    def describe(self) -> str:
        """Who is let in, for a table or a message."""
        if not self.is_enforced:
            return "anyone, for no proxy enforces a policy"
        known = self.clients.describe()
        if not self.open_ends:
            return known
        others = ", ".join(grant.label for grant in self.open_ends)
        return f"{known}, and whom {others} requires" if self.grants else f"whom {others} requires"


def admitted(mesh: Mesh, workload: Workload, port: int) -> tuple[Admitted, ...]:
    """Who may call a port of the pods of `workload`, route by route.

    Where several Servers claim the port there are entries for each, and only their age tells which count.
    """
    anyone = Clients.of(Identities.anyone())
    if linkerd_proxy(mesh, workload).is_absent or skipped_inbound(mesh, workload).ports.admits(port):
        return (Admitted(anyone, is_enforced=False),)
    return tuple(entry for rule in governing(mesh, workload, port) for entry in _entries(mesh, rule))


def _entries(mesh: Mesh, rule: Governing) -> Iterable[Admitted]:
    if rule.routes:
        for route in rule.routes:
            yield _entry((*rule.grants, *route_grants(mesh, route)), rule.server, route)
        return
    yield _entry(rule.grants, rule.server)
    for path in sorted(rule.probed):
        yield Admitted(rule.probers, (), rule.server, path=path)


def _entry(grants: tuple[Grant, ...], server: Server | None, route: AnyRoute | None = None) -> Admitted:
    sure = tuple(grant for grant in grants if grant.clients is not None)
    clients = Clients.union_of(grant.clients for grant in sure if grant.clients is not None)
    return Admitted(
        clients, sure, server, route, open_ends=tuple(grant for grant in grants if grant.clients is None)
    )

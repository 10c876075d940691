"""Which servers of several Gateways the pods behind them really serve on one port.

Istio takes the Gateways of a proxy in the order of their age and their servers in the order of the text, and
leaves out whatever clashes with what it took before (Istio: merging of Gateways; istiod: mergeGateways).
"""

from __future__ import annotations

from collections.abc import Iterable

from meshlint.mesh.hosts.protocols import Protocol, declared_protocol
from meshlint.resources.istio.gateway import Server
from meshlint.traffic.tables.entries import Layer
from meshlint.traffic.tables.istio.listeners import Listener
from meshlint.values import field, frozen


@frozen(eq=False, repr=False)
class Dropped:
    """A server that is not served, because of one that was taken before."""

    listener: Listener
    taken: Listener


@frozen(eq=False, repr=False)
class Merged:
    """The servers that are served on a port, in their order, and those that are not."""

    served: tuple[Listener, ...]
    dropped: tuple[Dropped, ...]


def merge(found: Iterable[Listener]) -> Merged:
    """The servers of one port, the oldest Gateway's first, as they are merged."""
    port = _Port()
    served: list[Listener] = []
    dropped: list[Dropped] = []
    for listener in found:
        rival = port.take(listener)
        if rival is None:
            served.append(listener)
        else:
            dropped.append(Dropped(listener, rival))
    return Merged(tuple(served), tuple(dropped))


@frozen(eq=False, repr=False)
class _Port:
    """What was taken so far: hosts of servers with a `tls` block, names of route tables, the first server."""

    tls_hosts: dict[tuple[str, str], Listener] = field(factory=dict)
    tables: dict[tuple[str, ...], Listener] = field(factory=dict)
    plain: list[Listener] = field(factory=list)
    binds: dict[str, Listener] = field(factory=dict)
    first: list[Listener] = field(factory=list)

    def take(self, listener: Listener) -> Listener | None:
        """Take a server, or say which one stands before it."""
        rival = self._same_host(listener)
        if rival is None:
            rival = self._same_port(listener)
        return rival

    def _same_host(self, listener: Listener) -> Listener | None:
        """A server with a `tls` block, `httpsRedirect` included, excludes another with one of its hosts."""
        if listener.server.tls is None:
            return None
        keys = [(_bind(listener.server), host) for host in listener.texts]
        rival = next((self.tls_hosts[key] for key in keys if key in self.tls_hosts), None)
        if rival is None:
            self.tls_hosts.update(dict.fromkeys(keys, listener))
        return rival

    def _same_port(self, listener: Listener) -> Listener | None:
        if not self.first:
            self.first.append(listener)
            if not _encrypts(listener.server):
                self.plain.append(listener)
            if listener.layer is Layer.HTTP:
                self.tables[_table(listener)] = listener
            return None
        return self._beside_plain(listener) if self.plain else self._beside_tls(listener)

    def _beside_plain(self, listener: Listener) -> Listener | None:
        """Beside a plain server only plain HTTP is served, and only if the other one is HTTP as well."""
        current = self.plain[0]
        if _bind(current.server) != _bind(listener.server):
            return None
        mine, theirs = _protocol(listener), _protocol(current)
        merges = (mine.is_http or mine is theirs) and theirs.is_http
        return None if merges and listener.layer is Layer.HTTP else current

    def _beside_tls(self, listener: Listener) -> Listener | None:
        """Beside TLS, more TLS is served; a plain server only as the second one, which seems not intended."""
        if listener.layer is Layer.HTTP:
            rival = self.tables.setdefault(_table(listener), listener)
            if rival is not listener:
                return rival
        rival = self.binds.setdefault(_bind(listener.server), listener)
        return rival if listener.server.tls is None and rival is not listener else None


def _bind(server: Server) -> str:
    return str(server.bind or "")


def _protocol(listener: Listener) -> Protocol:
    return declared_protocol(listener.server.port.protocol)


def _encrypts(server: Server) -> bool:
    return server.tls is not None and not declared_protocol(server.port.protocol).is_http


def _table(listener: Listener) -> tuple[str, ...]:
    """What tells route tables apart: one for plain HTTP, one per HTTPS server by the name of its port."""
    if _protocol(listener).is_http:
        return ("http",)
    return ("https", str(listener.server.port.name or ""), listener.name)

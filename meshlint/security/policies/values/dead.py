"""Conditions and values of AuthorizationPolicies that nothing at a sidecar ever satisfies."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.matching import StringSet, istio_sni, known, port_number
from meshlint.mesh import Mesh, MtlsMode
from meshlint.resources.kubernetes.workload import Workload
from meshlint.security.istio import Chain
from meshlint.security.policies.scope import before_sidecars
from meshlint.security.policies.values.texts import (
    PolicyValue,
    policies_saying,
    policy_values,
    positive,
    values_of,
)
from meshlint.security.transport.inbound import UNCAPTURED, chains, served_ports
from meshlint.security.transport.servers import workload_mtls

_SERVER_NAME = "connection.sni"
_MESH_NAMES = StringSet.prefix("outbound_")
_WITHOUT_OTHERS = ({MtlsMode.STRICT}, {MtlsMode.DISABLE})
_REGISTERED = (
    "ACL BAN BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LIST LOCK "
    "MERGE MGET MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE NOTIFY OPTIONS ORDERPATCH "
    "PATCH POST PRI PROPFIND PROPPATCH PURGE PUT QUERY REBIND REFRESH REPORT SEARCH SOURCE SUBSCRIBE "
    "TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UNSUBSCRIBE UPDATE UPDATEREDIRECTREF VERSION-CONTROL VIEW"
)
_METHODS = frozenset(_REGISTERED.split())
_COMMON = ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")


def plain_server_names(mesh: Mesh) -> Iterator[PolicyValue]:
    """Server names that no connection to the workloads of a policy carries.

    Between sidecars the name reads `outbound_.<port>_.<subset>_.<host>`. Only clients outside of the mesh
    send another one, and only a port that may speak TCP takes their TLS. It does not where mTLS is demanded,
    and where mTLS is turned off nobody looks for a name (Istio: mutual TLS at the server).
    """
    for policy, workloads in before_sidecars(mesh, policies_saying(mesh, _SERVER_NAME.__eq__)):
        dead = [
            found
            for found in policy_values(mesh, policy)
            if found.name == _SERVER_NAME and _is_plain(found.value) and not found.negated
        ]
        if dead and all(_takes_mesh_only(mesh, one) for one in workloads):
            yield from dead


def _is_plain(value: str) -> bool:
    """Whether no sidecar sends such a name; of one with capitals, which nobody sends, another rule speaks."""
    admitted = istio_sni(value)
    return not admitted.is_empty() and known(lambda: admitted.overlaps(_MESH_NAMES)) is False


def _takes_mesh_only(mesh: Mesh, workload: Workload) -> bool:
    ports = served_ports(mesh, workload)
    return bool(ports) and all(
        workload_mtls(mesh, workload, port).modes in _WITHOUT_OTHERS
        or chains(mesh, workload, port) == (Chain.HTTP,)
        for port in ports
    )


def unguarded_ports(mesh: Mesh) -> Iterator[PolicyValue]:
    """Ports of the proxy itself that a policy is to close, which it never does (Istio: traffic capture)."""
    for policy in mesh.authorization_policies.all:
        if policy.action == "DENY" and not policy.target_refs:
            for found in policy_values(mesh, policy):
                is_port = positive(found.name) in ("ports", "destination.port") and not found.negated
                if is_port and port_number(found.value) in UNCAPTURED:
                    yield found


def misspelt_methods(mesh: Mesh) -> Iterator[tuple[PolicyValue, str]]:
    """Methods in capitals that nobody sends and that look like a common one, which is given as well."""
    from difflib import get_close_matches

    for found in values_of(mesh, "methods"):
        value = found.value
        if value in _METHODS or not value.isalpha() or not value.isupper():
            continue
        near = get_close_matches(value, _COMMON, n=1, cutoff=0.75)
        if near:
            yield found, near[0]

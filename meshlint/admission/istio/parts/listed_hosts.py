"""Hosts with the namespace that they are taken from, as Gateways and Sidecars list them.

Istio: `ValidateNamespaceSlashWildcardHostname` and `validateSidecarOrGatewayHostnamePart`.
"""

from __future__ import annotations

from meshlint.admission.istio.vocabulary import texts


def listed_host(text: str, *, gateway: bool, generated: bool = False) -> str:
    """What is wrong with `namespace/host`; empty if nothing is. Gateways may leave the namespace out."""
    namespace, slash, host = text.partition("/")
    if not slash:
        return _host(text, gateway=True) if gateway else "names no namespace"
    if not namespace or not host:
        return "lacks a part"
    place = namespace if gateway else namespace.removeprefix("~")
    free = ("*", ".", "~") if gateway and generated else ("*", ".") if gateway else ("*", ".", "")
    if place not in free and not texts.is_label(place):
        return "names a namespace that cannot be one"
    return _host(host, gateway=gateway)


def _host(host: str, *, gateway: bool) -> str:
    if host != "*" and "." not in host:
        return "is a short name"
    problem = texts.wildcard_problem(host)
    if problem and not (gateway and texts.is_address(host)):
        return problem
    return "uses a wildcard for a part of a label" if texts.is_partial_wildcard(host) else ""

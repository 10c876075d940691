"""Checks on the Gateway API's kinds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from meshlint.resources.schema.constraints.reading import REFUSED, has, items, mapping, mappings, text
from meshlint.resources.schema.fault import Broken
from meshlint.resources.schema.forms.formats import go_duration, is_address
from meshlint.resources.schema.words.writing import quoted
from meshlint.values import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LABEL: Final = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
HOSTNAME: Final = regex(rf"{LABEL}(?:\.{LABEL})*")
SERVICE: Final = regex(r"\.?[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*", re.IGNORECASE | re.ASCII)
METHOD: Final = regex(r"[A-Za-z_][A-Za-z_0-9]*")
PATH: Final = regex(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+")
IN_PATH: Final = ("//", "/./", "/../", "%2f", "%2F", "#")
AT_END: Final = ("/..", "/.")


def service_port(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A backend that is a Service names its port."""
    del params
    if text(value, "group") or text(value, "kind") != "Service" or has(value, "port"):
        return None
    return Broken(f'"port" is missing from a backend that is a Service, {REFUSED}', on_key=True)


def fraction(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A fraction is not over one."""
    del params
    upper, lower = (
        value.get(name) if isinstance(value, dict) else None for name in ("numerator", "denominator")
    )
    if not isinstance(upper, int) or not isinstance(lower, int) or upper <= lower:
        return None
    return Broken(f"{upper} of {lower} is more than all, {REFUSED}", ("numerator",))


def grpc_method(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A method match names a service or a method, each as gRPC spells them where matched exactly."""
    del params
    if not isinstance(value, dict):
        return None
    if has(value, "type") and not has(value, "service") and not has(value, "method"):
        return Broken(f'A method match needs "service" or "method" and has neither, {REFUSED}', on_key=True)
    if value.get("type", "Exact") != "Exact":
        return None
    for name, form in (("service", SERVICE), ("method", METHOD)):
        if has(value, name) and not form.fullmatch(text(value, name)):
            return Broken(f"{quoted(text(value, name))} is no name of a gRPC {name}, {REFUSED}", (name,))
    return None


def permanent_cookie(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A permanent cookie needs the time after which it ends."""
    cookie = mapping(value, params["field"])
    if text(cookie, "lifetimeType") != "Permanent" or has(value, "absoluteTimeout"):
        return None
    message = f'lifetimeType "Permanent" needs "absoluteTimeout", which is missing, {REFUSED}'
    return Broken(message, (params["field"], "lifetimeType"))


def address(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """An address of type IPAddress is one, and one of type Hostname is a host name, or a wildcard of one.

    A `strict` release takes no address of these types without a value.
    """
    kind, written = text(value, "type"), text(value, "value")
    if not has(value, "value"):
        if not params.get("strict") or kind not in ("Hostname", "IPAddress"):
            return None
        return Broken(f'"value" is missing from an address of type {quoted(kind)}, {REFUSED}', on_key=True)
    if kind == "IPAddress" and not is_address(written):
        return Broken(f"{quoted(written)} is not an IP address, {REFUSED}", ("value",))
    if kind == "Hostname" and not HOSTNAME.fullmatch(written.removeprefix("*.")):
        return Broken(f"{quoted(written)} is not a host name, {REFUSED}", ("value",))
    return None


def ca_source(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Certificates of authorities come either from those `listed` or from the system's well-known ones."""
    listed, known = params["listed"], params["known"]
    is_listed, is_known = bool(items(value, listed)), bool(text(value, known))
    names = f"{quoted(listed)} or {quoted(known)}"
    if is_listed and is_known:
        message = f"One of {names} may be set, and both are, {REFUSED}"
        return Broken(message, (known,), on_key=True, related=((listed,),))
    if is_listed or is_known:
        return None
    return Broken(f"{names} is required and both are missing, {REFUSED}", on_key=True)


def listeners(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Each listener has what its protocol takes: tls and its mode, and a host name; `ask` says which of them.

    Releases have come to ask for more and more of them.
    """
    for index, listener in mappings(value):
        if found := _ASKS[params["ask"]](listener, text(listener, "protocol")):
            return Broken(found.message, (index, *found.path), found.on_key, found.suggestion)
    return None


def _no_tls(listener: dict[str, Any], protocol: str) -> Broken | None:
    return _strange("tls", protocol) if protocol in ("HTTP", "TCP", "UDP") and has(listener, "tls") else None


def _no_hostname(listener: dict[str, Any], protocol: str) -> Broken | None:
    return (
        _strange("hostname", protocol) if protocol in ("TCP", "UDP") and text(listener, "hostname") else None
    )


def _strange(field: str, protocol: str) -> Broken:
    message = (
        f"{quoted(field)} is set on a listener of protocol {quoted(protocol)}, which takes none, {REFUSED}"
    )
    return Broken(message, (field,), on_key=True)


def _tls(listener: dict[str, Any], protocol: str) -> Broken | None:
    if protocol not in ("HTTPS", "TLS") or has(listener, "tls"):
        return None
    return Broken(f'protocol {quoted(protocol)} needs "tls", which is missing, {REFUSED}', ("protocol",))


def _tls_mode(listener: dict[str, Any], protocol: str) -> Broken | None:
    if protocol != "TLS" or text(mapping(listener, "tls"), "mode"):
        return None
    return Broken(f'protocol "TLS" needs "tls" with a mode, which is missing, {REFUSED}', ("protocol",))


def _https_mode(listener: dict[str, Any], protocol: str) -> Broken | None:
    mode = text(mapping(listener, "tls"), "mode")
    if protocol != "HTTPS" or mode in ("", "Terminate"):
        return None
    message = f'{quoted(mode)} is set where protocol "HTTPS" takes mode "Terminate" alone, {REFUSED}'
    return Broken(message, ("tls", "mode"), suggestion="For passthrough use protocol: TLS.")


_ASKS: Final[Mapping[str, Callable[[dict[str, Any], str], Broken | None]]] = {
    "https-mode": _https_mode,
    "no-hostname": _no_hostname,
    "no-tls": _no_tls,
    "tls": _tls,
    "tls-mode": _tls_mode,
}


def certificates(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """TLS that ends at the gateway needs a certificate, or options that say where it comes from.

    A `strict` release does not take the options for it.
    """
    if text(value, "mode") != "Terminate" or items(value, "certificateRefs"):
        return None
    if mapping(value, "options") and not params.get("strict"):
        return None
    return Broken(f'mode "Terminate" needs "certificateRefs", which are missing, {REFUSED}', on_key=True)


def redirect_alone(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A rule that redirects has no backends."""
    del params
    if not items(value, "backendRefs"):
        return None
    for index, one in mappings(value, "filters"):
        if has(one, "requestRedirect"):
            message = f"A rule that redirects can have no backendRefs, {REFUSED}"
            return Broken(message, ("backendRefs",), on_key=True, related=(("filters", index),))
    return None


def prefix_rewrite(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Replacing the matched prefix needs one match, and it by prefix."""
    name, place = params["filter"], params["in"]
    found = list(_rewriting(value, name, place))
    if len(found) != 1 or _one_prefix(value):
        return None
    message = f'"ReplacePrefixMatch" needs the rule to have one match, of type "PathPrefix", {REFUSED}'
    return Broken(message, (*found[0], name, "path", "type"), related=(("matches",),))


def _rewriting(value: Any, name: str, place: str) -> Iterator[tuple[str | int, ...]]:
    """Where a prefix is replaced: each filter of the rule, or each backend with just one such filter."""
    if place == "filters":
        yield from (("filters", index) for index, one in mappings(value, "filters") if _replaces(one, name))
        return
    for number, backend in mappings(value, "backendRefs"):
        inner = [index for index, one in mappings(backend, "filters") if _replaces(one, name)]
        if len(inner) == 1:
            yield ("backendRefs", number, "filters", inner[0])


def _replaces(one: dict[str, Any], name: str) -> bool:
    path = mapping(mapping(one, name), "path")
    return text(path, "type") == "ReplacePrefixMatch" and has(path, "replacePrefixMatch")


def _one_prefix(value: Any) -> bool:
    matches = items(value, "matches")
    return len(matches) == 1 and text(mapping(matches[0], "path"), "type") == "PathPrefix"


def path_value(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """A path that is compared as text is absolute and normal."""
    del params
    kind, path = text(value, "type"), text(value, "value")
    if kind not in ("Exact", "PathPrefix"):
        return None
    if not path.startswith("/"):
        message = f'{quoted(path)} does not start with "/", {REFUSED}'
        return Broken(message, ("value",), suggestion=f"Write {quoted('/' + path)}.")
    inside = next((part for part in IN_PATH if part in path), None)
    inside = inside or next((part for part in AT_END if path.endswith(part)), None)
    if inside:
        return Broken(f"{quoted(path)} holds {quoted(inside)}, which no path may hold, {REFUSED}", ("value",))
    if not PATH.fullmatch(path):
        message = f"{quoted(path)} holds characters that a path does not, {REFUSED}"
        return Broken(message, ("value",), suggestion="A pattern needs type: RegularExpression.")
    return None


def timeouts(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """One attempt may not take longer than the whole request; 0s is no limit."""
    del params
    request, attempt = (
        go_duration(text(value, "request") or "x"),
        go_duration(text(value, "backendRequest") or "x"),
    )
    if request is None or attempt is None or request == 0 or attempt <= request:
        return None
    shown = f"backendRequest {quoted(value['backendRequest'])} is over request {quoted(value['request'])}"
    message = f"{shown}, {REFUSED}"
    return Broken(message, ("backendRequest",), related=(("request",),))


def sni_hostnames(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """Each is a host name, perhaps with a wildcard as its whole first label, and no address."""
    del params
    for index, name in enumerate(items(value)):
        if isinstance(name, str) and (is_address(name) or not HOSTNAME.fullmatch(name.removeprefix("*."))):
            return Broken(f"{quoted(name)} is not a host name, {REFUSED}", (index,))
    return None


def not_cluster_local(value: Any, params: Mapping[str, Any]) -> Broken | None:
    """An external host is not a name of the cluster."""
    del params
    if not isinstance(value, str) or not value.endswith(".cluster.local"):
        return None
    return Broken(f"{quoted(value)} is a name inside the cluster, not an external host, {REFUSED}")

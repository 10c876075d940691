"""How hosts of a ServiceEntry are resolved, and what goes with which way (Istio: `ValidateServiceEntry`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.kinds.workload_entry import addressed
from meshlint.admission.istio.parts.port_names import misnamed_ports
from meshlint.admission.istio.parts.protocols import HTTP, TCP, TLS, protocol_of
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene, Steps
from meshlint.admission.istio.vocabulary.values import (
    LABEL_KEY,
    LABEL_VALUE,
    NAME,
    items,
    mapping,
    port,
    text,
)
from meshlint.resources.schema.words.writing import quoted

DNS: Final = ("DNS", "DNS_ROUND_ROBIN")
DYNAMIC: Final = "DYNAMIC_DNS"
WAYPOINT: Final = "istio.io/use-waypoint"


def resolution(value: Any, scene: Scene) -> Iterator[Said]:
    """All that depends on `resolution`; `value` is the whole spec."""
    if not isinstance(value, dict):
        return
    way = text(value, "resolution") or "NONE"
    yield from _blocks(value, way)
    if way == "NONE":
        yield from _none(value)
    elif way == "STATIC":
        yield from _endpoints(value, scene, names=False)
    elif way in DNS:
        yield from _dns(value, scene, way)
    elif way == DYNAMIC:
        yield from _dynamic(value, scene)
    yield from _several_hosts(value, way)


def _at(value: dict[str, Any], name: str) -> Steps:
    return (name,) if name in value else ()


def _blocks(value: dict[str, Any], way: str) -> Iterator[Said]:
    for index, address in enumerate(items(value, "addresses")):
        if isinstance(address, str) and "/" in address and way not in ("NONE", "STATIC"):
            words = f"has the address range {quoted(address)} with resolution {way}"
            hint = "Address ranges need resolution NONE or STATIC."
            yield Said(Mistake.ENTRY, words, ("resolution",), hint, related=(("addresses", index),))
            return


def _none(value: dict[str, Any]) -> Iterator[Said]:
    if items(value, "endpoints"):
        words, hint = "has endpoints with resolution NONE", "Use STATIC or DNS, or remove them."
        at = _at(value, "resolution")
        yield Said(Mistake.ENTRY, words, at, hint, on_key=True, related=(("endpoints",),))
    elif value.get("workloadSelector") is not None:
        words = "selects workloads with resolution NONE, so nobody looks at them"
        hint = "Use resolution STATIC."
        yield Said(Mistake.IGNORED, words, ("workloadSelector",), hint, on_key=True, refuses=False)


def _endpoints(value: dict[str, Any], scene: Scene, *, names: bool) -> Iterator[Said]:
    known = {text(one, "name") for one in items(value, "ports")}
    if not known:
        yield from _no_ports(value)
        known = {name for one in items(value, "endpoints") for name in mapping(one, "ports")}
    for place, theirs in misnamed_ports(items(value, "ports"), items(value, "endpoints")):
        known.add(theirs)
        words = f"has an endpoint with port {quoted(theirs)}, and no port of that name"
        hint = f"Name this port {quoted(theirs)}, or the endpoint's as it is named here."
        yield Said(Mistake.ENTRY, words, ("ports", place, "name"), hint)
    for index, endpoint in enumerate(items(value, "endpoints")):
        if not isinstance(endpoint, dict):
            continue
        found = addressed(endpoint, names=False) if not names else _named(endpoint)
        for said in (*found, *_of_endpoint(endpoint, scene, known)):
            yield _within(said, ("endpoints", index))
        if not names and text(endpoint, "address").startswith(texts.UNIX) and len(items(value, "ports")) > 1:
            words = "has a Unix socket for an endpoint and not just one port"
            yield Said(Mistake.ENTRY, words, ("endpoints", index, "address"), "Keep one port.")


def _no_ports(value: dict[str, Any]) -> Iterator[Said]:
    """Endpoints that need a port of an entry that lists none."""
    for index, endpoint in enumerate(items(value, "endpoints")):
        named = next(iter(mapping(endpoint, "ports")), None)
        if named is not None or text(endpoint, "address").startswith(texts.UNIX):
            what = "a Unix socket" if named is None else f"port {quoted(named)}"
            words = f"has an endpoint with {what} and lists no ports"
            related: tuple[Steps, ...] = (("endpoints", index),)
            hint = "List the ports of the service under `ports`."
            yield Said(Mistake.ENTRY, words, _at(value, "ports"), hint, on_key=True, related=related)
            return


def _within(said: Said, base: Steps) -> Said:
    related = tuple((*base, *steps) for steps in said.related)
    return Said(said.mistake, said.words, (*base, *said.at), said.hint, said.on_key, said.refuses, related)


def _named(endpoint: dict[str, Any]) -> Iterator[Said]:
    address = text(endpoint, "address")
    if not texts.is_address(address) and texts.host_problem(address):
        at = _at(endpoint, "address")
        words = f"has an endpoint with address {quoted(address)}, which is neither an address nor a host"
        yield Said(Mistake.ADDRESS, words, at)


def _of_endpoint(endpoint: dict[str, Any], scene: Scene, known: set[str]) -> Iterator[Said]:
    for name, count in mapping(endpoint, "ports").items():
        at: Steps = ("ports", name)
        sound = True
        for said in NAME(name, scene):
            sound = False
            yield Said(said.mistake, said.words, at, said.hint, on_key=True)
        if sound and name not in known:
            words = f"has an endpoint with unknown port {quoted(name)}"
            yield Said(Mistake.ENTRY, words, at, "Name ports as `ports` does.", on_key=True)
        for said in port(count, scene):
            yield Said(said.mistake, said.words, at, said.hint)
    for key, inner in mapping(endpoint, "labels").items():
        for said in (*LABEL_KEY(key, scene), *LABEL_VALUE(inner, scene)):
            yield Said(said.mistake, said.words, ("labels", key), said.hint, on_key=True)


def _dns(value: dict[str, Any], scene: Scene, way: str) -> Iterator[Said]:
    endpoints = items(value, "endpoints")
    if not endpoints:
        yield from _dns_hosts(value)
    if way == "DNS_ROUND_ROBIN" and len(endpoints) > 1:
        # An endpoint that is listed twice is one too many; of different ones each is meant.
        places: tuple[Steps, Steps] = (("resolution",), ("endpoints", 1))
        if _all_alike(endpoints):
            places = (("endpoints",), ("resolution",))
        words, hint = "has several endpoints with DNS_ROUND_ROBIN", "Use DNS, or keep one endpoint."
        yield Said(Mistake.ENTRY, words, places[0], hint, related=(places[1],))
    yield from _endpoints(value, scene, names=True)
    if items(value, "addresses") and len(items(value, "hosts")) > 1:
        at = next((i for i, one in enumerate(items(value, "ports")) if protocol_of(one) in TCP), None)
        if at is not None:
            words = "has several hosts, an address and a TCP port, so the hosts cannot be told apart"
            hint = "Split it: one ServiceEntry for each host."
            yield Said(Mistake.DOUBTFUL, words, ("ports", at), hint, refuses=False)


def _dns_hosts(value: dict[str, Any]) -> Iterator[Said]:
    """A wildcard that nobody can look up; where every host is one, the resolution is what does not suit."""
    hosts = [one for one in items(value, "hosts") if isinstance(one, str)]
    wild = next((host for host in hosts if texts.host_problem(host) and host != "*"), None)
    if wild is None or texts.wildcard_problem(wild):
        return
    places: list[Steps] = [("hosts", items(value, "hosts").index(wild)), ("resolution",)]
    if all(map(texts.host_problem, hosts)):
        places.reverse()
    words, hint = f"resolves the wildcard {quoted(wild)} by DNS", "Use resolution NONE, or list endpoints."
    yield Said(Mistake.ENTRY, words, places[0], hint, related=(places[1],))


def _all_alike(entries: list[Any]) -> bool:
    return all(one == entries[0] for one in entries)


def _dynamic_hosts(value: dict[str, Any]) -> Iterator[Said]:
    """Hosts without a wildcard; nobody writes this resolution unless for one, so these are what is wrong."""
    hosts = [(index, one) for index, one in enumerate(items(value, "hosts")) if isinstance(one, str)]
    for index, host in hosts:
        if not host.startswith("*"):
            words = f"is for host {quoted(host)} with resolution {DYNAMIC}, which takes wildcards"
            hint = "Use DNS, or `*.` and a domain."
            yield Said(Mistake.ENTRY, words, ("hosts", index), hint, related=(("resolution",),))


def _dynamic(value: dict[str, Any], scene: Scene) -> Iterator[Said]:
    yield from _dynamic_hosts(value)
    for name in ("addresses", "endpoints"):
        if items(value, name):
            words = f"has {name} with resolution {DYNAMIC}, which looks hosts up itself"
            hint = "Remove them, or use STATIC or DNS."
            yield Said(Mistake.ENTRY, words, ("resolution",), hint, related=((name,),))
    for index, one in enumerate(items(value, "ports")):
        if isinstance(one, dict) and protocol_of(one) not in ("http", "tls", "grpc", "http2"):
            at = ("ports", index, "protocol") if "protocol" in one else ("ports", index)
            words = f"has a port of protocol {quoted(text(one, 'protocol'))} with resolution {DYNAMIC}"
            yield Said(Mistake.ENTRY, words, at, "It takes HTTP, HTTP2, GRPC and TLS.")
    waypoint = scene.labels.get(WAYPOINT, "")
    if text(value, "location") == "MESH_INTERNAL" and waypoint and waypoint.lower() != "none":
        words = f"is inside the mesh and uses a waypoint, which resolution {DYNAMIC} does not go with"
        yield Said(Mistake.ENTRY, words, ("location",), "Use MESH_EXTERNAL.")


def _several_hosts(value: dict[str, Any], way: str) -> Iterator[Said]:
    if way == "NONE" or len(items(value, "hosts")) < 2:
        return
    for index, one in enumerate(items(value, "ports")):
        if isinstance(one, dict) and protocol_of(one) not in HTTP | TLS:
            words = f"has several hosts on {text(one, 'protocol') or 'TCP'} port {one.get('number')}"
            yield _too_many_hosts(value, words, index)
            return


def _too_many_hosts(value: dict[str, Any], words: str, port: int) -> Said:
    """At the hosts where they are one, written twice; else at the port that cannot tell them apart."""
    hosts: Steps = ("hosts",)
    at: Steps = ("ports", port)
    if _all_alike(items(value, "hosts")):
        return Said(Mistake.ENTRY, words, hosts, "Write it once.", True, related=(at,))
    return Said(Mistake.ENTRY, words, at, "Split it: one ServiceEntry for each host.", related=(hosts,))

"""What istiod's webhook checks in a VirtualService."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.destinations import (
    MATCH_SCOPE,
    ROUTE_SEMANTICS,
    WEIGHTED,
    all_zero,
    gateway_names,
)
from meshlint.admission.istio.parts.exports import export_to
from meshlint.admission.istio.parts.headers import is_claim
from meshlint.admission.istio.parts.http_route import HTTP_ROUTE
from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Declared, Said, Scene, Steps
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import SUBNET, items, mapping
from meshlint.resources.schema.walk import holds_placeholder
from meshlint.resources.schema.words.writing import listed, quoted

MESH: Final = "mesh"


def _gateways(scene: Scene) -> list[str]:
    return [one for one in items(scene.spec, "gateways") if isinstance(one, str)]


def _for_gateways(scene: Scene) -> bool:
    """Whether a VirtualService is for gateways alone; `mesh` among them makes it one of the mesh."""
    gateways = _gateways(scene)
    return bool(gateways) and MESH not in gateways


def _for_mesh_alone(scene: Scene) -> bool:
    return not _for_gateways(scene)


def _hosts(scene: Scene) -> list[str]:
    return [one for one in items(scene.spec, "hosts") if isinstance(one, str)]


def _host_problem(host: str, scene: Scene) -> str:
    """What is wrong with a host; beside server names, gateways may have names that gateways make."""
    if host.startswith(texts.GENERATED) and _for_gateways(scene) and _has_sni(scene):
        return texts.generated_problem(host) if len(host.encode()) <= texts.LONGEST_HOST else "is too long"
    return texts.wildcard_problem(host)


def _has_sni(scene: Scene) -> bool:
    return any(True for _ in _server_names(scene))


def _server_names(scene: Scene) -> Iterator[tuple[Steps, str]]:
    for number, route in enumerate(items(scene.spec, "tls")):
        for place, match in enumerate(items(route, "match")):
            for index, name in enumerate(items(match, "sniHosts")):
                if isinstance(name, str):
                    yield ("tls", number, "match", place, "sniHosts", index), name


def _each_host(value: Any, scene: Scene) -> Iterator[Said]:
    problem = _host_problem(value, scene) if isinstance(value, str) else ""
    if problem and not texts.is_address(value):
        yield Said(Mistake.HOST, f"is for host {quoted(value)}, which {problem}", hint="Write a host name.")
    elif value == "*" and _for_mesh_alone(scene) and not _lists_no_gateway(scene):
        words = "is for host '*' and bound to sidecars"
        hint = "Name the gateways that it is for under `gateways`, or the hosts that it is for."
        yield Said(Mistake.STAR_HOST, words, hint=hint)


def _overlapping(value: Any, scene: Scene) -> Iterator[Said]:
    """Hosts of which one covers another, unless one of them is none at all."""
    if not isinstance(value, list) or len(value) < 2:
        return
    hosts = [one for one in value if isinstance(one, str)]
    if any(next(iter(_each_host(host, scene)), None) for host in hosts):
        return
    for index, host in enumerate(hosts):
        twin = next((i for i, other in enumerate(hosts[:index]) if texts.overlap(other, host)), None)
        if twin is not None:
            words = f"lists {quoted(host)} beside {quoted(hosts[twin])}"
            hint = "Hosts of one VirtualService must not overlap."
            yield Said(Mistake.HOSTS_OVERLAP, words, (index,), hint, related=((twin,),))


def _delegate(value: Any, _: Scene) -> Iterator[Said]:
    """A VirtualService without hosts is a delegate, which has HTTP routes alone."""
    if items(value, "hosts") or not isinstance(value, dict):
        return
    extra = [name for name in ("gateways", "tls", "tcp") if items(value, name)]
    if extra:
        words = f"has no hosts, so it is a delegate, and a delegate has no {' and no '.join(extra)}"
        at = ("hosts",) if "hosts" in value else ()
        related = tuple((name,) for name in extra)
        yield Said(Mistake.UNSUPPORTED, words, at, "Name hosts, or remove it.", True, related=related)


def _routes(value: Any, _: Scene) -> Iterator[Said]:
    if not (items(value, "http") or items(value, "tls") or items(value, "tcp")):
        at = next(((name,) for name in ("http", "tls", "tcp") if name in value), ())
        yield Said(Mistake.MISSING, "has no routes", at, "Set http, tls or tcp.", on_key=True)


def _lists_no_gateway(scene: Scene) -> bool:
    return scene.spec.get("gateways") == []


def _needs_gateway(value: Any, scene: Scene) -> Iterator[Said]:
    """What only gateways take, beside a list of gateways that is empty, which stands for the sidecars."""
    if not _lists_no_gateway(scene):
        return
    matches = (match for route in items(value, "http") for match in items(route, "match"))
    claim = next((key for match in matches for _, key in _claim_keys(match)), None)
    hint = "Name the gateways that it is for."
    if "*" in _hosts(scene):
        words = "is for host '*' and lists no gateways, so it is bound to sidecars"
        yield Said(Mistake.STAR_HOST, words, ("gateways",), hint, on_key=True)
    elif claim is not None:
        words = f"routes by {quoted(claim)} and lists no gateways, so it is bound to sidecars"
        yield Said(Mistake.CLAIM, words, ("gateways",), hint, on_key=True)


def _claim_keys(match: Any) -> Iterator[tuple[str, str]]:
    for name in ("headers", "withoutHeaders"):
        yield from ((name, key) for key in mapping(match, name) if is_claim(key))


def _claims(value: Any, scene: Scene) -> Iterator[Said]:
    """Claims of tokens are known on gateways alone."""
    if _for_gateways(scene) or _lists_no_gateway(scene):
        return
    for at in _claim_keys(value):
        words = f"routes sidecars by {quoted(at[1])}"
        hint = "Claims are known on gateways only: name them under `gateways`, without `mesh`."
        yield Said(Mistake.CLAIM, words, at, hint, on_key=True)


def _server_name(value: Any, scene: Scene) -> Iterator[Said]:
    problem = _sni_problem(value, scene) if isinstance(value, str) else ""
    if isinstance(value, str) and texts.is_address(value) and problem:
        words = f"routes the server name {quoted(value)}, an address, so most clients never send it"
        yield Said(Mistake.DOUBTFUL, words, hint="Match `destinationSubnets` of a tcp route.", refuses=False)
    elif problem:
        yield Said(Mistake.HOST, f"routes server name {quoted(value)}, which {problem}")


def _foreign_names(value: Any, scene: Scene) -> Iterator[Said]:
    """Server names that are no host of the VirtualService.

    Where all of several are, or no host is a name at all, the hosts are wrong.
    """
    names = list(_server_names(scene)) if items(scene.spec, "tls") else ()
    if not names:
        return
    hosts = _hosts(scene)
    sound = [(at, name) for at, name in names if not _sni_problem(name, scene)]
    foreign = [(at, name) for at, name in sound if not any(texts.covers(host, name) for host in hosts)]
    nameless = bool(hosts) and all(map(texts.is_address, hosts))
    if foreign and (nameless or len(foreign) == len(names) > 1) and not _filled_in(names):
        words = f"routes server names such as {quoted(foreign[0][1])}, and none of them is a host of it"
        related = tuple(at for at, _ in foreign[:3])
        own: Steps = ("hosts",) if "hosts" in value else ()
        yield Said(Mistake.SNI, words, own, "Add them to `hosts`.", on_key=True, related=related)
        return
    hint = f"Add it to `hosts`, which are {listed(hosts)}." if hosts else "Add it to `hosts`."
    for at, name in foreign:
        words = f"routes server name {quoted(name)}, which is none of its hosts"
        yield Said(Mistake.SNI, words, at, hint)


def _filled_in(names: Iterable[tuple[Steps, str]]) -> bool:
    return holds_placeholder([name for _, name in names])


def _sni_problem(name: str, scene: Scene) -> str:
    generated = name.startswith(texts.GENERATED) and len(name.encode()) <= texts.LONGEST_HOST
    if generated and MESH not in _gateways(scene):
        return texts.generated_problem(name)
    return texts.wildcard_problem(name)


def _tls_match(value: Any, _: Scene) -> Iterator[Said]:
    # A misspelt key is told as such.
    if isinstance(value, dict) and not items(value, "sniHosts") and "sni_hosts" not in value:
        words = "has a tls route without sniHosts"
        at = ("sniHosts",) if "sniHosts" in value else ()
        hint = "Every match of a tls route lists the server names under `sniHosts`."
        yield Said(Mistake.SNI_MISSING, words, at, hint, on_key=True)


def _has_match(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and not items(value, "match"):
        hint = "Every match of a tls route lists the server names under `sniHosts`."
        at = ("match",) if "match" in value else ()
        yield Said(Mistake.SNI_MISSING, "has a tls route without sniHosts", at, hint, on_key=True)


def _has_route(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, dict) and not items(value, "route"):
        at = ("route",) if "route" in value else ()
        yield Said(Mistake.ROUTE_ACTION, "has a route that leads nowhere", at, "Add `route`.", on_key=True)


def _gateway_list(value: Any, scene: Scene) -> Iterator[Said]:
    if scene.annotations.get(ROUTE_SEMANTICS) != "gateway":
        yield from gateway_names(value, scene)


_L4_MATCH: Declared = {**MATCH_SCOPE, "destinationSubnets[]": SUBNET}

SHAPE: Final = shape(
    {
        "": (_delegate, _routes, _needs_gateway, _foreign_names),
        "hosts": _overlapping,
        "hosts[]": _each_host,
        "gateways": _gateway_list,
        "http[]": HTTP_ROUTE,
        "http[].match[]": _claims,
        "tls[]": {
            "": (_has_match, _has_route, all_zero),
            "match[]": {
                **_L4_MATCH,
                "": _tls_match,
                "sniHosts[]": _server_name,
                "gateways": gateway_names,
            },
            "route[]": WEIGHTED,
        },
        "tcp[]": {"": (_has_route, all_zero), "match[]": _L4_MATCH, "route[]": WEIGHTED},
        "exportTo": export_to(),
    }
)

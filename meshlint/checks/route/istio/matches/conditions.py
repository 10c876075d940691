"""Matches of VirtualServices that are rejected, never true, or not what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.checks.hit import Hit, Related
from meshlint.checks.shared.wording import listed
from meshlint.checks.world import World
from meshlint.matching import ISTIO_LONGEST_REGEX, host_covers, re2_problem
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.parts import StringMatch
from meshlint.resources.istio.virtual_service import MESH_GATEWAY, VirtualService
from meshlint.resources.resource import Resource
from meshlint.traffic.conditions.istio import CLAIMS

_META = frozenset("\\^$.|?*+()[]{}")
_PSEUDO = {"uri": "uri", "method": "method", "scheme": "scheme", "authority": "authority"}


def _matches(world: World) -> Iterator[tuple[Resource, HttpMatch]]:
    for virtual_service in world.mesh.virtual_services:
        yield from _of(virtual_service)


def _of(virtual_service: VirtualService) -> Iterator[tuple[Resource, HttpMatch]]:
    for route in virtual_service.http:
        for match in route.match:
            yield virtual_service.resource, match


def _tests(match: HttpMatch) -> Iterator[tuple[str, StringMatch]]:
    for name in ("uri", "scheme", "method", "authority"):
        test: StringMatch | None = getattr(match, name)
        if test is not None:
            yield name, test
    for mapping in (match.headers, match.without_headers, match.query_params):
        yield from mapping.items()


def rejected(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A test is one that Istio rejects: an expression that RE2 refuses, or an empty prefix."""
    for owner, match in _matches(world):
        for name, test in _tests(match):
            problem = _problem(name, test)
            if problem is not None:
                yield Hit(
                    test.value.field,
                    f"{owner}: the test of {name} {problem}, so Istio rejects the object",
                    resource=owner,
                    hint="Regular expressions follow RE2: no look-around and no back-references.",
                )


def _problem(name: str, test: StringMatch) -> str | None:
    if test.kind == "regex" and test.value != "*":
        if not test.value:
            return "is an empty expression"
        if len(test.value) > ISTIO_LONGEST_REGEX:
            return f"is longer than {ISTIO_LONGEST_REGEX} characters"
        problem = re2_problem(test.value)
        return None if problem is None else "is no expression of RE2"
    return "is an empty prefix" if test.kind == "prefix" and not test.value and name != "uri" else None


def plain_regex(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A regular expression on the path has nothing that an exact path has not."""
    for owner, match in _matches(world):
        uri = match.uri
        if uri is not None and uri.kind == "regex" and uri.value and not _META & set(uri.value):
            yield Hit(
                uri.value.field,
                f"{owner} tests the path with expression {str(uri.value)!r}, "
                "so it takes that very path alone",
                resource=owner,
                hint="Expressions must match the whole path: write `prefix`, or `exact` if that is meant.",
            )


def pseudo_header(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A header is called like a part of the request."""
    for owner, match in _matches(world):
        for name, test in match.headers.items():
            if name.lower() in _PSEUDO:
                yield Hit(
                    test.field,
                    f"{owner} tests a header called {name!r}, so the {name} itself is not",
                    resource=owner,
                    on_key=True,
                    hint=f"Write `{_PSEUDO[name.lower()]}` beside `headers`, not in it.",
                )


def never_without(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A header is tested to be missing in a way that is never true."""
    for owner, match in _matches(world):
        for name, test in match.without_headers.items():
            if test.kind == "regex" and test.value in (".*", "^.*$", "(.*)"):
                yield Hit(
                    test.value.field,
                    f"{owner} excludes every value of header {name!r} and its absence, "
                    "so the match never applies",
                    resource=owner,
                    hint=f"Write `{name}: {{}}` for a header that is missing.",
                )


def source_ignored(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A match names gateways, so its conditions on the source do not count."""
    for owner, match in _matches(world):
        key = next((key for key in ("sourceLabels", "sourceNamespace") if match.field / key), None)
        if match.gateways and key is not None:
            yield Hit(
                match.field / key,
                f"{owner} has {key} beside gateways in one match, so {key} is ignored",
                resource=owner,
                on_key=True,
                hint="Split the match: one for the gateways, one for the source.",
                related=(Related(match.field / "gateways", "the gateways"),),
            )


def source_matches_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No pod in view has the labels of a source."""
    from meshlint.matching import LabelSelector

    for owner, match in _matches(world):
        if not match.source_labels or match.gateways or not world.mesh.workloads.all:
            continue
        selector = LabelSelector.of(match.source_labels)
        if not world.mesh.workloads.select(match.source_namespace or None, selector):
            labels = ", ".join(f"{key}={value}" for key, value in match.source_labels.items())
            yield Hit(
                match.field / "sourceLabels",
                f"{owner} is for callers with {labels}, which no pod has, so it is idle",
                resource=owner,
                on_key=True,
                hint="Labels of the caller's pod template count, not those of its Deployment.",
            )


def authority_case(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """An authority is tested in upper case, though clients send lower case."""
    for owner, match in _matches(world):
        test = match.authority
        if test is not None and test.kind in ("exact", "prefix") and test.value != test.value.lower():
            yield Hit(
                test.value.field,
                f"{owner} tests the authority {str(test.value)!r} letter by letter, "
                "so clients that send lower case miss it",
                resource=owner,
                hint="Write it in lower case.",
            )


def claims_on_mesh(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Claims of a token are tested where sidecars route."""
    on_mesh = (one for one in world.mesh.virtual_services if MESH_GATEWAY in one.gateways_or_mesh)
    for owner, match in (pair for one in on_mesh for pair in _of(one)):
        for name, test in (*match.headers.items(), *match.without_headers.items()):
            if name.startswith(CLAIMS):
                yield Hit(
                    test.field,
                    f"{owner} routes sidecars by {name!r}, so Istio rejects it",
                    resource=owner,
                    on_key=True,
                    hint="Claims are known on gateways only: name them under `gateways`, without `mesh`.",
                )


def sni_outside_hosts(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TLS route is for a server name that its VirtualService is not for."""
    for virtual_service in world.mesh.virtual_services:
        hosts = [host.lower() for host in virtual_service.hosts]
        for route in virtual_service.tls:
            for match in route.match:
                for name in match.sni_hosts:
                    full = world.mesh.hosts.expand(name, virtual_service.resource.namespace)
                    if hosts and not any(host_covers(host, one) for host in hosts for one in (name, full)):
                        yield Hit(
                            name.field,
                            f"{virtual_service.resource} routes server name {str(name)!r}, "
                            "which is none of its hosts, so Istio rejects it",
                            resource=virtual_service.resource,
                            hint=f"Add it to `hosts`, which are {listed(virtual_service.hosts)}.",
                        )


def tls_without_match(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TLS route names no server."""
    for virtual_service in world.mesh.virtual_services:
        for route in virtual_service.tls:
            unnamed = not route.match or any(not match.sni_hosts for match in route.match)
            # A misspelt key is told as such.
            if unnamed and not any("sni_hosts" in match.field for match in route.match):
                yield Hit(
                    route.field / "match",
                    f"{virtual_service.resource} has a tls route without sniHosts, so Istio rejects it",
                    resource=virtual_service.resource,
                    on_key=True,
                    hint="Every match of a tls route lists the server names under `sniHosts`.",
                )


def duplicate_host(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService lists a host twice, or one that another of its hosts covers."""
    for virtual_service in world.mesh.virtual_services:
        seen: list[str] = []
        for host in virtual_service.hosts:
            full = world.mesh.hosts.expand(host, virtual_service.resource.namespace)
            twin = next((one for one in seen if host_covers(one, full) or host_covers(full, one)), None)
            if twin is not None:
                yield Hit(
                    host.field,
                    f"{virtual_service.resource} lists {str(host)!r} beside {twin!r}, so Istio rejects it",
                    resource=virtual_service.resource,
                    hint="Hosts of one VirtualService must not overlap.",
                )
            seen.append(full)


def claims_unchecked(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """Claims of a token are tested on a gateway that checks no tokens."""
    from meshlint.traffic.gateways.claims import unchecked_gateways

    for virtual_service in world.mesh.virtual_services:
        places = unchecked_gateways(world.mesh, virtual_service)
        for owner, match in _of(virtual_service) if places else ():
            for name, test in (*match.headers.items(), *match.without_headers.items()):
                if name.startswith(CLAIMS):
                    yield Hit(
                        test.field,
                        f"{owner} routes by {name!r}, but {places[0]} checks no tokens, so it never matches",
                        resource=owner,
                        on_key=True,
                        hint="Add a RequestAuthentication for the pods of the gateway.",
                    )

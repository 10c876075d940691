"""Matches of VirtualServices that are rejected, never true, or not what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.checks.hit import Hit, Related
from meshlint.checks.mending import Fix, Move
from meshlint.checks.shared.mended import removed, renamed, replaced
from meshlint.checks.shared.told import told
from meshlint.checks.world import World
from meshlint.documents import Field, Text
from meshlint.mesh.names.expansion import expand
from meshlint.resources.istio.http_match import HttpMatch
from meshlint.resources.istio.virtual_service import VirtualService
from meshlint.resources.resource import Resource
from meshlint.traffic.conditions.istio import CLAIMS, is_of_no_request

_META = frozenset("\\^$.|?*+()[]{}")
_PSEUDO = {"uri": "uri", "method": "method", "scheme": "scheme", "authority": "authority"}


def _matches(world: World) -> Iterator[tuple[Resource, HttpMatch]]:
    for virtual_service in world.mesh.virtual_services:
        yield from _of(virtual_service)


def _of(virtual_service: VirtualService) -> Iterator[tuple[Resource, HttpMatch]]:
    for route in virtual_service.http:
        for match in route.match:
            yield virtual_service.resource, match


def rejected(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A test is one that Istio rejects: an expression that RE2 refuses, or an empty prefix."""
    return told(world, Mistake.ROUTE_TEST)


def plain_regex(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A regular expression on the path has nothing that an exact path has not."""
    for owner, match in _matches(world):
        uri = match.uri
        is_plain = uri is not None and uri.kind == "regex" and uri.value and not _META & set(uri.value)
        if uri is not None and is_plain and not is_of_no_request(uri):
            yield Hit(
                uri.value.field,
                f"{owner} tests the path with expression {str(uri.value)!r}, "
                "so it takes that very path alone",
                resource=owner,
                hint="Expressions must match the whole path: write `prefix`, or `exact` if that is meant.",
                fix=renamed(uri.value.field, "exact", keeps_meaning=True),
            )


def path_of_no_request(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A test of the path is one that no request meets."""
    for owner, match in _matches(world):
        uri = match.uri
        if uri is not None and is_of_no_request(uri):
            query = "?" in uri.value or "#" in uri.value
            yield Hit(
                uri.value.field,
                f"{owner} tests the path for {str(uri.value)!r}, "
                f"{'and the query is no part of it' if query else 'and every path starts with a slash'}, "
                "so it never matches",
                resource=owner,
                hint="Test the query under `queryParams`." if query else f"Write {f'/{uri.value}'!r}.",
                fix=None if query else replaced(uri.value.field, f"/{uri.value}", safe=False),
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
                    fix=_beside(match, test.field, _PSEUDO[name.lower()]),
                )


def _beside(match: HttpMatch, test: Field, key: str) -> Fix:
    """The test moved out of the headers to `key` of its match."""
    title = f'write the test of "{test.name}" beside the headers'
    holder = match.field / "headers" if len(match.headers) == 1 else None
    return Fix(title, (Move(test, match.field, key, holder),))


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
                fix=removed(match.field / key, keeps_meaning=True),
                related=(Related(match.field / "gateways", "the gateways"),),
            )


def source_matches_nothing(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """No pod in view has the labels of a source."""
    from meshlint.matching import LabelSelector

    for owner, match in _matches(world):
        if not match.source_labels or match.gateways:
            continue
        pods = (one.field for one in world.mesh.workloads.all)
        if not world.mesh.namespaces.placement.holds_beside(owner.field, pods):
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
    return told(world, Mistake.CLAIM)


def sni_outside_hosts(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TLS route is for a server name that its VirtualService is not for."""
    return told(world, Mistake.SNI)


def tls_without_match(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A TLS route names no server."""
    return told(world, Mistake.SNI_MISSING)


def duplicate_host(world: World, _: Mapping[str, Any]) -> Iterator[Hit]:
    """A VirtualService lists a host twice, or one that another of its hosts covers."""
    yield from told(world, Mistake.HOSTS_OVERLAP)
    for virtual_service in world.mesh.virtual_services:
        seen: dict[str, Text] = {}
        for host in virtual_service.hosts:
            full = expand(host, virtual_service.resource.namespace, world.settings.cluster_domain)
            twin = seen.setdefault(full, host)
            if twin != host:
                yield Hit(
                    host.field,
                    f"{virtual_service.resource} lists {str(host)!r} beside {str(twin)!r}, its full name, "
                    "so one is left out",
                    resource=virtual_service.resource,
                    hint="Keep the full name.",
                    fix=removed(min(host, twin, key=len).field, keeps_meaning=True),
                )


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

"""Which objects the edit of a Service or workload may concern, told by the names that they share with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any, Final

from meshlint.api.after.steady import STEADY, is_steady
from meshlint.mesh import Mesh
from meshlint.mesh.hosts.full_view import hosts_in
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.collection import Kind
from meshlint.values import field, frozen, regex

_ISTIO: Final = "networking.istio.io"
_JUDGED: Final = frozenset(
    {
        ("", "Namespace"),
        ("", "ServiceAccount"),
        (_ISTIO, "DestinationRule"),
        (_ISTIO, "VirtualService"),
        ("security.istio.io", "AuthorizationPolicy"),
        ("security.istio.io", "PeerAuthentication"),
        ("security.istio.io", "RequestAuthentication"),
    }
)
"""Kinds whose objects lead nobody else on: what names them is told of them alone."""
_LEADING: Final = ((_ISTIO, "ServiceEntry"), ("gateway.networking.k8s.io", "Gateway"))
"""Kinds that lead on to pods by more than names."""
_WORD: Final = regex(r"[a-z0-9]+(?:-+[a-z0-9]+)*")


@frozen(eq=False, repr=False)
class Words:
    """What an object says: the words in it, where a namespace is one, and the hosts that it names."""

    words: frozenset[str]
    hosts: tuple[str, ...]
    text: str


def _words(resource: Resource) -> Words:
    value = resource.field.value
    text = " ".join(_texts(value)).lower()
    hosts = tuple(host.lower() for host in hosts_in(value))
    return Words(frozenset(_WORD.findall(text)), hosts, text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from map(str, value)
        yield from chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))
    elif isinstance(value, str):
        yield value


@frozen(eq=False, slots=False, repr=False)
class Nearby:
    """What is near an edit: `places` are the namespaces that it may concern, `texts` what it says."""

    mesh: Mesh
    written: ResourceSet
    places: frozenset[str]
    texts: tuple[str, ...]
    _found: dict[Kind, frozenset[Resource]] = field(factory=dict)

    def of(self, kind: Kind) -> frozenset[Resource]:
        """The objects of a kind that live in the namespaces or name one, or that share a host.

        Where one is for hosts or namespaces without a number, all are: it is judged beside any of them.
        """
        if kind not in self._found:
            held = self.written.of(*kind)
            is_all = any(map(self._is_wide, held))
            self._found[kind] = frozenset(held if is_all else filter(self._is_near, held))
        return self._found[kind]

    def _is_wide(self, one: Resource) -> bool:
        if one.namespace == self.mesh.settings.root_namespace or not one.names_namespace:
            return True
        return any(host.startswith("*") for host in self.mesh.view(one, _words).hosts)

    def _is_near(self, one: Resource) -> bool:
        said = self.mesh.view(one, _words)
        is_named = one.namespace in self.places or not said.words.isdisjoint(self.places)
        return is_named or any(map(self._is_shared, said.hosts))

    def _is_shared(self, host: str) -> bool:
        return "." in host and any(host in text for text in self.texts)


def nearby(
    mesh: Mesh, written: ResourceSet, gone: Collection[Resource], come: Collection[Resource]
) -> Nearby | None:
    """What is near the edit of one object; None where it may concern anything.

    The namespaces are those that it names and its own, and those from which something leads there: a Service
    that stands for one of another namespace, a Sidecar, pods that call it. Where pods of gateways, entries or
    the settings of the mesh lead there, by labels or for all, there is no telling who comes by them.
    """
    if len(gone) != 1 or len(come) != 1:
        return None
    (old,), (new,) = gone, come
    if (old.group, old.kind) not in STEADY or not is_steady(old, new):
        return None
    said = [mesh.view(one, _words) for one in (old, new)]
    named = written.namespaces & frozenset().union(*(one.words for one in said))
    places = _reached(mesh, written, named | {old.namespace})
    if _are_wide(mesh, written, places):
        return None
    return Nearby(mesh, written, places, tuple(one.text for one in said))


def _reached(mesh: Mesh, written: ResourceSet, places: frozenset[str]) -> frozenset[str]:
    """The namespaces, and those from which something leads to one of them."""
    leading = [
        (one.namespace, mesh.view(one, _words).words)
        for one in chain.from_iterable(written.of(*kind) for kind in written.kinds if kind not in _JUDGED)
    ]
    while True:
        found = {place for place, words in leading if place not in places and not words.isdisjoint(places)}
        if not found:
            return places
        places |= found


def _are_wide(mesh: Mesh, written: ResourceSet, places: frozenset[str]) -> bool:
    """Whether something leads to the namespaces by more than their names."""
    settings: MeshSettings = mesh.settings
    if not places.isdisjoint({"", settings.root_namespace}) or settings.external_hosts:
        return True
    if any(one.namespace in places for kind in _LEADING for one in written.of(*kind)):
        return True
    return any(_are_selected(mesh, gateway, places) for gateway in written.of(_ISTIO, "Gateway"))


def _are_selected(mesh: Mesh, gateway: Resource, places: frozenset[str]) -> bool:
    """Whether a gateway of Istio runs in pods of one of the namespaces."""
    wanted = {str(key): str(value) for key, value in gateway.spec.mapping("selector").items()}
    pods = chain.from_iterable(mesh.workloads.in_namespace(place) for place in places)
    return gateway.namespace in places or any(wanted.items() <= one.pod_labels.items() for one in pods)

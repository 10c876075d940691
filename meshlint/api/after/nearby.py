"""Which objects the edit of a Service or workload may concern, told by the names that they share with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
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
class Said:
    """The objects of one kind, by the namespaces that they live in or name and by the hosts in them.

    It `is_wide` where one of them is for hosts or namespaces without a number.
    """

    words: tuple[tuple[Resource, Words], ...]
    namespaces: frozenset[str]
    root_namespace: str

    @cached_property
    def naming(self) -> dict[str, tuple[Resource, ...]]:
        """The objects that say the name of a namespace."""
        return _grouped((place, one) for one, said in self.words for place in said.words & self.namespaces)

    @cached_property
    def living(self) -> dict[str, tuple[Resource, ...]]:
        """The objects that live in a namespace."""
        return _grouped((one.namespace, one) for one, _ in self.words)

    @cached_property
    def hosts(self) -> dict[str, tuple[Resource, ...]]:
        """The objects that name a host of several labels."""
        return _grouped((host, one) for one, said in self.words for host in said.hosts if "." in host)

    @cached_property
    def wide(self) -> frozenset[Resource]:
        """The objects that are for all of something."""
        return frozenset(one for one, said in self.words if self._is_wide(one, said))

    def _is_wide(self, one: Resource, said: Words) -> bool:
        if one.namespace == self.root_namespace or not one.names_namespace:
            return True
        return any(host.startswith("*") for host in said.hosts)

    def near(self, places: Collection[str], texts: Collection[str]) -> Iterator[Resource]:
        """The objects that live in one of the places or name one, or a host that stands in the texts."""
        for place in places:
            yield from self.living.get(place, ())
            yield from self.naming.get(place, ())
        for host, those in self.hosts.items():
            if any(host in text for text in texts):
                yield from those


def _grouped(pairs: Iterable[tuple[str, Resource]]) -> dict[str, tuple[Resource, ...]]:
    found: dict[str, list[Resource]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(those) for key, those in found.items()}


@frozen(eq=False, slots=False, repr=False)
class Written:
    """What is written after an edit, told by what was before: what the others say is known from then.

    What came is called as what went.
    """

    mesh: Mesh
    before: ResourceSet
    gone: Collection[Resource]
    come: Collection[Resource]

    @property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that there are."""
        return self.before.namespaces

    def said(self, kind: Kind) -> tuple[Said, ...]:
        """What the objects of a kind say: those from before, with what went among them, and what came."""
        held, come = self.before.of(*kind), [one for one in self.come if (one.group, one.kind) == kind]
        parts = held, self.namespaces, self.mesh.settings
        known = self.mesh.made_of((Said, kind), lambda: self._said(held), *parts)
        return (known, self._said(come)) if come else (known,)

    def _said(self, held: Iterable[Resource]) -> Said:
        words = tuple((one, self.mesh.view(one, _words)) for one in held)
        return Said(words, self.namespaces, self.mesh.settings.root_namespace)

    def naming(self, kind: Kind, place: str) -> Iterator[Resource]:
        """The objects of a kind that say the name of a namespace."""
        held = chain.from_iterable(one.naming.get(place, ()) for one in self.said(kind))
        return (one for one in held if one not in self.gone)

    def near(self, kind: Kind, places: Collection[str], texts: Collection[str]) -> frozenset[Resource] | None:
        """The objects of a kind that live in one of the places, or name one or a host in the texts.

        None where one is for hosts or namespaces without a number.
        """
        held = self.said(kind)
        if any(one not in self.gone for those in held for one in those.wide):
            return None
        return frozenset(chain.from_iterable(one.near(places, texts) for one in held)).difference(self.gone)


@frozen(eq=False, slots=False, repr=False)
class Nearby:
    """What is near an edit: `places` are the namespaces that it may concern, `texts` what it says."""

    written: Written
    places: frozenset[str]
    texts: tuple[str, ...]
    _found: dict[Kind, frozenset[Resource] | None] = field(factory=dict)

    def of(self, kind: Kind) -> frozenset[Resource] | None:
        """The objects of a kind that live in the namespaces or name one, or that share a host.

        None where one is for hosts or namespaces without a number: it is judged beside any of them.
        """
        if kind not in self._found:
            self._found[kind] = self.written.near(kind, self.places, self.texts)
        return self._found[kind]


def nearby(
    mesh: Mesh,
    before: ResourceSet,
    after: ResourceSet,
    gone: Collection[Resource],
    come: Collection[Resource],
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
    written = Written(mesh, before, gone, come)
    named = before.namespaces & frozenset().union(*(one.words for one in said))
    places = _reached(written, named | {old.namespace})
    if _are_wide(mesh, after, places):
        return None
    return Nearby(written, places, tuple(one.text for one in said))


def _reached(written: Written, places: frozenset[str]) -> frozenset[str]:
    """The namespaces, and those from which something leads to one of them."""
    leading = [kind for kind in written.before.kinds if kind not in _JUDGED]
    reached = new = places
    while new:
        named = chain.from_iterable(written.naming(kind, place) for kind in leading for place in new)
        new = frozenset(one.namespace for one in named) - reached
        reached |= new
    return reached


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

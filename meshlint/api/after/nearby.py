"""Which objects the edit of a Service or workload may concern, told by the names that they share with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Final

from meshlint.api.after.steady import ROUTE, SERVICE, STEADY, is_placed_alike, is_steady
from meshlint.api.after.words import hosts_named, text_of, words_of
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import expand
from meshlint.mesh.parts import by_name
from meshlint.mesh.settings.settings import MeshSettings
from meshlint.resources import Resource, ResourceSet
from meshlint.resources.kubernetes.workload import WORKLOAD_KINDS
from meshlint.resources.order import Kind
from meshlint.values import field, frozen

_ISTIO: Final = "networking.istio.io"
_NAMESPACE: Final = ("", "Namespace")
_JUDGED: Final = frozenset(
    {
        _NAMESPACE,
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
_FEW: Final = 4
"""How many namespaces are looked for one by one: beyond that an index of all is quicker."""
Around = tuple[frozenset[Resource], Mapping[Kind, frozenset[Resource]]]


@frozen(eq=False, slots=False, repr=False)
class Said:
    """The objects of one kind, by the namespaces that they live in or name and by the hosts in them."""

    objects: tuple[Resource, ...]
    namespaces: frozenset[str]
    settings: MeshSettings
    _naming: dict[str, tuple[Resource, ...]] = field(factory=dict)

    def naming(self, places: Collection[str]) -> Iterator[Resource]:
        """The objects that say the name of one of some namespaces."""
        unknown = self.namespaces.intersection(places).difference(self._naming)
        if len(unknown) > _FEW:
            self._naming.update(dict.fromkeys(unknown, ()) | self._by_namespace)
        elif unknown:
            self._naming.update((place, tuple(self._saying(place))) for place in unknown)
        return chain.from_iterable(self._naming.get(place, ()) for place in places)

    def _saying(self, place: str) -> Iterator[Resource]:
        """The objects that say the name of a namespace, told from the files in which it stands."""
        word = place.encode("utf-8", "surrogatepass")
        held = (one for one in self.objects if one.document.text.may_say_folded(place))
        return (one for one in held if words_of(one).has(word))

    @cached_property
    def _by_namespace(self) -> dict[str, tuple[Resource, ...]]:
        """The objects that say the name of a namespace: an index, where there are many to look for."""
        places = {place.encode("utf-8", "surrogatepass"): place for place in self.namespaces}
        known = frozenset(places)
        return by_name((places[place], one) for one in self.objects for place in words_of(one).among(known))

    @cached_property
    def _hosts(self) -> tuple[tuple[Resource, tuple[str, ...]], ...]:
        """The objects that name hosts, with these."""
        return tuple((one, hosts) for one in self.objects if (hosts := hosts_named(one)))

    @cached_property
    def living(self) -> dict[str, tuple[Resource, ...]]:
        """The objects that live in a namespace; a Namespace lives in none."""
        return by_name((one.namespace, one) for one in self.objects)

    @cached_property
    def _homes(self) -> dict[str, tuple[Resource, ...]]:
        return by_name((home_of(one), one) for one in self.objects)

    def beside(self, places: Collection[str]) -> Iterator[Resource]:
        """The objects that live in one of the places, or are one."""
        return chain.from_iterable(self._homes.get(place, ()) for place in places)

    @cached_property
    def hosts(self) -> dict[str, tuple[Resource, ...]]:
        """The objects that name a host of several labels, as it is written and by its full name."""
        domain = self.settings.cluster_domain
        return by_name(
            (host, one)
            for one, hosts in self._hosts
            for host in sorted(_full_hosts(one, hosts, domain))
            if "." in host
        )

    @cached_property
    def wide(self) -> frozenset[Resource]:
        """The objects that are for hosts or namespaces without a number."""
        root = self.settings.root_namespace
        widely = (one for one in self.objects if one.namespace == root or not one.names_namespace)
        starred = (one for one, hosts in self._hosts if any(host.startswith("*") for host in hosts))
        return frozenset(chain(widely, starred))

    def near(self, places: Collection[str]) -> Iterator[Resource]:
        """The objects that live in one of the places or name one."""
        living = chain.from_iterable(self.living.get(place, ()) for place in places)
        return chain(living, self.naming(places))

    def sharing(self, hosts: Collection[str], texts: Collection[str]) -> Iterator[Resource]:
        """The objects that name one of the hosts, or one that stands in the texts."""
        for host in hosts:
            yield from self.hosts.get(host, ())
        for host, those in self.hosts.items() if texts else ():
            if any(host in text for text in texts):
                yield from those


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
        return Said(tuple(held), self.namespaces, self.mesh.settings)

    def text_of(self, one: Resource) -> str:
        """What an object says, and the full names of the hosts in it."""
        return " ".join((text_of(one), *sorted(self.hosts_of(one))))

    def named_by(self, held: Iterable[Resource]) -> frozenset[str]:
        """The namespaces that objects live in or name."""
        seen = tuple(held)
        known = frozenset(place.encode("utf-8", "surrogatepass") for place in self.namespaces)
        words = frozenset[bytes]().union(*(self.mesh.view(one, words_of).among(known) for one in seen))
        return frozenset(one.decode("utf-8", "surrogatepass") for one in words) | {
            one.namespace for one in seen
        }

    def naming(self, kind: Kind, places: Collection[str]) -> Iterator[Resource]:
        """The objects of a kind that say the name of one of some namespaces."""
        held = chain.from_iterable(one.naming(places) for one in self.said(kind))
        return (one for one in held if one not in self.gone)

    def is_wide(self, kind: Kind) -> bool:
        """Whether one of the objects of a kind is for hosts or namespaces without a number."""
        return any(one not in self.gone for those in self.said(kind) for one in those.wide)

    def hosts_of(self, one: Resource) -> frozenset[str]:
        """The hosts in an object, with their full names."""
        return _full_hosts(one, self.mesh.view(one, hosts_named), self.mesh.settings.cluster_domain)


@frozen(eq=False, slots=False, repr=False)
class Nearby:
    """What is near an edit: `places` are the namespaces that it may concern, `texts` what it says; or what is
    near some objects, which live in or name the `places`, and name the `hosts`.
    """

    written: Written
    places: frozenset[str]
    texts: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    _found: dict[Kind, frozenset[Resource] | None] = field(factory=dict)
    _around: dict[tuple[Kind, ...], Around | None] = field(factory=dict)

    def of(self, kind: Kind) -> frozenset[Resource] | None:
        """The objects of a kind that live in the namespaces or name one, or that share a host.

        None where one is for hosts or namespaces without a number: it is judged beside any of them.
        """
        if kind not in self._found:
            self._found[kind] = None if self.written.is_wide(kind) else self._of(kind)
        return self._found[kind]

    def _of(self, kind: Kind) -> frozenset[Resource]:
        said = self.written.said(kind)
        near = chain.from_iterable(one.near(self.places) for one in said)
        sharing = chain.from_iterable(one.sharing(self.hosts, self.texts) for one in said)
        return frozenset(chain(near, sharing)).difference(self.written.gone)

    def living(self, kind: Kind, place: str) -> frozenset[Resource] | None:
        """The objects of a kind that live in a namespace, and workloads of the root one.

        None where one is for other namespaces as well.
        """
        written = self.written
        if kind not in (_NAMESPACE, SERVICE, *WORKLOAD_KINDS) and written.is_wide(kind):
            return None
        root = written.mesh.settings.root_namespace if kind in WORKLOAD_KINDS else place
        held = (one for said in written.said(kind) for one in said.beside({place, root}))
        return frozenset(held).difference(written.gone)

    def with_neighbours(self, kinds: tuple[Kind, ...]) -> Around | None:
        """The objects of some kinds that are near, and with them those that are near one of these.

        None where one is for hosts or namespaces without a number.
        """
        if kinds not in self._around:
            self._around[kinds] = self._with_neighbours(kinds)
        return self._around[kinds]

    def _with_neighbours(self, kinds: tuple[Kind, ...]) -> Around | None:
        near = self._all_near(kinds)
        if near is None:
            return None
        judged = frozenset(chain.from_iterable(near.values()))
        hosts = frozenset[str]().union(*map(self.written.hosts_of, judged))
        beside = Nearby(self.written, self.written.named_by(judged), (), hosts)._all_near(kinds)
        return None if beside is None else (judged, {kind: near[kind] | beside[kind] for kind in kinds})

    def _all_near(self, kinds: tuple[Kind, ...]) -> dict[Kind, frozenset[Resource]] | None:
        found = {kind: self.of(kind) for kind in kinds}
        known = {kind: those for kind, those in found.items() if those is not None}
        return known if len(known) == len(found) > 0 else None


def nearby(
    mesh: Mesh,
    before: ResourceSet,
    after: ResourceSet,
    gone: Collection[Resource],
    come: Collection[Resource],
) -> Nearby | None:
    """What is near the edit of one object; None where it may concern anything.

    It is a Service or a workload that is found as it was, or a route. The namespaces are those that it names
    and its own, and those from which something leads there: a Service that stands for one of another
    namespace, a Sidecar, pods that call it. Where pods of gateways, entries or the settings of the mesh lead
    there, by labels or for all, there is no telling who comes by them.
    """
    if len(gone) != 1 or len(come) != 1:
        return None
    (old,), (new,) = gone, come
    if not _is_followed(old, new):
        return None
    written = Written(mesh, before, gone, come)
    places = _reached(written, written.named_by((old, new)))
    if _are_wide(mesh, after, places):
        return None
    return Nearby(written, places, (written.text_of(old), written.text_of(new)))


def _is_followed(old: Resource, new: Resource) -> bool:
    """Whether it can be told what an edit concerns."""
    if (old.group, old.kind) == ROUTE:
        return is_placed_alike(old, new)
    return (old.group, old.kind) in STEADY and is_steady(old, new)


def home_of(one: Resource) -> str:
    """The namespace that an object lives in, or is."""
    return one.name if (one.group, one.kind) == _NAMESPACE else one.namespace


def _full_hosts(one: Resource, hosts: tuple[str, ...], domain: str) -> frozenset[str]:
    """Hosts in an object, as they are written and by their full names, without the dot at their end."""
    full = (expand(host, one.namespace, domain) for host in hosts)
    return frozenset(host.rstrip(".") for host in (*hosts, *full))


def _reached(written: Written, places: frozenset[str]) -> frozenset[str]:
    """The namespaces, and those from which something leads to one of them."""
    leading = [kind for kind in written.before.kinds if kind not in _JUDGED]
    reached = new = places
    while new:
        named = chain.from_iterable(written.naming(kind, new) for kind in leading)
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

"""Which requests a match takes, as exact sets: the form that all kinds of routes are brought to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from meshlint.matching import AddressSet, StringSet
from meshlint.traffic.request import Request
from meshlint.values import field, frozen

ANYTHING = StringSet.anything()
NOTHING = StringSet.nothing()


@frozen(repr=False)
class Demand:
    """What the values of one header must be.

    Each set of `some` needs a value in it; none may be in `none`, for which a missing header counts as
    an empty value; with `absent` the header must be missing. A repeated header has several values, each of
    which is tested (Envoy: header matching).
    """

    some: tuple[StringSet, ...] = ()
    none: StringSet = NOTHING
    absent: bool = False

    def admits(self, values: tuple[str, ...]) -> bool:
        """Whether a header with these values fits; a missing one has none."""
        if self.absent and values:
            return False
        wanted = all(any(one.admits(value) for value in values) for one in self.some)
        return wanted and not any(self.none.admits(value) for value in values or ("",))

    @property
    def is_impossible(self) -> bool:
        """Whether no header, nor its absence, fits."""
        if self.absent:
            return bool(self.some) or self.none.admits("")
        return any(one.is_subset(self.none) for one in self.some)

    def is_subset(self, other: Demand) -> bool:
        """Whether whatever fits here fits there too."""
        if self.is_impossible:
            return True
        if other.absent and not self.absent:
            return False
        wanted = all(any(mine.is_subset(theirs) for mine in self.some) for theirs in other.some)
        unwanted = not other.none.admits("") if self.absent else other.none.is_subset(self.none)
        return wanted and unwanted

    def meet(self, other: Demand) -> Demand:
        """What fits both."""
        return Demand((*self.some, *other.some), self.none | other.none, self.absent or other.absent)

    def overlaps(self, other: Demand) -> bool:
        """Whether something fits both."""
        return not self.meet(other).is_impossible


FREE = Demand()


@frozen(eq=False, slots=False, repr=False)
class Condition:
    """The requests that meet all demands. Header names are in lower case; absent keys demand nothing.

    Of a parameter in `query` the first value counts, and it must be there; of one in `parameters` any value
    may meet the demand. Of connections only the server name and the address that is connected to are looked
    at; a request whose address is not known is in no `destinations`.

    `is_catch_all` is what the mesh itself takes for "matches everything", which is narrower than what does
    (Istio: catch-all test).
    """

    path: StringSet = ANYTHING
    method: StringSet = ANYTHING
    authority: StringSet = ANYTHING
    scheme: StringSet = ANYTHING
    headers: Mapping[str, Demand] = field(factory=dict)
    query: Mapping[str, StringSet] = field(factory=dict)
    parameters: Mapping[str, Demand] = field(factory=dict)
    server_name: StringSet = ANYTHING
    destinations: AddressSet | None = None
    """The addresses that may be connected to; None for all."""
    is_catch_all: bool = False
    is_impossible: bool = False
    """Whether a demand cannot be met or cannot be read, so that no request comes in."""

    def admits(self, request: Request) -> bool:
        """Whether `request` meets every demand."""
        return next(self.failures(request), None) is None

    def failures(self, request: Request) -> Iterator[str]:
        """What `request` fails, in words such as `method` or `header x-user`."""
        if self.is_impossible:
            yield "a condition that nothing meets"
        texts = (
            ("path", self.path, request.plain_path),
            ("method", self.method, request.method),
            ("authority", self.authority, request.authority),
            ("scheme", self.scheme, request.scheme),
        )
        yield from (name for name, allowed, value in texts if not allowed.admits(value))
        for name, demand in self.headers.items():
            if not demand.admits(request.header(name)):
                yield f"header {name}"
        for name, allowed in self.query.items():
            value = request.parameter(name)
            if value is None or not allowed.admits(value):
                yield f"query parameter {name}"
        for name, demand in self.parameters.items():
            if not demand.admits(request.parameters(name)):
                yield f"query parameter {name}"
        if self.server_name is not ANYTHING and not self.server_name.admits(request.server_name):
            yield "server name"
        if self.destinations is not None and not self.destinations.admits(request.address or ""):
            yield "destination address"

    @cached_property
    def _texts(self) -> tuple[StringSet, ...]:
        return (self.path, self.method, self.authority, self.scheme, self.server_name)

    def is_subset(self, other: Condition) -> bool:
        """Whether every request that comes in here comes in there too.

        Raises `TooComplex` where that is not decided.
        """
        if self.is_impossible:
            return True
        return (
            not other.is_impossible
            and all(mine.is_subset(theirs) for mine, theirs in zip(self._texts, other._texts, strict=True))
            and _meets(self.headers, other.headers)
            and _meets(self.parameters, other.parameters)
            and all(
                name in self.query and self.query[name].is_subset(one) for name, one in other.query.items()
            )
            and _within(self.destinations, other.destinations)
        )

    def overlaps(self, other: Condition) -> bool:
        """Whether some request comes in at both. Raises `TooComplex` where that is not decided."""
        if self.is_impossible or other.is_impossible:
            return False
        return (
            all(mine.overlaps(theirs) for mine, theirs in zip(self._texts, other._texts, strict=True))
            and not any(one.is_impossible for one in _both(self.headers, other.headers).values())
            and not any(one.is_impossible for one in _both(self.parameters, other.parameters).values())
            and all(
                self.query[name].overlaps(other.query[name])
                for name in self.query.keys() & other.query.keys()
            )
            and (
                self.destinations is None
                or other.destinations is None
                or self.destinations.overlaps(other.destinations)
            )
        )


def _meets(given: Mapping[str, Demand], wanted: Mapping[str, Demand]) -> bool:
    return all(given.get(name, FREE).is_subset(one) for name, one in wanted.items())


def _within(narrow: AddressSet | None, wide: AddressSet | None) -> bool:
    return wide is None or (narrow is not None and narrow.is_subset(wide))


def joined(one: Condition, other: Condition) -> Condition:
    """The requests that meet both conditions."""
    return Condition(
        path=one.path & other.path,
        method=one.method & other.method,
        authority=one.authority & other.authority,
        scheme=one.scheme & other.scheme,
        headers=_both(one.headers, other.headers),
        query=_narrowed(one.query, other.query),
        parameters=_both(one.parameters, other.parameters),
        server_name=one.server_name & other.server_name,
        destinations=_common(one.destinations, other.destinations),
        is_catch_all=one.is_catch_all and other.is_catch_all,
        is_impossible=one.is_impossible or other.is_impossible,
    )


def _common(one: AddressSet | None, other: AddressSet | None) -> AddressSet | None:
    return other if one is None else one if other is None else one.intersection(other)


def _both(one: Mapping[str, Demand], other: Mapping[str, Demand]) -> dict[str, Demand]:
    found = dict(one)
    for name, demand in other.items():
        found[name] = found[name].meet(demand) if name in found else demand
    return found


def _narrowed(one: Mapping[str, StringSet], other: Mapping[str, StringSet]) -> dict[str, StringSet]:
    return {
        name: one.get(name, ANYTHING) & other.get(name, ANYTHING) for name in dict.fromkeys((*one, *other))
    }

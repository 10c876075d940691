"""Ways to fill gaps in. What is said of manifests has to be true whichever of them is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from meshlint.documents import Document
from meshlint.documents.blanks import Blank
from meshlint.documents.placeholders import placeholders
from meshlint.resources.filling.gap import Gap
from meshlint.values import frozen

Choice = Callable[[Gap], Any]
_NUMBERS: Final = (50, 8443, 1, 0, 100)
_PROTOCOLS: Final = ("HTTP", "HTTPS", "TLS", "TCP", "GRPC", "UDP")
_CLASSES: Final = ("istio", "istio-waypoint", "istio-remote", "istio-east-west")
_WORDS: Final = {"protocol": _PROTOCOLS, "gatewayClassName": _CLASSES}
"""Fields whose values mean something to a mesh although no schema lists them."""
_HOSTS: Final = frozenset(
    {"host", "hosts", "hostname", "hostnames", "notHosts", "sniHosts", "sni", "authority", "trustDomain"}
)
_LONGEST: Final = 256
_NETWORKS: Final = frozenset(
    {"cidr", "cidrs", "ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks", "except"}
    | {"destinationSubnets", "sourceSubnet", "includeOutboundIPRanges"}
)
_PATTERNS: Final = frozenset(
    {"principals", "requestPrincipals", "values", "paths", "methods", "serviceAccounts"}
)
_ADDRESSES: Final = frozenset({"address", "addresses", "clusterIP", "loadBalancerIP", "externalIPs", "ip"})
_NAMESPACES: Final = frozenset({"namespace", "namespaces", "notNamespaces", "targetNamespace"})


@frozen
class Target:
    """A value that would make a difference, and the namespace where."""

    value: str
    namespace: str


def as_given(gap: Gap) -> Any:
    """The default if there is one, or else the text as it is written."""
    default = gap.blank.by_default()
    return gap.blank.text if default is None else gap.blank.read(default)


def first_choice(gap: Gap) -> Any:
    """The default if there is one, or else a sound value that stands nowhere in the files."""
    return _choice(gap, 0)


def other_choice(turn: int) -> Choice:
    """Another sound value: a wider network, the next word of an enumeration."""
    return lambda gap: _choice(gap, turn)


def turns(gap: Gap) -> int:
    """How many choices there are where only certain words make sense."""
    if gap.role in _WORDS:
        return len(_WORDS[gap.role]) + 1
    return len(gap.node.schema.get("enum", ())) if gap.node is not None else 0


def in_use(documents: Iterable[Document], gaps: Iterable[Gap]) -> Callable[[int], Choice]:
    """The values that fields of the same name as one of `gaps` hold most often in `documents`: by turn, the
    most common or one that is rarer.
    """
    counts: dict[str, Counter[str]] = {gap.role: Counter() for gap in gaps}
    for document in documents:
        _count("", document.value, counts)
    ranked = {role: _ranked(counter) for role, counter in counts.items()}
    return lambda turn: lambda gap: _common(gap, ranked, turn)


def _ranked(counter: Counter[str]) -> list[str]:
    known = [text for text in counter if len(text) < _LONGEST and not placeholders(text)]
    return sorted(known, key=lambda one: (-counter[one], one))


def wanted(target: Target) -> Choice:
    """The value of `target` wherever it can stand, and its namespace for namespaces.

    Of a text that is known in part nothing is certain either: tools join, cut and replace whole values.
    """
    return lambda gap: _wanted(gap, target)


def _choice(gap: Gap, turn: int) -> Any:
    default = gap.blank.by_default() if turn == 0 else None
    if default is not None:
        return gap.blank.read(default)
    keeps = not gap.is_whole and not (turn and turns(gap))
    partly = _partly(gap) if keeps else None
    if partly is not None:
        return partly
    found = [value for value in _candidates(gap) if gap.admits(value)]
    return found[turn % len(found)] if found else gap.blank.text


def _candidates(gap: Gap) -> Iterator[Any]:
    node = gap.node
    types = node.types if node is not None else ()
    if node is not None and "enum" in node.schema:
        yield from node.schema["enum"]
        return
    if types and "string" not in types:
        yield from _not_text(gap, types)
        return
    yield from _typical(gap)
    yield from _NUMBERS if "integer" in types else ()


def _not_text(gap: Gap, types: tuple[str, ...]) -> Iterator[Any]:
    if "boolean" in types:
        yield from (True, False)
    if "integer" in types or "number" in types:
        yield from _NUMBERS
    if "array" in types:
        yield from ([gap.word], [{}], [])
    if "object" in types:
        yield {}


def _typical(gap: Gap) -> Iterator[str]:
    """Texts that fit the name of the field, and then those of any form that fields have."""
    role, word = gap.role, gap.word
    if role in _HOSTS:
        yield from (f"{word}.example.com", f"{word}.example.org")
    elif role in _NETWORKS or _speaks_of_address(gap):
        yield from ("198.51.100.7/32", "0.0.0.0/0")
    elif role in _ADDRESSES:
        yield from ("198.51.100.7", "198.51.100.8")
    elif role in _PATTERNS and "rules" in gap.path:
        yield from (_narrow(role, word), "*")
    elif role in {"issuer", "jwksUri", "url", "uri"} and "match" not in gap.path:
        yield from (f"https://{word}.example.com/a", f"https://{word}.example.com/b")
    elif role in {"paths", "path", "prefix", "uri", "exact"} and "headers" not in gap.path:
        yield f"/{word}"
    elif role in _WORDS:
        yield from _WORDS[role]
    elif role in {"port", "ports", "notPorts"}:
        yield from ("8443", "80")
    elif role in {"methods", "notMethods", "method"}:
        yield from ("GET", "POST")
    yield from (word, f"{word}-b", word.replace("-", ""))
    yield from ("5s", "50m", "1", "50%", f"/{word}", f"{word}.example.com", f"https://{word}.example.com/")


def _narrow(role: str, word: str) -> str:
    if role == "principals":
        return f"cluster.local/ns/{word}/sa/{word}"
    return f"/{word}" if role == "paths" else "GET" if role == "methods" else word


def _speaks_of_address(gap: Gap) -> bool:
    """Whether the values of a condition are networks (Istio: authorization policy conditions)."""
    key = gap.siblings.get("key") if isinstance(gap.siblings, dict) else None
    return gap.role in {"values", "notValues"} and key in {"source.ip", "remote.ip", "destination.ip"}


def _partly(gap: Gap) -> Any:
    """The text with a word in its gaps, so that what is known of it stays; None if no word fits."""
    pieces = (gap.word, "1", gap.word.replace("-", ""))
    values = (gap.blank.read(_with_word(gap.blank, piece)) for piece in pieces)
    return next((value for value in values if gap.admits(value)), None)


def _with_word(blank: Blank, word: str) -> str:
    return blank.filled(lambda one: one.default or word)


def _common(gap: Gap, ranked: Mapping[str, list[str]], turn: int) -> Any:
    known = ranked.get(gap.role, ())
    if gap.path[-2:] == ("metadata", "name") or not known:
        return _choice(gap, turn)
    value = gap.blank.read(known[turn % len(known)])
    return value if gap.admits(value) else _choice(gap, turn)


def _wanted(gap: Gap, target: Target) -> Any:
    value = gap.blank.read(target.namespace if gap.role in _NAMESPACES else target.value)
    if not gap.admits(value):
        value = str(value)
    return value if gap.admits(value) else first_choice(gap)


def _count(role: str, value: Any, counts: Mapping[str, Counter[str]]) -> None:
    """Counts the texts and numbers within a value under the names of their fields, of those that matter."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _count(key, inner, counts)
    elif isinstance(value, list):
        for inner in value:
            _count(role, inner, counts)
    elif role in counts and isinstance(value, str | int) and not isinstance(value, bool):
        counts[role][str(value)] += 1

"""Objects made from known ones by a few changes each: values of others, slips of the hand, odd texts."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from attrs import field, frozen

Path = tuple[str | int, ...]
Places = dict[tuple[str, Path], list[Any]]
_WORDS = """
* *. . - a.b A a_b a/b / ~ a/* */a *.com *.*.com a.* ** *a a* .example.com -a a- 1 1.2.3.4 1.2.3.4/8
1.2.3.4/33 ::1 ::1/64 [::1] fe80::1%eth0 unix:///a unix:// unix://@a outbound|80||a 0s 1ms 1s 1.5s 1h -1s
1m30s 0.0001s 1d 315576000001s % %% %a% %REQ(x)% {a} {*} {**} /{**} /a/{*}/b /{**}/a [ ( a(b \\ mesh http
HTTP TCP tcp TLS MONGO UDP http://a https://a.b/c https:// spiffe://a/b cluster.local */ns/a
kubernetes://a sds://a file:///a true null 0 -1 65536 GET get x-a X-A :path :authority host Host cookie
content-length {"keys":[]} {} request.auth.claims[a] request.headers[a] source.ip destination.port
connection.sni source.principal @request.auth.claims.a 1/2 default/a
"""
_TEXTS = ("", "a b", "\t", "a\n", "é", "x" * 64, "x" * 254, *_WORDS.split())
_LETTERS = "./-_*:%@ A0é[]{}()\\|,"
_NUMBERS = (
    0,
    1,
    -1,
    2,
    80,
    99,
    100,
    101,
    199,
    200,
    599,
    600,
    65535,
    65536,
    2**31 - 1,
    2**31,
    -(2**31),
    0.5,
    100.1,
)


@frozen
class Known:
    """What stands in known specs, by kind and by the path of the field without the places in lists."""

    specs: Sequence[tuple[str, Any]]
    at: Places = field(factory=lambda: defaultdict(list))
    called: dict[str, list[Any]] = field(factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, specs: Sequence[tuple[str, Any]]) -> Known:
        known = cls(specs)
        for kind, spec in specs:
            for path in _paths(spec):
                value = _get(spec, path)
                known.at[kind, _plain(path)].append(value)
                known.called[str(path[-1]) if path else ""].append(value)
        return known

    def drawn(self, random: Random) -> tuple[str, Any]:
        """A kind and a spec of it that differs from a known one in a few places."""
        kind, spec = random.choice(self.specs)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
            spec = self._changed(random, kind, spec)
        return kind, spec if isinstance(spec, dict) else {}

    def _changed(self, random: Random, kind: str, spec: Any) -> Any:
        spec = copy.deepcopy(spec)
        path = random.choice(list(_paths(spec)))
        if path and random.random() < 0.15:
            del _get(spec, path[:-1])[path[-1]]
            return spec
        value = self._other(random, kind, path, _get(spec, path))
        if not path:
            return value
        _get(spec, path[:-1])[path[-1]] = value
        return spec

    def _other(self, random: Random, kind: str, path: Path, value: Any) -> Any:
        alike = self.at.get((kind, _plain(path)), [value])
        if isinstance(value, bool):
            return not value
        if isinstance(value, int | float):
            return random.choice(_NUMBERS) if random.random() < 0.7 else random.choice(alike)
        if isinstance(value, str):
            return random.choice(
                (_spelt(random, value), random.choice(alike), self._elsewhere(random, path, value))
            )
        if random.random() < 0.4:
            return copy.deepcopy(random.choice(alike))
        return self._filled(random, kind, path, value)

    def _elsewhere(self, random: Random, path: Path, value: Any) -> Any:
        return copy.deepcopy(random.choice(self.called.get(str(path[-1]) if path else "", [value])))

    def _filled(self, random: Random, kind: str, path: Path, value: Any) -> Any:
        """A message with one more field, or a list with an item more, less, or in another order."""
        if isinstance(value, dict):
            here = _plain(path)
            keys = sorted({at[-1] for kin, at in self.at if kin == kind and at[:-1] == here and at}, key=str)
            if keys:
                key = random.choice(keys)
                value[key] = copy.deepcopy(random.choice(self.at[kind, (*here, key)]))
        elif isinstance(value, list) and value:
            items = self.at.get((kind, (*_plain(path), 0)), value)
            added = copy.deepcopy(random.choice((random.choice(value), random.choice(items))))
            return random.choice(([*value, added], value[:-1], value[::-1]))
        return value


def _spelt(random: Random, value: str) -> str:
    place = random.randrange(len(value) + 1)
    slip = value[:place] + random.choice(_LETTERS) + value[place + random.randrange(2) :]
    word = random.choice(_TEXTS)
    return random.choice((word, word + value, value + word, slip, value.upper(), value[:place]))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    entries = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, inner in entries:
        yield from _paths(inner, (*path, step))


def _plain(path: Path) -> Path:
    return tuple(0 if isinstance(step, int) else step for step in path)


def _get(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value

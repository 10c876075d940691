"""Manifests with something wrong in them: each mutation changes the tree of a document, not its letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

Holder = Any
"""A mapping or a list, to be changed."""
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e400,
    float("nan"),
    2**63,
    10**40,
    "9" * 5000,
    f"1.{'9' * 5000}",
    f"10.0.0.0/{'9' * 5000}",
    f"{'0' * 5000}1s",
    "",
    " ",
    "*",
    "**",
    "*.",
    ".",
    "/",
    "//",
    "-",
    "a" * 300,
    "a.b.c.d",
    "ns/",
    "/name",
    "é世\u202e",
    "\x07",
    "\ud7ff",
    "%",
    "%zz",
    "(",
    "[a-",
    "a{99999}",
    "(a|b)*c",
    "${A}",
    "${A:=b}",
    "{{ .Values.a }}",
    "$(A)",
    "ENC[AES256_GCM,data:a]",
    "0s",
    "1h",
    "-1s",
    "1e9s",
    "10.0.0.0/33",
    "::/0",
    "256.1.1.1",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "true",
    "1",
    "0x10",
    "cluster.local/ns/a/sa/b",
    "spiffe://a/ns/b/sa/c",
    "web.shop.svc.cluster.local",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"a": {"a": {"a": []}}},
    [1, "a", None, {}],
    {"*": "*"},
    {"matchLabels": {"app": None}},
    {"matchExpressions": [{"key": "a", "operator": "In"}]},
)
Mutation = Callable[[Any, Random, Sequence[Any]], None]


def mutated(document: Any, random: Random, others: Sequence[Any]) -> Any:
    """A copy of `document` with one to four mutations, parts of `others` among them."""
    result = deepcopy(document)
    for _ in range(random.choice((1, 1, 2, 4))):
        random.choice(_MUTATIONS)(result, random, others)
    return result


def _holders(value: Any) -> Iterator[Holder]:
    if isinstance(value, dict) and value:
        yield value
    if isinstance(value, list) and value:
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _holders(one)


def _place(value: Any, random: Random) -> tuple[Holder, Any]:
    """A mapping or list somewhere in `value`, and one of its keys or indices."""
    found = list(_holders(value))
    if not found:
        return {"": None}, ""
    holder = random.choice(found)
    return holder, random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))


def _make_odd(document: Any, random: Random, _: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    holder[key] = deepcopy(random.choice(ODD))


def _drop(document: Any, random: Random, _: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    del holder[key]


def _wrap(document: Any, random: Random, _: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    holder[key] = random.choice(([holder[key]], {"a": holder[key]}, [holder[key], holder[key]]))


def _unwrap(document: Any, random: Random, _: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    value = holder[key]
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if inner:
        holder[key] = deepcopy(inner[0])


def _repeat(document: Any, random: Random, _: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    if isinstance(holder, list):
        holder.extend(deepcopy(holder[key]) for _ in range(random.choice((1, 3, 40))))


def _rename(document: Any, random: Random, others: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    other, name = _place(random.choice(others), random)
    if isinstance(holder, dict) and isinstance(other, dict):
        holder[name] = holder.pop(key)


def _transplant(document: Any, random: Random, others: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    other, name = _place(random.choice(others), random)
    holder[key] = deepcopy(other[name])


def _swap(document: Any, random: Random, _: Sequence[Any]) -> None:
    holder, key = _place(document, random)
    other, name = _place(document, random)
    holder[key], other[name] = deepcopy(other[name]), deepcopy(holder[key])


def _be_another(document: Any, random: Random, others: Sequence[Any]) -> None:
    other = random.choice(others)
    if isinstance(document, dict) and isinstance(other, dict):
        document.update({key: other[key] for key in ("apiVersion", "kind") if key in other})


def _name_another(document: Any, random: Random, others: Sequence[Any]) -> None:
    other = random.choice(others)
    if isinstance(document, dict) and isinstance(other, dict) and "metadata" in other:
        document["metadata"] = deepcopy(other["metadata"])


def _list(document: Any, _: Random, __: Sequence[Any]) -> None:
    if isinstance(document, dict):
        inner = dict(document)
        document.clear()
        document.update({"apiVersion": "v1", "kind": "List", "items": [inner, deepcopy(inner)]})


_MUTATIONS: tuple[Mutation, ...] = (
    _make_odd,
    _make_odd,
    _make_odd,
    _drop,
    _wrap,
    _unwrap,
    _repeat,
    _rename,
    _transplant,
    _transplant,
    _swap,
    _be_another,
    _name_another,
    _list,
)

"""What an object says: the words and hosts in it, by which it is found near an edit."""

from __future__ import annotations

from typing import Any, Final

from meshlint.documents import Field
from meshlint.documents.document import Stretch
from meshlint.mesh.hosts.full_view import hosts_in
from meshlint.resources import Resource
from meshlint.values import frozen

_NAMING_HOSTS: Final = frozenset({"DestinationRule", "VirtualService"})
"""Kinds of which nearly every object names hosts."""
_OF_WORDS: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-")
_APART: Final = bytes(one if one in _OF_WORDS else ord(" ") for one in bytes(range(256)).lower())


@frozen(eq=False, repr=False)
class Words:
    """The words that an object says, where a namespace is one."""

    apart: bytes

    def among(self, known: frozenset[bytes]) -> frozenset[bytes]:
        """Those of some words that it says."""
        return known.intersection(self.apart.split())

    def has(self, word: bytes) -> bool:
        """Whether it says a word."""
        return b" %b " % word in self.apart


def words_of(resource: Resource) -> Words:
    """The words that an object says."""
    return Words(words_apart(written_in(resource.field) or text_of(resource)))


def hosts_named(resource: Resource) -> tuple[str, ...]:
    """The hosts that an object names, in small letters."""
    if resource.kind not in _NAMING_HOSTS and not resource.document.may_hold("host"):
        return ()
    return tuple(map(str.lower, hosts_in(resource.field.value)))


def words_apart(text: str) -> bytes:
    """The words in a text, in small letters: they are made of letters, digits, and hyphens between these."""
    plain = b" %b " % text.encode("utf-8", "surrogatepass").translate(_APART)
    plain = plain.replace(b" - ", b"  ").replace(b" --- ", b"  ")
    if b" -" in plain or b"- " in plain:
        plain = b" %b " % b" ".join(one.strip(b"-") for one in plain.split())
    return plain


def written_in(field: Field) -> str:
    """The characters of a document in which all words of its values stand, and few others."""
    written = field.document.written
    if field.path or not isinstance(written, Stretch) or not written.text.is_literal:
        return ""
    said = written.says
    return "" if "#" in said else said


def text_of(resource: Resource) -> str:
    """The keys and texts in an object."""
    texts: list[str] = []
    _gather(resource.field.value, texts)
    return " ".join(texts).lower()


def _gather(value: Any, texts: list[str]) -> None:
    """Put the keys and texts in a value to others: all objects are asked, so without a step for each."""
    if isinstance(value, dict):
        texts += map(str, value)
        value = value.values()
    elif not isinstance(value, list):
        value = (value,)
    for one in value:
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, (dict, list)):
            _gather(one, texts)

"""Which repository do Flux objects mean: this one, or another?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.nodes import child, text_of
from meshlint.values import regex

_OWN: Final = "flux-system"
"""What Flux calls the repository that it was installed from (flux bootstrap)."""
_START: Final = regex(r"^(?:\w+://)?(?:[^@/]*@)?")


def is_elsewhere(root: Node, reference: Node | None, known: Iterable[Node]) -> bool:
    """Whether `reference`, of the object `root`, names a repository that is certainly not this one.

    `known` are the objects in view; without the repository that Flux was installed from nothing is certain.
    """
    if text_of(child(reference, "kind")) != "GitRepository":
        return False
    namespace = text_of(child(reference, "namespace")) or text_of(child(root, "metadata", "namespace"))
    wanted = (namespace, text_of(child(reference, "name")))
    own: set[str] = set()
    meant: set[str] = set()
    for one in known:
        if text_of(child(one, "kind")) == "GitRepository":
            place = _place(text_of(child(one, "spec", "url")))
            name = (text_of(child(one, "metadata", "namespace")), text_of(child(one, "metadata", "name")))
            own |= {place} if name[1] == _OWN else set()
            meant |= {place} if name == wanted else set()
    return bool(own) and bool(meant) and not own & meant


def _place(url: str) -> str:
    """Host and path of a repository, whatever the protocol."""
    return _START.sub("", url).replace(":", "/").removesuffix("/").removesuffix(".git").lower()

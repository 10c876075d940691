"""Which cluster do the objects of an entry point go to?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from yaml.nodes import Node

from meshlint.assembly.nodes import child, text_of

OWN: Final = ""
"""The cluster that holds the entry point itself."""
_OWN_OF_ARGO: Final = frozenset({"", "server https://kubernetes.default.svc", "name in-cluster"})


def cluster_of(root: Node, within: str | None = OWN) -> str | None:
    """The cluster that an object of Flux or Argo CD applies to, itself in the cluster `within`.

    None if the files leave it open (Flux: kubeConfig, by a Secret or since 2.7 a ConfigMap; Argo CD:
    destination, by its address or by the name that Argo CD has for it).
    """
    config = child(root, "spec", "kubeConfig")
    for name in ("secretRef", "configMapRef"):
        told = text_of(child(config, name, "name"))
        if told:
            return f"kubeconfig {text_of(child(root, 'metadata', 'namespace'))}/{told}"
    destination = child(root, "spec", "destination")
    found = (f"{way} {text_of(value)}" for way in ("server", "name") if (value := child(destination, way)))
    told = next(found, "").rstrip("/")
    if "{{" in told:
        return None
    return within if told in _OWN_OF_ARGO else told


def told_apart(clusters: Iterable[str | None]) -> list[str]:
    """The different clusters among those of deployments.

    An address and a name may mean the same one: unless all are told in the same way, nobody knows.
    """
    known = {one for one in clusters if one is not None}
    ways = {one.partition(" ")[0] for one in known if one != OWN}
    return sorted(known) if known and len(ways) <= 1 else []

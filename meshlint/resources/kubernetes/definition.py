"""CustomResourceDefinitions: which kinds a cluster knows, and at which versions."""

from __future__ import annotations

from meshlint.documents import Text
from meshlint.resources.resource import Resource
from meshlint.values import regex

_BUNDLE = "gateway.networking.k8s.io/bundle-version"
_RELEASE = regex(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-+].*)?\Z")


def defined_kind(definition: Resource, group: str) -> str | None:
    """The kind of `group` that is defined; None for one of another group."""
    if definition.spec.text("group") != group:
        return None
    return (definition.spec / "names").text("kind")


def served_versions(definition: Resource) -> frozenset[str]:
    """The versions that the API server serves."""
    entries = definition.spec.items("versions")
    return frozenset(str(one.text("name")) for one in entries if one.boolean("served"))


def bundle_version(definition: Resource) -> tuple[Text, tuple[int, int, int]] | None:
    """The release of the Gateway API that a definition is of, as written and as numbers without suffix."""
    written = definition.annotations.get(_BUNDLE)
    match = _RELEASE.match(written) if written is not None else None
    if written is None or match is None:
        return None
    major, minor, patch = (int(number) for number in match.groups())
    return written, (major, minor, patch)

"""Suppressions in the annotations of an object: our own, and those of istioctl and Kiali."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from meshlint.documents import Text
from meshlint.engine.catalogue import Catalogue
from meshlint.engine.suppression.model import Suppression, Target, reason_and_expiry, words_of
from meshlint.resources import Resource, ResourceSet

OWN = "meshlint.dev/ignore"
ISTIOCTL = "galley.istio.io/analyze-suppress"
KIALI = "kiali.io/ignore-validations"
_FOREIGN = {ISTIOCTL: "IST", KIALI: "KIA"}


def annotation_suppressions(resources: ResourceSet, catalogue: Catalogue) -> Iterator[Suppression]:
    """The suppressions in the annotations of `resources`; each speaks of the findings of its object."""
    for resource in resources.resources:
        written = resource.written("annotations")
        if OWN in written:
            yield from _own(resource)
        for key, letters in _FOREIGN.items():
            if key in written:
                yield _foreign(resource, key, letters, catalogue)


def _own(resource: Resource) -> Iterator[Suppression]:
    """`ID, ID: reason`, one on each line."""
    value = resource.annotations.get(OWN) or Text.of("", resource.at("metadata", "annotations", OWN))
    for line in value.splitlines() or [""]:
        head, _, rest = line.partition(":")
        reason, expires, wrong = reason_and_expiry(rest.strip())
        words = words_of(head)
        if not words:
            wrong = f'The annotation "{OWN}" names no rule'
        yield Suppression(
            words,
            value.field,
            _covers(resource),
            reason,
            expires,
            resource=resource,
            file=resource.document.file,
            malformed=wrong,
        )


def _foreign(resource: Resource, key: str, letters: str, catalogue: Catalogue) -> Suppression:
    """Codes of another tool, all of them for `*` (istioctl) or for an empty value (Kiali)."""
    value = resource.annotations.get(key) or Text.of("", resource.at("metadata", "annotations", key))
    codes = words_of(value)
    if "*" in codes or (key == KIALI and not codes):
        named = {r.id for r in catalogue.rules if any(code.startswith(letters) for code in r.replaces)}
    else:
        named = {r.id for code in codes if code.startswith(letters) for r in catalogue.replacing(code)}
    return Suppression(
        (),
        value.field,
        _covers(resource),
        resource=resource,
        file=resource.document.file,
        own=False,
        rules=frozenset(named),
    )


def _covers(resource: Resource) -> Callable[[Target], bool]:
    def covers(target: Target) -> bool:
        found = target.raised.hit.resource
        return (
            found is not None
            and found.document is resource.document
            and found.field.path == resource.field.path
        )

    return covers

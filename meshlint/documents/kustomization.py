"""What a kustomization file refers to: whole resources, and patches that are only parts of objects."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents.field import Field
from meshlint.documents.read import read
from meshlint.sources import References

_WHOLE = ("resources", "bases", "components", "crds")
_PATCH_FILES = ("patchesStrategicMerge",)
_PATCHES = ("patches", "patchesJson6902")


def kustomization_references(data: bytes) -> References:
    """The paths in the text of one kustomization file, as they are written (Kustomize: kustomization fields).

    Whatever is not a path (an inline patch, a value of the wrong type) is left out; a text that is not YAML
    refers to nothing, for the reader of the file itself reports that.
    """
    fields = [Field(one, (), one.value) for one in read("kustomization", data).documents]
    return References(
        resources=frozenset(path for field in fields for path in _listed(field, _WHOLE)),
        patches=frozenset(path for field in fields for path in _patches(field)),
        buildable=all(field.text("kind") != "Component" for field in fields),
    )


def _listed(field: Field, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        yield from (str(text) for text in field.texts(key) if _is_path(text))


def _patches(field: Field) -> Iterator[str]:
    yield from _listed(field, _PATCH_FILES)
    for key in _PATCHES:
        for patch in field.items(key):
            path = patch.text("path")
            if path is not None and _is_path(path):
                yield str(path)


def _is_path(text: str) -> bool:
    return bool(text) and "\n" not in text

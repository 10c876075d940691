"""What a kustomization's `configurations` add to the fields of the transformers."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import Node

from meshlint.assembly.kustomize.beside import Beside
from meshlint.assembly.kustomize.defaults import Configuration, Reference, default_configuration
from meshlint.assembly.kustomize.fields import FieldSpec
from meshlint.assembly.kustomize.piece import Gvk
from meshlint.assembly.nodes import child, items, text_of


def configured(beside: Beside, root: Node) -> Configuration:
    """The default configuration, with what the files of `configurations` add."""
    result = default_configuration()
    for entry in items(child(root, "configurations")):
        for node in beside.documents(text_of(entry)):
            result = result.joined(_of(node))
    return result


def _of(node: Node) -> Configuration:
    def specs(name: str) -> tuple[FieldSpec, ...]:
        return tuple(_spec(one) for one in items(child(node, name)))

    return Configuration(
        labels=specs("labels"),
        common_labels=specs("commonLabels"),
        template_labels=specs("templateLabels"),
        annotations=specs("commonAnnotations"),
        namespace=specs("namespace"),
        prefix=specs("namePrefix"),
        suffix=specs("nameSuffix"),
        images=specs("images"),
        replicas=specs("replicas"),
        references=tuple(_references(node)),
        variables=specs("varReference"),
    )


def _references(node: Node) -> Iterator[Reference]:
    for entry in items(child(node, "nameReference")):
        for field in items(child(entry, "fieldSpecs")):
            yield Reference(_gvk(entry), _spec(field))


def _spec(node: Node) -> FieldSpec:
    return FieldSpec(text_of(child(node, "path")), _gvk(node), text_of(child(node, "create")) == "true")


def _gvk(node: Node) -> Gvk:
    return Gvk(*(text_of(child(node, part)) for part in ("group", "version", "kind")))

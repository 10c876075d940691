"""What a kustomization does to the objects it has gathered, in the order of kustomize."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from yaml.nodes import MappingNode, Node

from meshlint.assembly.kustomize.defaults import Configuration
from meshlint.assembly.kustomize.failure import CannotBuild
from meshlint.assembly.kustomize.fields import FieldSpec, Setter, apply, check_key
from meshlint.assembly.kustomize.images import set_images
from meshlint.assembly.kustomize.patches import Patcher
from meshlint.assembly.kustomize.piece import Gvk, Piece
from meshlint.assembly.kustomize.replacements import replace
from meshlint.assembly.nodes import child, entries, is_null, items, mapping, put, scalar, text_of

DEFAULT_ONLY: Final = "defaultOnly"
_ALL_ACCOUNTS: Final = "allServiceAccounts"
_ROLE_BINDINGS: Final = frozenset({"RoleBinding", "ClusterRoleBinding"})
_NEVER_PREFIXED: Final = (
    Gvk(kind="CustomResourceDefinition"),
    Gvk("apiregistration.k8s.io", "", "APIService"),
    Gvk(kind="Namespace"),
)


def transform(pieces: list[Piece], root: Node, configuration: Configuration, patcher: Patcher) -> None:
    """Patches, namespace, affixes, labels, annotations, JSON patches, replicas, images, replacements."""
    for entry in items(child(root, "patchesStrategicMerge")):
        patcher.strategic(pieces, entry)
    for entry in items(child(root, "patches")):
        patcher.any(pieces, entry)
    set_namespace(pieces, child(root, "namespace"), configuration.namespace)
    affix(pieces, child(root, "namePrefix"), configuration.prefix, before=True)
    affix(pieces, child(root, "nameSuffix"), configuration.suffix, before=False)
    _label(pieces, root, configuration)
    mark(pieces, child(root, "commonAnnotations"), configuration.annotations)
    for entry in items(child(root, "patchesJson6902")):
        patcher.json(pieces, entry)
    for entry in items(child(root, "replicas")):
        scale(pieces, entry, configuration.replicas)
    set_images(pieces, child(root, "images"), configuration.images)
    for entry in items(child(root, "replacements")):
        for one in _replacements(entry, patcher):
            replace(pieces, one)


def _replacements(entry: Node, patcher: Patcher) -> list[Node]:
    path = text_of(child(entry, "path"))
    if not path:
        return [entry]
    return [one for root in patcher.load(path) for one in (items(root) or [root])]


def set_namespace(
    pieces: Sequence[Piece],
    namespace: Node | None,
    specs: Sequence[FieldSpec],
    *,
    subjects: str = DEFAULT_ONLY,
    unset_only: bool = False,
) -> None:
    """Put everything that lives in a namespace into this one, with what refers to it.

    `subjects` are those of role bindings that go with it: "defaultOnly", "allServiceAccounts" or "none". With
    `unset_only` what says its namespace keeps it.
    """
    if namespace is None or not text_of(namespace):
        return
    value = scalar(text_of(namespace), namespace)
    setter = Setter(lambda _, put_back: put_back(scalar(value.value, namespace)), namespace, "text")
    for piece in pieces:
        if unset_only and piece.id.namespace:
            continue
        piece.remember()
        if not piece.id.is_cluster_scoped:
            put(piece.metadata(), scalar("namespace", namespace), scalar(value.value, namespace))
        if piece.id.gvk.kind in _ROLE_BINDINGS:
            _set_subjects(piece, namespace, subjects, unset_only)
        apply(piece, [spec for spec in specs if _concerns(spec, piece)], setter)
    ids = [(one.id.gvk, one.id.name, one.id.in_namespace) for one in pieces]
    if len(set(ids)) < len(ids):
        raise CannotBuild("two objects have one name once they are in one namespace")


def _concerns(spec: FieldSpec, piece: Piece) -> bool:
    if spec.path == "metadata/namespace":
        return False
    return spec.path != "metadata/name" or text_of(child(piece.root, "apiVersion")) == "v1"


def _set_subjects(piece: Piece, namespace: Node, subjects: str, unset_only: bool) -> None:
    for subject in items(child(piece.root, "subjects")):
        if unset_only and text_of(child(subject, "namespace")):
            continue
        is_default = subjects == DEFAULT_ONLY and text_of(child(subject, "name")) == "default"
        is_account = subjects == _ALL_ACCOUNTS and text_of(child(subject, "kind")) == "ServiceAccount"
        if isinstance(subject, MappingNode) and (is_default or is_account):
            put(subject, scalar("namespace", namespace), scalar(text_of(namespace), namespace))


def affix(pieces: Sequence[Piece], written: Node | None, specs: Sequence[FieldSpec], *, before: bool) -> None:
    """Put a prefix or a suffix to names."""
    text = text_of(written)
    if not text or written is None:
        return

    def change(node: Node, put_back: Callable[[Node], None]) -> None:
        name = text_of(node)
        put_back(scalar(f"{text}{name}" if before else f"{name}{text}", node))

    for piece in pieces:
        if any(piece.original.gvk.selected_by(gvk) for gvk in _NEVER_PREFIXED):
            continue
        piece.remember()
        (piece.prefixes if before else piece.suffixes).append(text)
        apply(piece, specs, Setter(change, written))


def _label(pieces: Sequence[Piece], root: Node, configuration: Configuration) -> None:
    for entry in items(child(root, "labels")):
        specs = [*_own_specs(entry), *configuration.labels]
        if text_of(child(entry, "includeSelectors")) == "true":
            specs += configuration.common_labels
        else:
            if text_of(child(entry, "includeTemplates")) == "true":
                specs += configuration.template_labels
            specs.append(FieldSpec("metadata/labels", create=True))
        mark(pieces, child(entry, "pairs"), specs)
    mark(pieces, child(root, "commonLabels"), configuration.common_labels)


def _own_specs(entry: Node) -> list[FieldSpec]:
    return [field_spec(one) for one in items(child(entry, "fields"))]


def field_spec(node: Node) -> FieldSpec:
    """A field as kustomizations and their configuration files describe it."""
    gvk = Gvk(*(text_of(child(node, part)) for part in ("group", "version", "kind")))
    return FieldSpec(text_of(child(node, "path")), gvk, text_of(child(node, "create")) == "true")


def mark(pieces: Sequence[Piece], pairs: Node | None, specs: Sequence[FieldSpec]) -> None:
    """Put labels or annotations into the mappings that `specs` name."""
    for name, key, value in sorted(entries(pairs), key=lambda entry: entry[0]):
        check_key(name)

        def change(
            node: Node,
            put_back: Callable[[Node], None],
            name: str = name,
            key: Node = key,
            value: Node = value,
        ) -> None:
            target = node
            if not isinstance(node, MappingNode):
                if not is_null(node):
                    raise CannotBuild("labels are no mapping")
                target = mapping(key)
                put_back(target)
            put(target, scalar(name, key), scalar(text_of(value), value))  # type: ignore[arg-type]

        for piece in pieces:
            apply(piece, specs, Setter(change, key, "mapping"))


def scale(pieces: Sequence[Piece], entry: Node, specs: Sequence[FieldSpec]) -> None:
    """Set how many pods a workload has."""
    name, count = text_of(child(entry, "name")), child(entry, "count")
    if count is None:
        return
    setter = Setter(lambda _, put_back: put_back(scalar(text_of(count), count, None)), count, "text")
    found = False
    for spec in specs:
        for piece in pieces:
            if any(one.name == name and one.gvk.selected_by(spec.gvk) for one in piece.ids):
                found = True
                apply(piece, [spec], setter)
    if not found:
        raise CannotBuild(f'"{name}" has no replicas to set')

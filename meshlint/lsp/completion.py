"""What may be written at a place: fields of the schema, their values, and the names of what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from lsprotocol import types

from meshlint.api.edits.workspace import Workspace
from meshlint.lsp.cursor import Cursor
from meshlint.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.resources.schema.shape.node import Node
from meshlint.security.access.istio.workloads import identity_of

_PLAIN = types.CompletionItemKind.Value
_FIELD = types.CompletionItemKind.Field
_NAME = types.CompletionItemKind.Reference


def completions(workspace: Workspace, cursor: Cursor) -> list[types.CompletionItem]:
    """What may come here, each once."""
    node = _node(workspace, cursor)
    if cursor.key is None:
        return [_item(name, _FIELD, ": ") for name in (() if node is None else sorted(node.properties))]
    names = [_item(name, _NAME) for name in dict.fromkeys(_names(workspace.project.mesh, cursor))]
    inner = None if node is None else node.child(cursor.key)
    while inner is not None and inner.item is not None:
        inner = inner.item
    values = () if inner is None else inner.schema.get("enum", ())
    return [*names, *(_item(str(value), _PLAIN) for value in values)]


def _item(label: str, kind: types.CompletionItemKind, after: str = "") -> types.CompletionItem:
    return types.CompletionItem(label=label, kind=kind, insert_text=f"{label}{after}")


def _node(workspace: Workspace, cursor: Cursor) -> Node | None:
    """The schema of the mapping that the cursor stands in."""
    group, _, version = cursor.head.get("apiVersion", "").rpartition("/")
    schemas = workspace.project.admission.schemas
    node = schemas.node(group, version, cursor.head.get("kind", ""))
    for step in cursor.path:
        node = None if node is None else node.child(step)
        while node is not None and node.item is not None:
            node = node.item
    return node


def _names(mesh: Mesh, cursor: Cursor) -> Iterator[str]:
    key = cursor.key or ""
    parents = set(cursor.path)
    if key == "name" and "backendRefs" in parents:
        yield from _services(mesh, cursor)
    elif key == "name" and parents & {"parentRefs", "targetRefs", "targetRef"}:
        yield from (one.name for one in mesh.kubernetes_gateways)
        yield from _services(mesh, cursor)
        yield from (one.name for one in mesh.linkerd.servers)
    elif key in _BY_KEY:
        yield from _BY_KEY[key](mesh, cursor)


def _services(mesh: Mesh, cursor: Cursor) -> Iterable[str]:
    own = [one.name for one in mesh.services.all if one.namespace == cursor.namespace]
    return own or [one.name for one in mesh.services.all]


def _hosts(mesh: Mesh, cursor: Cursor) -> Iterator[str]:
    """Services of the namespace by their short names, then all by their full names, then outside hosts."""
    yield from (one.name for one in mesh.services.all if one.namespace == cursor.namespace)
    domain = mesh.settings.cluster_domain
    yield from (ServiceName(one.namespace, one.name).host(domain) for one in mesh.services.all)
    yield from (str(host) for entry in mesh.service_entries for host in entry.hosts)


def _subsets(mesh: Mesh, _: Cursor) -> Iterator[str]:
    for rule in mesh.destination_rules.all:
        yield from (str(one.name) for one in rule.subsets if one.name)


def _gateways(mesh: Mesh, cursor: Cursor) -> Iterator[str]:
    yield "mesh"
    for one in mesh.gateways.all:
        here = one.resource.namespace == cursor.namespace
        yield one.resource.name if here else f"{one.resource.namespace}/{one.resource.name}"


def _principals(mesh: Mesh, _: Cursor) -> Iterator[str]:
    yield from (identity_of(mesh, one) for one in mesh.workloads.all)


def _namespaces(mesh: Mesh, _: Cursor) -> Iterable[str]:
    return sorted(mesh.resources.namespaces)


def _accounts(mesh: Mesh, cursor: Cursor) -> Iterator[str]:
    for one in mesh.resources.of("", "ServiceAccount"):
        if one.namespace == cursor.namespace:
            yield one.name


def _secrets(mesh: Mesh, _: Cursor) -> Iterator[str]:
    yield from (one.name for one in mesh.resources.of("", "Secret"))


_BY_KEY: Mapping[str, Callable[[Mesh, Cursor], Iterable[str]]] = {
    "host": _hosts,
    "hosts": _hosts,
    "subset": _subsets,
    "gateways": _gateways,
    "principals": _principals,
    "notPrincipals": _principals,
    "namespaces": _namespaces,
    "notNamespaces": _namespaces,
    "namespace": _namespaces,
    "serviceAccountName": _accounts,
    "credentialName": _secrets,
}

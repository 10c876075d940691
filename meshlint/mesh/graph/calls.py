"""Who calls whom, as far as manifests tell.

Workloads are told of their dependencies by environment variables: a value that names a Service in view, as a
URL or as `host:port`, is taken for a call to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from meshlint.documents import Text
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.names.expansion import ServiceName
from meshlint.mesh.remembered import kept, remembered
from meshlint.resources import Resource
from meshlint.resources.kubernetes.service import Service
from meshlint.resources.kubernetes.workload import WORKLOAD_KINDS, Workload
from meshlint.values import frozen, regex

_ADDRESS = regex(
    r"(?:^|[,\s=@]|//)(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*)(?::(?P<port>\d{1,5}))?(?=[/,\s?]|$)"
)
_LONGEST_VALUE = 2000
_VARIABLES = "env"
_PROXIES = frozenset({"istio-proxy", "istio-init", "linkerd-proxy", "linkerd-init"})
"""Containers of the meshes themselves, whose own calls pass no proxy."""


Named = tuple[str, int | None, Text]
"""A host in a variable, its port if one is written, and the value that it stands in."""


@frozen(eq=False, repr=False)
class Call:
    """A call that a workload is configured for; `because` is the value that names the service."""

    client: Workload
    service: Service
    port: int | None
    because: Text


@remembered
def calls(mesh: Mesh) -> tuple[Call, ...]:
    """Every call in view, each client, service and port once, in the order of the workloads."""
    return tuple(_calls(mesh))


def _calls(mesh: Mesh) -> Iterator[Call]:
    for workload in _configured(mesh):
        found = (_call(mesh, workload, named) for named in _named(mesh, workload))
        first: dict[tuple[int, int | None], Call] = {}
        for call in found:
            if call is not None:
                first.setdefault((id(call.service), call.port), call)
        yield from first.values()


def _configured(mesh: Mesh) -> list[Workload]:
    """The workloads whose variables name any host, in the order of all."""
    kinds = [kind for kind in WORKLOAD_KINDS if mesh.resources.possible(*kind)]
    may_be_given = partial(_may_be_given, mesh)
    given = (one for kind in kinds for one in mesh.resources.where(*kind, may_be_given))
    places = dict.fromkeys(one.namespace for one in given)
    held = (mesh.workloads.in_namespace(place) for place in places)
    found = [one for here in held for one in here if _named(mesh, one)]
    return sorted(found, key=lambda one: (one.resource.group, one.resource.kind, one.namespace))


@kept
def _may_be_given(_: Mesh, resource: Resource) -> bool:
    """Whether there is anything like variables in an object, told without reading it as a workload."""
    return resource.document.may_hold(_VARIABLES) and _holds_variables(resource.field.value)


def _holds_variables(value: Any) -> bool:
    if isinstance(value, dict):
        return _VARIABLES in value or any(map(_holds_variables, value.values()))
    return isinstance(value, list) and any(map(_holds_variables, value))


def environment(workload: Workload) -> Iterator[Text]:
    """The values of the variables that a workload's own containers are given, save for very long ones."""
    for container in (*workload.pod.containers, *workload.pod.init_containers):
        for variable in () if container.name in _PROXIES else container.field.items(_VARIABLES):
            value = variable.text("value")
            if value is not None and len(value) <= _LONGEST_VALUE:
                yield value


def addresses(workload: Workload) -> Iterator[tuple[str, int | None, Text]]:
    """The full host names in the variables of a workload, each with its port and the value it is in."""
    for value in environment(workload):
        for match in _ADDRESS.finditer(value):
            if "." in match["host"]:
                yield match["host"], int(match["port"]) if match["port"] else None, value


@kept
def _named(_: Mesh, workload: Workload) -> tuple[Named, ...]:
    """The hosts that the variables of a workload name, whether or not they are known."""
    return tuple(
        (match["host"], int(match["port"]) if match["port"] else None, value)
        for value in environment(workload)
        for match in _ADDRESS.finditer(value)
        if match["port"] is not None or "//" in value or "." in match["host"]
    )


def _call(mesh: Mesh, workload: Workload, named: Named) -> Call | None:
    """The call of a host that is named, if that is a Service which leads elsewhere."""
    host, port, value = named
    service = _service(mesh, host, workload.namespace)
    if service is None or workload in mesh.services.backing(service):
        return None
    return Call(workload, service, port, value)


def _service(mesh: Mesh, host: str, namespace: str) -> Service | None:
    """The Service that cluster DNS finds for `host` from a pod in `namespace`."""
    parts = host.removesuffix(f".svc.{mesh.settings.cluster_domain}").removesuffix(".svc").split(".")
    if len(parts) > 2:
        return None
    return mesh.services.get(ServiceName(parts[1] if len(parts) == 2 else namespace, parts[0]))

"""Who calls whom, as far as manifests tell.

Workloads are told of their dependencies by environment variables: a value that names a Service in view, as a
URL or as `host:port`, is taken for a call to it.
"""

from __future__ import annotations

from collections.abc import Iterator
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
        seen: set[tuple[int, int | None]] = set()
        for value in environment(workload):
            for call in _named(mesh, workload, value):
                key = (id(call.service), call.port)
                if key not in seen:
                    seen.add(key)
                    yield call


def _configured(mesh: Mesh) -> list[Workload]:
    """The workloads that are given any variables, in the order of all."""
    kinds = [kind for kind in WORKLOAD_KINDS if mesh.resources.possible(*kind)]
    given = (one for kind in kinds for one in mesh.resources.where(*kind, _may_be_given))
    places = dict.fromkeys(one.namespace for one in given)
    held = (mesh.workloads.in_namespace(place) for place in places)
    found = [one for here in held for one in _configured_among(mesh, here)]
    return sorted(found, key=lambda one: (one.resource.group, one.resource.kind, one.namespace))


def _may_be_given(resource: Resource) -> bool:
    """Whether there is anything like variables in an object, told without reading it as a workload."""
    return resource.document.may_say(_VARIABLES) and _holds_variables(resource.field.value)


def _holds_variables(value: Any) -> bool:
    if isinstance(value, dict):
        return _VARIABLES in value or any(map(_holds_variables, value.values()))
    return isinstance(value, list) and any(map(_holds_variables, value))


@kept
def _configured_among(_: Mesh, workloads: tuple[Workload, ...]) -> tuple[Workload, ...]:
    """Those of one namespace: an edit leaves those of the others."""
    return tuple(one for one in workloads if any(True for _ in environment(one)))


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


def _named(mesh: Mesh, workload: Workload, value: Text) -> Iterator[Call]:
    for match in _ADDRESS.finditer(value):
        bare = match["port"] is None and "//" not in value and "." not in match["host"]
        service = None if bare else _service(mesh, match["host"], workload.namespace)
        if service is not None and workload not in mesh.services.backing(service):
            port = int(match["port"]) if match["port"] else None
            yield Call(workload, service, port, value)


def _service(mesh: Mesh, host: str, namespace: str) -> Service | None:
    """The Service that cluster DNS finds for `host` from a pod in `namespace`."""
    parts = host.removesuffix(f".svc.{mesh.settings.cluster_domain}").removesuffix(".svc").split(".")
    if len(parts) > 2:
        return None
    return mesh.services.get(ServiceName(parts[1] if len(parts) == 2 else namespace, parts[0]))

"""Containers of a pod."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text
from meshlint.resources.kubernetes.probe import Probe, probes
from meshlint.resources.kubernetes.quantity import quantity
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view

if TYPE_CHECKING:
    from fractions import Fraction


@view
class ContainerPort:
    """One entry of a container's `ports`: says what the container listens on, but opens nothing."""

    field: Field
    name: Text | None
    container_port: int | None
    host_port: int | None
    protocol: Text


@view
class Container:
    """A container; `is_init` for those under `initContainers`."""

    field: Field
    name: Text | None
    image: Text | None
    ports: tuple[ContainerPort, ...]
    run_as_user: int | None
    """The user that the container itself asks for; the pod's counts where it is None."""
    restart_policy: Text | None
    is_init: bool

    @property
    def is_sidecar(self) -> bool:
        """Whether this is a native sidecar: an init container that keeps running."""
        return self.is_init and self.restart_policy == "Always"

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Liveness, readiness and startup probe, as far as written."""
        return probes(self.field)

    @property
    def limits(self) -> dict[str, Fraction | None]:
        """`resources.limits` by resource name; None for an amount that is not one."""
        return _amounts(self.field / "resources" / "limits")

    @property
    def requests(self) -> dict[str, Fraction | None]:
        """`resources.requests`; Kubernetes takes the limit where a request is missing."""
        return self.limits | _amounts(self.field / "resources" / "requests")


def container(field: Field, *, is_init: bool = False) -> Container:
    """The container at `field`."""
    return Container(
        field=field,
        name=field.text("name"),
        image=field.text("image"),
        ports=tuple([_port(item) for item in field.items("ports")]),
        run_as_user=(field / "securityContext").integer("runAsUser") if "securityContext" in field else None,
        restart_policy=field.text("restartPolicy"),
        is_init=is_init,
    )


def _port(field: Field) -> ContainerPort:
    return ContainerPort(
        field=field,
        name=field.text("name") or None,
        container_port=field.integer("containerPort"),
        host_port=field.integer("hostPort"),
        protocol=filled_or(field, "protocol", "TCP"),
    )


def _amounts(field: Field) -> dict[str, Fraction | None]:
    return {amount.name: quantity(amount.value) for amount in field.fields()}

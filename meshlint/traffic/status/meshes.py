"""Which meshes look at routes of services, as far as the files tell."""

from __future__ import annotations

from functools import cached_property

from meshlint.mesh import Mesh
from meshlint.traffic.status.controllers import Controllers, is_istio
from meshlint.values import frozen

_OF_LINKERD = ("linkerd.io",)
_OF_ISTIO = ("istio.io",)


@frozen(eq=False, slots=False, repr=False)
class Meshes:
    """What in the files belongs to which mesh; both may be there where nothing belongs to either."""

    mesh: Mesh
    controllers: Controllers

    @cached_property
    def _shows_istio(self) -> bool:
        gateways = self.mesh.kubernetes_gateways
        return self._shows(_OF_ISTIO, ("istio.io/", "istio-injection", "sidecar.istio.io/")) or any(
            is_istio(self.controllers.of(one)) for one in gateways
        )

    @cached_property
    def _shows_linkerd(self) -> bool:
        return self._shows(_OF_LINKERD, ("linkerd.io/", "config.linkerd.io/"))

    @property
    def istio(self) -> bool:
        """Whether istiod may look at routes of services."""
        return self._shows_istio or not self._shows_linkerd

    @property
    def linkerd(self) -> bool:
        """Whether Linkerd's policy controller may look at them."""
        return self._shows_linkerd or not self._shows_istio

    def _shows(self, groups: tuple[str, ...], marks: tuple[str, ...]) -> bool:
        if any(group.endswith(groups) for group, _ in self.mesh.resources.kinds):
            return True
        pods = [{**one.pod.labels, **one.pod.annotations} for one in self.mesh.workloads.all]
        namespaces = [{**one.labels, **one.annotations} for one in self.mesh.resources.of("", "Namespace")]
        return any(key.startswith(marks) for one in (*pods, *namespaces) for key in one)

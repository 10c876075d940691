"""Whether Istio injects its proxy as a native sidecar: started before, and ended after, all the others."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.documents import Text
from meshlint.mesh import Mesh
from meshlint.mesh.remembered import remembered
from meshlint.resources import Resource
from meshlint.resources.istio.mesh_config import values_in
from meshlint.resources.kubernetes.container import Container
from meshlint.resources.kubernetes.workload import Workload
from meshlint.values import regex

NATIVE = "sidecar.istio.io/nativeSidecar"
_SWITCH = "ENABLE_NATIVE_SIDECARS"
_INSTALLERS = (
    ("install.istio.io", "IstioOperator"),
    ("sailoperator.io", "Istio"),
    ("sailoperator.io", "IstioRevision"),
)
_AUTOMATIC_SINCE = (1, 27)
_ENDING = ("quitquitquit", "pkill", "killall", "kill ")
_PROXY_USER = 1337
_CALLED = regex(r"\b[a-z][a-z0-9+.-]{1,30}://(?!localhost|127\.|0\.0\.0\.0)[A-Za-z0-9_.-]+")
"""A URL of something that does not run in the same pod."""
_PROXIES = ("istio-init", "istio-proxy", "istio-validation")


def has_native_sidecar(mesh: Mesh, workload: Workload) -> bool | None:
    """Whether the proxy of `workload` is a native sidecar; None where the version of the kubelet decides.

    The pod's annotation comes first, then the switch of the control plane. Before 1.27 it was off by default;
    since then it goes by the kubelets of the cluster (Istio: native sidecars).
    """
    written = workload.pod.annotations.get(NATIVE)
    if written in ("true", "false"):
        return written == "true"
    switch = _switch(mesh)
    if switch in ("true", "false"):
        return switch == "true"
    return False if mesh.settings.versions.istio < _AUTOMATIC_SINCE and switch is None else None


def ends_proxy(workload: Workload) -> bool:
    """Whether a container of a job seems to end the proxy by itself, by its HTTP port or by a signal."""
    texts = (text for one in workload.pod.containers for text in _words(one))
    return any(word in text for text in texts for word in _ENDING)


def started_before(workload: Workload) -> tuple[Container, ...]:
    """The init containers that end before a proxy starts which is no native sidecar."""
    return tuple(
        one for one in workload.pod.init_containers if not one.is_sidecar and one.name not in _PROXIES
    )


def _words(container: Container) -> tuple[str, ...]:
    field = container.field
    hooks = field / "lifecycle" / "preStop" / "exec"
    return (*field.texts("command"), *field.texts("args"), *hooks.texts("command"))


@remembered
def _switch(mesh: Mesh) -> str | None:
    """What the files say of the switch of the control plane; None where they are silent."""
    for kind in _INSTALLERS:
        for resource in mesh.resources.of(*kind):
            found = _in_values(resource)
            if found is not None:
                return found
    for workload in mesh.workloads.in_namespace(mesh.settings.root_namespace):
        for container in workload.pod.containers:
            for variable in container.field.items("env"):
                if variable.text("name") == _SWITCH:
                    return str(variable.text("value") or "auto")
    return None


def _in_values(resource: Resource) -> str | None:
    values = values_in(resource)
    written = (values / "pilot" / "env" / _SWITCH) if values is not None else None
    return str(written.value).lower() if written else None


def calls_before(workload: Workload) -> Iterator[tuple[Container, Text]]:
    """Init containers that are done before a proxy starts and are told whom to call, each with the text.

    The rules that lead their calls to the proxy are in force by then, and nothing takes the calls, but for
    those of the proxy's own user (Istio: traffic capture).
    """
    for container in started_before(workload):
        called = next((one for one in _addresses(container) if _CALLED.search(one)), None)
        if called is not None and workload.pod.user_of(container) != _PROXY_USER:
            yield container, called


def _addresses(container: Container) -> Iterator[Text]:
    for variable in container.field.items("env"):
        value = variable.text("value")
        if value is not None:
            yield value
    yield from container.field.texts("args")
    yield from container.field.texts("command")

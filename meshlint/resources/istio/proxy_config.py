"""ProxyConfig: settings of the proxies of some workloads."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Text
from meshlint.resources.istio.parts import SpecView
from meshlint.resources.istio.selection import WorkloadSelector, match_labels
from meshlint.resources.resource import Resource
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class ProxyConfig(SpecView):
    """Settings that take hold when a proxy starts; `concurrency` 0 is a thread per core, None the default."""

    selector: WorkloadSelector | None
    concurrency: int | None
    environment_variables: Mapping[str, Text]
    image_type: Text | None


def proxy_config(resource: Resource) -> ProxyConfig:
    """The view of a ProxyConfig of any version."""
    spec = resource.spec
    return ProxyConfig(
        resource,
        selector=match_labels(spec),
        concurrency=spec.integer("concurrency"),
        environment_variables=spec.mapping("environmentVariables"),
        image_type=(spec / "image").text("imageType"),
    )

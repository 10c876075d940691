"""Whose proxy a request is sent by."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.values import field, frozen


@frozen(repr=False)
class Client:
    """Whose proxy sends the request: the sidecar of a workload, or the pods of gateways.

    `gateways` are the Istio Gateways (`namespace/name`) that a gateway's pods serve; a sidecar has none.
    """

    namespace: str
    labels: Mapping[str, str] = field(factory=dict)
    gateways: frozenset[str] = frozenset()

    @property
    def is_gateway(self) -> bool:
        """Whether it is a gateway rather than a sidecar."""
        return bool(self.gateways)

"""How clients talk to a destination: TLS, load balancing, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import part, parts
from meshlint.resources.view import filled_or, mapping_at
from meshlint.resources.view_class import view

if TYPE_CHECKING:
    from meshlint.resources.istio.connection_pool import ConnectionPool
    from meshlint.resources.istio.load_balancer import LoadBalancer
    from meshlint.resources.istio.outlier_detection import OutlierDetection


@view
class ClientTls:
    """The TLS that a client speaks. Without `mode` it is none: DISABLE is the first of the modes."""

    field: Field
    mode: Text
    client_certificate: Text | None
    private_key: Text | None
    ca_certificates: Text | None
    ca_crl: Text | None
    credential_name: Text | None
    sni: Text | None
    subject_alt_names: tuple[Text, ...]
    insecure_skip_verify: bool


@view
class TrafficPolicy:
    """The policy of a host or subset, or of one port of it, where `port` is set.

    `tls` is None where the mesh decides by itself (auto mTLS). A port's own policy replaces the blocks
    around it and inherits none of them (Istio: effective traffic policy).
    """

    field: Field
    port: int | None
    tls: ClientTls | None
    port_level_settings: tuple[TrafficPolicy, ...]

    @property
    def connection_pool(self) -> ConnectionPool | None:
        """The limits on connections and requests."""
        from meshlint.resources.istio.connection_pool import connection_pool

        return part(self.field, "connectionPool", connection_pool)

    @property
    def load_balancer(self) -> LoadBalancer | None:
        """How an endpoint is picked."""
        from meshlint.resources.istio.load_balancer import load_balancer

        return part(self.field, "loadBalancer", load_balancer)

    @property
    def outlier_detection(self) -> OutlierDetection | None:
        """When an endpoint is put aside; an empty block turns it on with its defaults."""
        from meshlint.resources.istio.outlier_detection import outlier_detection

        return part(self.field, "outlierDetection", outlier_detection)

    @property
    def tunnel(self) -> Field | None:
        """The block that sends TCP through an HTTP tunnel."""
        return mapping_at(self.field, "tunnel")

    @property
    def proxy_protocol(self) -> Field | None:
        """The block that puts a PROXY protocol header before the connection."""
        return mapping_at(self.field, "proxyProtocol")

    @property
    def retry_budget(self) -> Field | None:
        """The block that limits the share of retries."""
        return mapping_at(self.field, "retryBudget")


def traffic_policy(field: Field) -> TrafficPolicy:
    """The traffic policy written at `field`."""
    return TrafficPolicy(
        field,
        port=None,
        tls=part(field, "tls", _client_tls),
        port_level_settings=parts(field, "portLevelSettings", _port_policy),
    )


def _port_policy(field: Field) -> TrafficPolicy:
    number = (field / "port").integer("number")
    return TrafficPolicy(field, number, part(field, "tls", _client_tls), ())


def _client_tls(field: Field) -> ClientTls:
    return ClientTls(
        field,
        mode=filled_or(field, "mode", "DISABLE"),
        client_certificate=field.text("clientCertificate"),
        private_key=field.text("privateKey"),
        ca_certificates=field.text("caCertificates"),
        ca_crl=field.text("caCrl"),
        credential_name=field.text("credentialName"),
        sni=field.text("sni"),
        subject_alt_names=field.texts("subjectAltNames"),
        insecure_skip_verify=field.boolean("insecureSkipVerify") or False,
    )

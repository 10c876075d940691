"""The TLS that a proxy speaks as a server."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view


@view
class ServerTls:
    """TLS of a Gateway or Sidecar listener; without `mode` it is PASSTHROUGH, the first of the modes."""

    field: Field
    mode: Text
    https_redirect: bool
    server_certificate: Text | None
    private_key: Text | None
    ca_certificates: Text | None
    ca_crl: Text | None
    credential_name: Text | None
    credential_names: tuple[Text, ...]
    ca_cert_credential_name: Text | None
    tls_certificates: tuple[Field, ...]
    subject_alt_names: tuple[Text, ...]
    verify_certificate_spki: tuple[Text, ...]
    verify_certificate_hash: tuple[Text, ...]
    min_protocol_version: Text
    max_protocol_version: Text
    cipher_suites: tuple[Text, ...]
    insecure_skip_verify: bool


def server_tls(field: Field) -> ServerTls:
    """The server TLS written at `field`."""
    return ServerTls(
        field,
        mode=filled_or(field, "mode", "PASSTHROUGH"),
        https_redirect=field.boolean("httpsRedirect") or False,
        server_certificate=field.text("serverCertificate"),
        private_key=field.text("privateKey"),
        ca_certificates=field.text("caCertificates"),
        ca_crl=field.text("caCrl"),
        credential_name=field.text("credentialName"),
        credential_names=field.texts("credentialNames"),
        ca_cert_credential_name=field.text("caCertCredentialName"),
        tls_certificates=field.items("tlsCertificates"),
        subject_alt_names=field.texts("subjectAltNames"),
        verify_certificate_spki=field.texts("verifyCertificateSpki"),
        verify_certificate_hash=field.texts("verifyCertificateHash"),
        min_protocol_version=filled_or(field, "minProtocolVersion", "TLS_AUTO"),
        max_protocol_version=filled_or(field, "maxProtocolVersion", "TLS_AUTO"),
        cipher_suites=field.texts("cipherSuites"),
        insecure_skip_verify=field.boolean("insecureSkipVerify") or False,
    )

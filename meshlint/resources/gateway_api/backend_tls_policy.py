"""How a gateway speaks TLS to a backend."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.gateway_api.reference import Reference, Target, reference
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at
from meshlint.resources.view_class import view
from meshlint.values import frozen


@frozen(eq=False, repr=False)
class PolicyTarget(Reference):
    """A service beside the policy, or one of its ports."""

    section_name: Text | None


@view
class BackendValidation:
    """What the backend's certificate must be signed by and say."""

    field: Field
    hostname: Text | None
    ca_certificate_refs: tuple[Reference, ...]
    well_known_ca_certificates: Text | None
    subject_alt_names: tuple[Field, ...]


@frozen(eq=False, repr=False)
class BackendTLSPolicy(ObjectView):
    """Connections to the targets are made with TLS and checked by `validation`."""

    target_refs: tuple[PolicyTarget, ...]
    validation: BackendValidation


def backend_tls_policy(resource: Resource) -> BackendTLSPolicy:
    """`resource` read as a BackendTLSPolicy; v1alpha2 had one target and other names for the rest."""
    spec = resource.spec
    if resource.version == "v1alpha2":
        one = mapping_at(spec, "targetRef")
        targets = () if one is None else (_target(one, resource.namespace),)
        tls = _validation(spec / "tls", "caCertRefs", "wellKnownCACerts", resource.namespace)
        return BackendTLSPolicy(resource, targets, tls)
    return BackendTLSPolicy(
        resource=resource,
        target_refs=tuple(_target(item, resource.namespace) for item in spec.items("targetRefs")),
        validation=_validation(
            spec / "validation", "caCertificateRefs", "wellKnownCACertificates", resource.namespace
        ),
    )


def _target(field: Field, namespace: str) -> PolicyTarget:
    plain = reference(field, Target("", "Service", namespace))
    return PolicyTarget(
        field=field,
        group=plain.group,
        kind=plain.kind,
        name=plain.name,
        namespace=plain.namespace,
        section_name=field.text("sectionName"),
    )


def _validation(field: Field, refs: str, well_known: str, namespace: str) -> BackendValidation:
    config_map = Target("", "ConfigMap", namespace)
    return BackendValidation(
        field=field,
        hostname=field.text("hostname"),
        ca_certificate_refs=tuple(reference(item, config_map) for item in field.items(refs)),
        well_known_ca_certificates=field.text(well_known),
        subject_alt_names=field.items("subjectAltNames"),
    )

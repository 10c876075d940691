"""Kubernetes' Ingress."""

from __future__ import annotations

from meshlint.documents import Field, Text
from meshlint.resources.resource import Resource
from meshlint.resources.view import ObjectView, mapping_at, number_or_name
from meshlint.resources.view_class import view
from meshlint.values import frozen

CLASS_ANNOTATION = "kubernetes.io/ingress.class"


@view
class IngressBackend:
    """A service in the ingress's namespace; both are None where the backend is another kind of object."""

    field: Field
    service: Text | None
    port: int | Text | None


@view
class IngressPath:
    """Requests for a host (any if None) and a path (any if None), and where they go."""

    field: Field
    host: Text | None
    path: Text | None
    path_type: Text | None
    backend: IngressBackend


@frozen(eq=False, repr=False)
class Ingress(ObjectView):
    """An ingress with all its paths in a row."""

    ingress_class: Text | None
    """The class by field, or by the annotation that came before it."""
    default_backend: IngressBackend | None
    paths: tuple[IngressPath, ...]
    tls: tuple[Field, ...]


def ingress(resource: Resource) -> Ingress:
    """`resource` read as an Ingress of any version and group that had one."""
    spec = resource.spec
    default = mapping_at(spec, "defaultBackend") or mapping_at(spec, "backend")
    return Ingress(
        resource=resource,
        ingress_class=spec.text("ingressClassName") or resource.annotations.get(CLASS_ANNOTATION),
        default_backend=None if default is None else _backend(default),
        paths=tuple(
            _path(item, rule.text("host"))
            for rule in spec.items("rules")
            for item in (rule / "http").items("paths")
        ),
        tls=spec.items("tls"),
    )


def _path(field: Field, host: Text | None) -> IngressPath:
    return IngressPath(field, host, field.text("path"), field.text("pathType"), _backend(field / "backend"))


def _backend(field: Field) -> IngressBackend:
    service = mapping_at(field, "service")
    if service is None:
        return IngressBackend(field, field.text("serviceName"), number_or_name(field, "servicePort"))
    port = service / "port"
    number = port.integer("number")
    return IngressBackend(field, service.text("name"), port.text("name") if number is None else number)

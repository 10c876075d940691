"""What the pods of a workload look like, with the defaults that Kubernetes fills in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meshlint.documents import Field, Text
from meshlint.resources.kubernetes.container import Container, ContainerPort, container
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view


@view
class PodTemplate:
    """A pod as its template, or the naked pod itself, declares it."""

    field: Field
    """The mapping that holds the pod's `metadata` and `spec`."""
    spec: Field
    labels: dict[str, Text]
    annotations: dict[str, Text]
    service_account_name: Text
    """The account that the pod runs as; `default` where neither name nor legacy name is written."""
    containers: tuple[Container, ...]
    init_containers: tuple[Container, ...]
    host_network: bool

    @property
    def restart_policy(self) -> Text:
        """What becomes of containers that end."""
        return filled_or(self.spec, "restartPolicy", "Always")

    @property
    def run_as_user(self) -> int | None:
        """The user id of containers that have none of their own."""
        return (self.spec / "securityContext").integer("runAsUser")

    @property
    def automount_service_account_token(self) -> bool | None:
        """Whether the token is mounted; None where the pod leaves it to its service account."""
        return self.spec.boolean("automountServiceAccountToken")

    @property
    def volumes(self) -> tuple[Field, ...]:
        """The entries of `volumes`."""
        return self.spec.items("volumes")

    @property
    def running_containers(self) -> tuple[Container, ...]:
        """The containers that run as long as the pod does: its own and its native sidecars."""
        return (*self.containers, *(one for one in self.init_containers if one.is_sidecar))

    def ports(self) -> Iterator[ContainerPort]:
        """The declared ports of all containers, init containers last."""
        for one in (*self.containers, *self.init_containers):
            yield from one.ports

    def user_of(self, one: Container) -> int | None:
        """The user id that a container runs as; None leaves it to the image."""
        return self.run_as_user if one.run_as_user is None else one.run_as_user


def pod_template(field: Field, also: Field | None = None) -> PodTemplate:
    """The pod template at `field`; `also` is metadata that its controller copies onto the pods."""
    metadata, spec = field / "metadata", field / "spec"
    return _pod(field, spec, spec.items("containers"), (metadata, metadata if also is None else also))


def inline_template(field: Field, also: Field, parts: Iterable[str]) -> PodTemplate:
    """The pod at `field` where its metadata and its spec are one mapping, before whose labels those of `also`
    count less; `parts` are the keys of containers that stand outside `containers`.
    """
    further = (field / part for part in parts)
    containers = (*field.items("containers"), *(one for one in further if isinstance(one.value, dict)))
    return _pod(field, field, containers, (also, field))


def _pod(
    field: Field, spec: Field, containers: Iterable[Field], metadata: tuple[Field, Field]
) -> PodTemplate:
    less, more = metadata
    return PodTemplate(
        field=field,
        spec=spec,
        labels=_joined("labels", less, more),
        annotations=_joined("annotations", less, more),
        service_account_name=_service_account_name(spec),
        containers=tuple([container(item) for item in containers]),
        init_containers=tuple([container(item, is_init=True) for item in spec.items("initContainers")]),
        host_network=spec.boolean("hostNetwork") or False,
    )


def _joined(key: str, less: Field, more: Field) -> dict[str, Text]:
    own = more.mapping(key)
    return own if less is more else less.mapping(key) | own


def _service_account_name(spec: Field) -> Text:
    legacy = spec.text("serviceAccount")
    return spec.text("serviceAccountName") or legacy or filled_or(spec, "serviceAccountName", "default")

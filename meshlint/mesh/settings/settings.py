"""The settings of the whole mesh that decide what its objects mean."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from meshlint.documents import Field
from meshlint.mesh.settings.release_marks import Mark
from meshlint.resources.schema.store.releases import Releases, newest
from meshlint.values import field, frozen


class MtlsMode(Enum):
    """What a server side does with plaintext, as PeerAuthentication words it."""

    UNSET = "UNSET"
    DISABLE = "DISABLE"
    PERMISSIVE = "PERMISSIVE"
    STRICT = "STRICT"


class OutboundPolicy(Enum):
    """What a sidecar does with a destination that the mesh does not know."""

    ALLOW_ANY = "ALLOW_ANY"
    REGISTRY_ONLY = "REGISTRY_ONLY"


@frozen(repr=False)
class LinkerdSettings:
    """Linkerd's control plane values, with the defaults of its Helm charts."""

    namespace: str = "linkerd"
    trust_domain: str = "cluster.local"
    default_inbound_policy: str = "all-unauthenticated"
    cluster_networks: tuple[str, ...] = (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fd00::/8",
    )
    probe_networks: tuple[str, ...] = ("0.0.0.0/0", "::/0")
    skip_inbound_ports: str = "4567,4568"
    skip_outbound_ports: str = "4567,4568"
    opaque_ports: str = "25,587,3306,4444,5432,6379,9300,11211"
    native_sidecar: bool = True
    egress_namespace: str = "linkerd-egress"
    declared: frozenset[str] = frozenset()

    def is_declared(self, setting: str) -> bool:
        """Whether `setting` was given rather than assumed."""
        return setting in self.declared


@frozen(repr=False)
class Versions:
    """The releases that the manifests are meant for.

    `releases` holds those that somebody stated or the files show, `shown` the marks of the latter, the one
    that counts first; of another project it is the newest release that is known.
    """

    releases: Releases = field(factory=dict)
    shown: Mapping[str, tuple[Mark, ...]] = field(factory=dict)

    @property
    def istio(self) -> tuple[int, int]:
        """The release of Istio."""
        return self._of("Istio")

    @property
    def linkerd(self) -> tuple[int, int]:
        """The release of Linkerd."""
        return self._of("Linkerd")

    @property
    def gateway_api(self) -> tuple[int, int]:
        """The release of the Gateway API."""
        return self._of("Gateway API")

    def _of(self, project: str) -> tuple[int, int]:
        return self.releases.get(project) or newest(project)


@frozen(repr=False)
class MeshSettings:
    """Istio's MeshConfig and Linkerd's values as far as they decide behaviour.

    `declared` names the settings that the user or an object in view gave; all others are documented defaults.
    `complete` says that the files hold the whole cluster, so what is not in them does not exist.
    """

    root_namespace: str = "istio-system"
    trust_domain: str = "cluster.local"
    trust_domain_aliases: tuple[str, ...] = ()
    cluster_domain: str = "cluster.local"
    auto_mtls: bool = True
    mtls: MtlsMode = MtlsMode.UNSET
    """A mesh-wide PeerAuthentication mode that is set outside of the files."""
    default_service_export_to: tuple[str, ...] = ("*",)
    default_virtual_service_export_to: tuple[str, ...] = ("*",)
    default_destination_rule_export_to: tuple[str, ...] = ("*",)
    outbound_policy: OutboundPolicy = OutboundPolicy.ALLOW_ANY
    assumed_mesh: str = ""
    """`istio`, `ambient` or `linkerd`, if workloads of which the files do not say are taken to be in it."""
    extension_providers: tuple[str, ...] = ()
    extension_provider_kinds: tuple[tuple[str, str], ...] = ()
    """What each provider is, by the field that sets it up; empty for one whose settings are refused."""
    default_retries: Field | None = None
    """The retry policy of routes that have none of their own; None for Istio's built-in one."""
    default_access_logging: tuple[str, ...] = ()
    """Who logs requests where a Telemetry names nobody; declared once a MeshConfig is in view."""
    enable_namespaces_by_default: bool = False
    path_normalization: str = "BASE"
    revisions: tuple[str, ...] = ()
    linkerd: LinkerdSettings = field(factory=LinkerdSettings)
    versions: Versions = field(factory=Versions)
    complete: bool = False
    external_hosts: tuple[str, ...] = ()
    external_gateways: tuple[str, ...] = ()
    external_namespaces: tuple[str, ...] = ()
    filled_namespaces: frozenset[str] = frozenset()
    """Namespaces that hold more than the files show: something that could not be read goes there."""
    unread: frozenset[tuple[str, str]] = frozenset()
    """Namespaces and kinds of what stands in documents that could not be read; the kind may be empty: any."""
    followed: frozenset[tuple[str, str, str]] = frozenset()
    """Kind, namespace and name of the objects that ask tools to deploy something which is in view."""
    declared: frozenset[str] = frozenset()

    def is_declared(self, setting: str) -> bool:
        """Whether `setting` was given rather than assumed."""
        return setting in self.declared


def declared_meshes(settings: MeshSettings) -> frozenset[str]:
    """The meshes of which any setting was given rather than assumed."""
    given = (("istio", settings.declared), ("linkerd", settings.linkerd.declared))
    return frozenset(mesh for mesh, declared in given if declared)

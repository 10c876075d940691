"""Host names as the meshes expand them: full names are held once, as many objects name the same."""

from __future__ import annotations

from sys import intern

from meshlint.values import frozen


@frozen(order=True, repr=False)
class ServiceName:
    """The Kubernetes Service that a host name stands for."""

    namespace: str
    name: str

    def host(self, cluster_domain: str) -> str:
        """The fully qualified host name."""
        return intern(f"{self.name}.{self.namespace}.svc.{cluster_domain}")

    def __str__(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


def is_address(host: str) -> bool:
    """Whether `host` is an IP address; those are never expanded."""
    return ":" in host or (host.replace(".", "").isdigit() and host.count(".") == 3)


def expand(host: str, namespace: str, cluster_domain: str) -> str:
    """The full name of `host` as an Istio object in `namespace` means it.

    Only a name without any dot is expanded, in the namespace of the object that names it; `svc.ns` and
    `svc.ns.svc` stay as they are and match no service (Istio: short names in route and rule hosts).
    """
    if not host or "." in host or host.startswith("*") or is_address(host):
        return intern(host.lower())
    return intern(f"{host}.{namespace}.svc.{cluster_domain}".lower())


def service_name(host: str, cluster_domain: str) -> ServiceName | None:
    """The Service that a fully qualified host names, if it lies in the cluster's domain."""
    suffix = f".svc.{cluster_domain}"
    if host.startswith("*") or not host.endswith(suffix):
        return None
    name, _, namespace = host[: -len(suffix)].partition(".")
    return ServiceName(namespace, name) if name and namespace and "." not in namespace else None


def partly_qualified(host: str, cluster_domain: str) -> ServiceName | None:
    """The Service that `svc.ns` or `svc.ns.svc` was probably meant to name; Istio does not expand these."""
    if service_name(host, cluster_domain) is not None or host.startswith("*"):
        return None
    parts = host.split(".")
    if len(parts) == 2 or (len(parts) == 3 and parts[2] == "svc"):
        return ServiceName(parts[1], parts[0])
    return None

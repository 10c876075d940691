"""Servers that speak a protocol of their own over TCP, known by their ports and images.

A proxy that finds out the protocol of a port takes their connections for plain TCP (Istio: protocol
selection).
"""

from __future__ import annotations

from collections.abc import Iterable

_PORTS = frozenset(
    {
        *(21, 22, 25, 110, 143, 587, 993, 995),
        *(1433, 1521, 2181, 3306, 3307, 4222, 5432, 5433, 5671, 5672, 5900, 6379, 6380),
        *(7687, 9042, 9092, 9300, 11211, 16379, 26379, 27017, 27018, 27019, 33060),
    }
)
_IMAGES = frozenset(
    {
        *("cassandra", "kafka", "mariadb", "memcached", "mongo", "mongodb", "mysql", "nats", "percona"),
        *("postgres", "postgresql", "redis", "redis-sentinel", "valkey", "zookeeper"),
    }
)


def is_known_server(numbers: Iterable[int], images: Iterable[str]) -> bool:
    """Whether a port by one of these numbers, of a pod with these images, is surely one of such a server.

    Its number tells, and so does an image unless the port is one that HTTP is usually spoken at.
    """
    ports = frozenset(numbers)
    if ports & _PORTS:
        return True
    return not any(_is_of_http(port) for port in ports) and any(_name(image) in _IMAGES for image in images)


def _is_of_http(port: int) -> bool:
    return port in (80, 443, 8080, 8443) or str(port).startswith(("8", "9", "15"))


def _name(image: str) -> str:
    """The last part of an image's name, without registry, tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()

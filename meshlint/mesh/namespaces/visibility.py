"""Which namespaces an object shows itself to: `exportTo`."""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.values import frozen


@frozen(repr=False)
class Visibility:
    """The namespaces that see an object: all of them, or those listed."""

    everywhere: bool
    namespaces: frozenset[str] = frozenset()

    def includes(self, namespace: str) -> bool:
        """Whether `namespace` sees the object."""
        return self.everywhere or namespace in self.namespaces

    def overlaps(self, other: Visibility) -> bool:
        """Whether some namespace sees both objects."""
        if self.everywhere or other.everywhere:
            return bool(self.everywhere or self.namespaces) and bool(other.everywhere or other.namespaces)
        return bool(self.namespaces & other.namespaces)


_EVERYWHERE = Visibility(everywhere=True)


def visibility(export_to: Sequence[str] | None, default: Sequence[str], namespace: str) -> Visibility:
    """Who sees an object of `namespace` with this `exportTo` (None where it has none).

    `.` is the own namespace, `*` is everyone, `~` is nobody (Istio: exportTo of services, routes and rules).
    """
    chosen = export_to or default
    if "*" in chosen:
        return _EVERYWHERE
    return Visibility(False, frozenset(namespace if entry == "." else entry for entry in chosen) - {"~"})

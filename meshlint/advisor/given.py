"""What the user tells because manifests cannot."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from meshlint.values import field, frozen


@frozen
class Given:
    """Load, size, prices and needs as the user states them; None where nothing is stated.

    `rps` counts the requests in a second that spread over the whole mesh, `rps_for` those that come to single
    workloads besides, named `namespace/name` or just `name`. More of either never lowers a cost. Prices are
    for a core and for a GiB of memory in a month. `needs` are asked for although no manifest shows them;
    `without` may go although manifests show them.
    """

    rps: Fraction | None = None
    rps_for: Mapping[str, Fraction] = field(factory=dict)
    nodes: int | None = None
    cpu_price: Fraction | None = None
    memory_price: Fraction | None = None
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

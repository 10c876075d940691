"""Which mutual TLS each port of a workload takes, against the filter chains that istiod made."""

from __future__ import annotations

from meshlint.security.transport.servers import workload_mtls
from tests.cases.istiod import Row, named, of_input, rows
from tests.shared import needs_shared

pytestmark = needs_shared


@needs_shared
def test_every_port_takes_what_its_chains_say() -> None:
    assert [row for row in rows("inbound") if not agrees(row)] == []
    assert len(rows("inbound")) > 2000


def agrees(row: Row) -> bool:
    """By names where no file tells the age of policies; what is left to it is never told as certain."""
    mesh = of_input(row).mesh
    found = workload_mtls(mesh, named(mesh, row["workload"]), row["port"])
    if row["order_dependent"] and len(found.modes) > 1:
        return True
    return bool(found.likely.value == row["mode"])

"""Which AuthorizationPolicies attach to a workload, against the filters in its listeners."""

from __future__ import annotations

from tests.cases.istiod import Row, named, of_input, rows
from tests.shared import needs_shared

pytestmark = needs_shared


def test_just_those_policies_attach_whose_filters_are_there() -> None:
    assert [row for row in rows("policies") if not agrees(row)] == []
    assert len(rows("policies")) > 1000


def agrees(row: Row) -> bool:
    """Whether just those policies attach that istiod made filters of."""
    mesh = of_input(row).mesh
    found = mesh.authorization_policies.attached_to(named(mesh, row["workload"]))
    return {f"{one.namespace}/{one.name}" for one in found} == set(row["policies"])

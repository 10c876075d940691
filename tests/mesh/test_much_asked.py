"""Views that many rules ask for are made once, before several processes share the rules out."""

from __future__ import annotations

from datetime import date

import pytest

from meshlint.engine.examine import Material, examine
from meshlint.engine.policy import Policy
from meshlint.engine.run import Worlds
from meshlint.mesh import Mesh
from meshlint.mesh.much_asked import make_views
from meshlint.resources.istio.destination_rule import destination_rule
from meshlint.resources.istio.virtual_service import virtual_service
from meshlint.resources.kubernetes.service import service
from meshlint.resources.kubernetes.workload import wholes_and_patches
from tests.engine.worlds import OBJECT, input_of, plan, rule

NETWORKING = "networking.istio.io/v1"
OBJECT_OF = "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\n"
KINDS = {
    ("apps/v1", "Deployment"): wholes_and_patches,
    ("v1", "Service"): service,
    (NETWORKING, "DestinationRule"): destination_rule,
    (NETWORKING, "VirtualService"): virtual_service,
}


def _mesh(*kinds: tuple[str, str]) -> Mesh:
    files = {
        f"{kind}-{name}.yaml": OBJECT_OF.format(version=version, kind=kind, name=name)
        for version, kind in kinds
        for name in ("cart", "till")
    }
    return Mesh(input_of(files).resources)


def test_they_are_made_for_each_object_of_their_kinds() -> None:
    mesh = _mesh(*KINDS, ("v1", "ConfigMap"))
    make_views(mesh)
    made = {read: len(views) for read, views in mesh.kept.items() if views}
    assert made == dict.fromkeys(KINDS.values(), 2)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_made_of_what_is_not_there(kind: tuple[str, str]) -> None:
    mesh = _mesh(kind)
    make_views(mesh)
    assert [read for read, views in mesh.kept.items() if views] == [KINDS[kind]]


@pytest.mark.parametrize(("jobs", "times"), [(1, 0), (2, 1)])
def test_they_are_made_where_others_help(jobs: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meshlint.engine.examine.jobs_for", lambda *_: jobs)
    world, prepared = input_of({"a.yaml": OBJECT}), list[bool]()
    worlds = Worlds(world, prepare=lambda: prepared.append(True))
    examine(plan(rule("MTLS001")), worlds, Material(world.resources), Policy(date(2026, 1, 1)))
    assert len(prepared) == times

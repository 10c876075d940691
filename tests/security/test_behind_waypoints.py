"""Workloads behind waypoints: whom their own policies admit."""

from __future__ import annotations

import pytest

from meshlint.mesh import Mesh
from meshlint.security.istio import Verdict
from meshlint.security.policies.gaps.behind_waypoints import (
    AmbientCallers,
    admits_waypoints_itself,
    behind_waypoints,
)
from tests.security.istio_worlds import mesh, namespace, security, service, workload
from tests.security.test_istio_waypoints import AMBIENT, SIDECARS, WAYPOINT, gateway


def world(source: str, *more: str, labels: tuple[str, ...] = (AMBIENT, WAYPOINT)) -> Mesh:
    rules = f"{{rules: [{{from: [{{source: {source}}}]}}]}}"
    return mesh(
        namespace("in", *labels),
        workload("client", "in"),
        workload("server", "in"),
        service("server", "in"),
        gateway(),
        security("AuthorizationPolicy", "p", "in", rules),
        *more,
    )


@pytest.mark.parametrize(
    ("source", "caller", "waypoint", "stranger"),
    [
        ("{principals: [cluster.local/ns/in/sa/client]}", "client", Verdict.DENY, Verdict.DENY),
        ("{principals: ['*/sa/client']}", "client", Verdict.DENY, Verdict.DENY),
        ("{principals: [cluster.local/ns/in/sa/wp]}", None, Verdict.ALLOW, Verdict.DENY),
        ("{principals: [cluster.local/ns/out/sa/edge]}", None, Verdict.DENY, Verdict.DENY),
        ("{namespaces: [in]}", "client", Verdict.ALLOW, Verdict.DENY),
        ("{namespaces: [elsewhere]}", None, Verdict.DENY, Verdict.DENY),
        ("{notNamespaces: [in]}", None, Verdict.DENY, Verdict.ALLOW),
        ("{namespaces: [in], ipBlocks: [10.0.0.0/8]}", None, Verdict.DEPENDS, Verdict.DENY),
    ],
)
def test_who_is_admitted(source: str, caller: str | None, waypoint: Verdict, stranger: Verdict) -> None:
    here = world(source)
    one = next(iter(behind_waypoints(here)))
    admitted = AmbientCallers(here).admitted(one)
    assert (None if admitted is None else admitted.name) == caller
    assert (one.for_waypoint.verdict, one.for_stranger.verdict) == (waypoint, stranger)


def test_the_waypoint_judges_strangers_by_its_own_policies() -> None:
    spec = (
        '{targetRefs: [{kind: Service, group: "", name: server}], '
        "rules: [{from: [{source: {principals: [cluster.local/ns/in/sa/client]}}]}]}"
    )
    for more, verdict in (
        ((), Verdict.ALLOW),
        ((security("AuthorizationPolicy", "w", "in", spec),), Verdict.DENY),
    ):
        one = next(iter(behind_waypoints(world("{namespaces: [in]}", *more))))
        assert one.at_waypoint is not None
        assert one.at_waypoint.verdict is verdict


@pytest.mark.parametrize(
    "labels", [(AMBIENT,), (SIDECARS, WAYPOINT), (AMBIENT, "istio.io/use-waypoint: none")]
)
def test_what_is_not_behind_a_waypoint(labels: tuple[str, ...]) -> None:
    assert list(behind_waypoints(world("{namespaces: [in]}", labels=labels))) == []


@pytest.mark.parametrize(
    ("where", "value", "admits"),
    [("istio-system", "true", True), ("istio-system", "false", False), ("in", "true", False)],
)
def test_a_control_plane_may_admit_waypoints_by_itself(where: str, value: str, admits: bool) -> None:
    variable = f'env: [{{name: PILOT_AUTO_ALLOW_WAYPOINT_POLICY, value: "{value}"}}]'
    istiod = workload("istiod", where).replace("image: istiod", f"image: istiod, {variable}")
    assert admits_waypoints_itself(mesh(istiod)) is admits

"""A question about one workload asks about what its answer rests on, however many others there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from meshlint.admission.admission import Admission
from meshlint.admission.verdict import Verdict
from meshlint.api import AccessQuestion, Project, RouteRequest, read_texts
from meshlint.api.overviews.matrix import answered
from meshlint.mesh import Mesh
from meshlint.resources import Resource

TEAM = """\
apiVersion: v1
kind: Namespace
metadata: {name: NAME, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: NAME}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers: [{name: web, image: "example.test/web:1", ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: NAME}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: NAME}
spec: {host: web}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: NAME}
spec:
  hosts: [web]
  http: [{route: [{destination: {host: web}}]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: NAME}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: web, namespace: NAME}
spec: {rules: [{from: [{source: {principals: [cluster.local/ns/team-1/sa/web]}}]}]}
"""
REFUSED = """\
apiVersion: security.istio.io/v9
kind: AuthorizationPolicy
metadata: {name: none, namespace: NAME}
spec: {action: DENY, rules: [{}]}
"""


def project(teams: int, *texts: str) -> Project:
    named = {f"{number}.yaml": TEAM.replace("NAME", f"team-{number}") for number in range(teams)}
    return read_texts({**named, **{f"x{number}.yaml": text for number, text in enumerate(texts)}})


def access(asked: Project) -> object:
    return [edge.word for edge in answered(asked, AccessQuestion("team-0/web")).edges]


def route(asked: Project) -> object:
    answer = asked.route(RouteRequest(client="team-1/web", host="web.team-0"))
    return [one.host for one in answer.destinations]


QUESTIONS = {"access": (access, ["allowed", "denied"]), "route": (route, ["web.team-0.svc.cluster.local"])}


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_judged_and_read_does_not_grow_with_the_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, expected = QUESTIONS[name]
    asked = [_counted(teams, ask, expected, monkeypatch) for teams in (8, 16, 32)]
    assert asked[0] == asked[1] == asked[2]
    assert all(0 < judged < 20 for judged, _ in asked)


def _counted(
    teams: int, ask: Callable[[Project], object], expected: object, patch: pytest.MonkeyPatch
) -> tuple[int, int]:
    """How many objects but Namespaces are judged and read for a question."""
    judged: list[Resource] = []
    read: list[Resource] = []
    verdict, view = Admission._verdict, Mesh.view

    def judging(self: Admission, resource: Resource) -> Verdict:
        judged.append(resource)
        return verdict(self, resource)

    def viewing(self: Mesh, resource: Resource, how: Callable[[Resource], object]) -> object:
        read.append(resource)
        return view(self, resource, how)

    with patch.context() as patched:
        patched.setattr(Admission, "_verdict", judging)
        patched.setattr(Mesh, "view", viewing)
        assert ask(project(teams)) == expected
    return sum(one.kind != "Namespace" for one in judged), len(read)


@pytest.mark.parametrize("place", ["team-0", "team-5"])
def test_a_refusal_is_met_where_an_answer_rests_on_it(place: str) -> None:
    asked = project(8, REFUSED.replace("NAME", place))
    notes = answered(asked, AccessQuestion("team-0/web")).notes
    assert len(asked.admission.refused) == 1
    assert bool(notes) is (place == "team-0")


def test_nobody_is_judged_twice() -> None:
    asked = project(4, REFUSED.replace("NAME", "team-0"))
    one = asked.resources.of("security.istio.io", "AuthorizationPolicy")[0]
    alone = asked.admission.of(one)
    assert not alone.is_taken
    assert asked.admission.met == asked.admission.refused == (alone,)
    assert asked.admission.of(one) is alone


def test_a_part_is_what_is_left_of_the_whole() -> None:
    asked = project(4, REFUSED.replace("NAME", "team-0"))
    part, whole = asked.mesh.resources, asked.resources
    left = whole.only(one for one in whole.resources if asked.admission.of(one).is_taken)
    assert part.resources == left.resources
    assert (part.kinds, part.namespaces, part.repeated) == (left.kinds, left.namespaces, left.repeated)
    for kind in whole.kinds:
        assert part.of(*kind) == left.of(*kind)
        assert part.where(*kind, lambda one: one.namespace == "team-0") == left.living(*kind, "team-0")
        for place in sorted(whole.namespaces):
            assert part.living(*kind, place) == left.living(*kind, place)
            for name in ("web", "none"):
                assert part.called(*kind, place, name) == left.called(*kind, place, name)


def test_a_whole_part_gives_the_very_objects() -> None:
    asked = project(2)
    kind = ("", "Service")
    assert asked.mesh.resources.of(*kind) is asked.resources.of(*kind)
    assert asked.mesh.resources.living(*kind, "team-0") is asked.resources.living(*kind, "team-0")
    assert asked.mesh.resources.collections is asked.resources.collections
    assert asked.as_written is asked.mesh


def test_a_bare_name_finds_those_of_all_namespaces_in_their_order() -> None:
    mesh = project(3).mesh
    workloads, services = mesh.workloads.named("web"), mesh.services.named("web")
    assert workloads == tuple(one for one in mesh.workloads.all if one.name == "web")
    assert services == tuple(one for one in mesh.services.all if one.name == "web")
    assert (len(workloads), len(services)) == (3, 3)
    assert (mesh.workloads.named("till"), mesh.services.named("till")) == ((), ())

"""Rules say the same of sets with refused objects, however little they are asked about for that."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import meshlint.engine.run as running
from meshlint.api import read_texts
from meshlint.api.inputs.files import read_files
from meshlint.api.judging.worlds import Refusals, worlds_of
from meshlint.api.reading.project import Project
from meshlint.checks.world import World
from meshlint.engine.finding import Finding
from meshlint.engine.run import Worlds
from meshlint.resources import collect
from meshlint.resources.agreed import AgreedSet, DisputedError
from meshlint.values import evolve
from tests.api.strangers import strangers
from tests.api.test_incremental import PLAN, examples, files_of

_SETS = 160
_REFUSED = "v9"
_OFTEN = (
    "AuthorizationPolicy",
    "PeerAuthentication",
    "RequestAuthentication",
    "DestinationRule",
    "HTTPRoute",
    "VirtualService",
    "Gateway",
    "Sidecar",
    "ServiceEntry",
)
_OPERATOR = {"apiVersion": f"install.istio.io/{_REFUSED}", "kind": "IstioOperator", "metadata": {"name": "a"}}
"""What decides which namespaces Istio looks at, which nearly all that is told of a mesh rests on."""


def sets() -> Iterator[dict[str, Any]]:
    """Examples of rules side by side, with copies of some of their objects that the cluster refuses."""
    chance = random.Random(7)
    held = [one for one in examples() if any(each["kind"] in _OFTEN for each in one)]
    for _ in range(_SETS):
        objects = [each for one in chance.sample(held, 2) for each in one]
        kind = chance.choice([one["kind"] for one in objects if one["kind"] in _OFTEN])
        mine = [one for one in objects if one["kind"] == kind and isinstance(one.get("metadata"), dict)]
        more = list(strangers(kind, mine)) if mine else []
        chosen = [*mine, *chance.sample(more, min(3, len(more)))]
        copies = [again(one, chance.choice(mine), f"again-{n}", chance) for n, one in enumerate(chosen)]
        operators = [_OPERATOR] if chance.random() < 0.2 else []
        yield {f"{n}.yaml": one for n, one in enumerate([*objects, *copies, *operators])}


def again(one: dict[str, Any], beside: dict[str, Any], name: str, chance: random.Random) -> dict[str, Any]:
    """A copy of an object at a version that nobody serves, mostly with a name and a place of its own."""
    copy: dict[str, Any] = json.loads(json.dumps(one, default=str))
    copy["apiVersion"] = f"{str(copy['apiVersion']).rpartition('/')[0]}/{_REFUSED}"
    copy["metadata"] |= {"name": name} if chance.random() < 0.9 else {}
    if chance.random() < 0.9 and "namespace" in beside["metadata"]:
        copy["metadata"]["namespace"] = beside["metadata"]["namespace"]
    return copy


def told(worlds: Worlds[World]) -> list[Finding]:
    return [one.finding for one in running.run(PLAN, worlds)]


def test_with_shortcuts_the_same_is_said() -> None:
    for objects in sets():
        project = read_files(files_of(objects))
        worlds = worlds_of(project)
        assert told(worlds) == told(evolve(worlds_of(read_files(files_of(objects))), shortcuts=None)), objects


def test_the_sets_take_each_of_the_shortcuts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, run_rule = Counter[str](), running._run_rule
    worlds: Worlds[World]

    def counting(plan: Any, rule: Any, world: World, *more: Any) -> Any:
        found = run_rule(plan, rule, world, *more)
        refusals = worlds.shortcuts
        assert isinstance(refusals, Refusals)
        made = vars(refusals)
        asked.update(name for name in ("agreed", "apart", "bare") if made.get(name) is world and found)
        return found

    monkeypatch.setattr(running, "_run_rule", counting)
    for objects in sets():
        project = read_files(files_of(objects))
        if project.admission.refused:
            worlds = worlds_of(project)
            told(worlds)
    assert min(asked[name] for name in ("agreed", "apart", "bare")) > 5, asked


POLICY = """\
apiVersion: security.istio.io/VERSION
kind: AuthorizationPolicy
metadata: {name: NAME, namespace: shop}
spec: {selector: {matchLabels: {app: NAME}}}
"""
ROUTE = """\
apiVersion: networking.istio.io/VERSION
kind: VirtualService
metadata: {name: NAME, namespace: shop}
spec: {hosts: [NAME], http: [{route: [{destination: {host: NAME}}]}]}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: shop}
spec: {selector: {app: pay}, ports: [{port: 80}]}
"""


def written(text: str, name: str, version: str = "v1") -> str:
    return text.replace("NAME", name).replace("VERSION", version)


def shop(**more: str) -> Project:
    texts = {"k8s/taken.yaml": written(POLICY, "pay"), "k8s/service.yaml": SERVICE}
    return read_texts(texts | {f"{place}.yaml": text for place, text in more.items()})


def refusals(project: Project) -> Refusals:
    held = worlds_of(project).shortcuts
    assert isinstance(held, Refusals)
    return held


def test_refused_policies_beside_taken_ones_are_looked_at_apart() -> None:
    held = refusals(shop(**{"k8s/refused": written(POLICY, "web", "v9")}))
    assert held.kinds == {"AuthorizationPolicy"}
    assert held.apart is not None
    assert [str(one) for one in held.apart.resources.resources] == [
        "Service shop/pay",
        "AuthorizationPolicy shop/web",
    ]
    assert [str(one) for one in held.bare.resources.resources] == ["AuthorizationPolicy shop/web"]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("k8s/refused", written(POLICY, "web", "v9").replace("shop", "other")),
        ("k8s/refused", written(POLICY, "web", "v9").replace(", namespace: shop", "")),
        ("elsewhere/refused", written(POLICY, "web", "v9")),
        ("k8s/refused", written(POLICY, "pay", "v9")),
        ("k8s/refused", written(ROUTE, "web", "v9")),
    ],
    ids=["another namespace", "no namespace", "another directory", "written twice", "names a host"],
)
def test_what_is_refused_is_not_looked_at_apart_where_it_shows_more(place: str, text: str) -> None:
    taken = {"k8s/route": written(ROUTE, "pay"), "elsewhere/service": SERVICE.replace("pay", "web")}
    assert refusals(shop(**taken, **{place: text})).apart is None


def test_nobody_refused_needs_no_shortcuts() -> None:
    assert worlds_of(shop()).shortcuts is None


def test_a_set_tells_only_what_both_agree_on() -> None:
    project = shop(**{"k8s/refused": written(POLICY, "web", "v9")})
    whole, part = project.as_written.resources, project.mesh.resources
    kind = ("security.istio.io", "AuthorizationPolicy")
    agreed = AgreedSet(whole, part, frozenset({kind}))
    service = whole.of("", "Service")
    assert agreed.of("", "Service") == agreed.living("", "Service", "shop") == service
    assert agreed.called("", "Service", "shop", "pay") == agreed.where("", "Service", bool) == service
    assert agreed.possible("", "Service") == service
    assert agreed.holds(*service)
    assert list(agreed.homes("", "Service")) == ["shop"] == sorted(agreed.namespaces)
    assert (agreed.most, agreed.foreign, agreed.kustomized) == (3, (), frozenset())
    refused = next(one for one in whole.of(*kind) if one.name == "web")
    for ask in (
        lambda: agreed.of(*kind),
        lambda: agreed.living(*kind, "shop"),
        lambda: agreed.homes(*kind),
        lambda: agreed.where(*kind, bool),
        lambda: agreed.possible(*kind),
        lambda: agreed.called(*kind, "shop", "pay"),
        lambda: agreed.holds(refused),
        lambda: agreed.resources,
        lambda: agreed.kinds,
        lambda: agreed.repeated,
    ):
        with pytest.raises(DisputedError):
            ask()


def test_namespaces_that_one_of_both_has_are_disputed() -> None:
    project = shop(**{"k8s/refused": written(POLICY, "web", "v9").replace("shop", "other")})
    agreed = AgreedSet(project.as_written.resources, project.mesh.resources, frozenset())
    with pytest.raises(DisputedError):
        _ = agreed.namespaces
    assert agreed.collections == collect(()).collections


def test_nothing_that_is_made_of_what_both_agree_on_is_handed_on() -> None:
    files = files_of({"a.yaml": _OPERATOR, "b.yaml": _route("shop")})
    worlds = worlds_of(read_files(files))
    assert worlds.shortcuts is not None
    assert worlds.written is not None
    agreed = worlds.shortcuts.agreed
    assert agreed is not None
    with pytest.raises(DisputedError):
        list(agreed.mesh.virtual_services)
    for world in (worlds.taken, worlds.written):
        assert [one.resource.name for one in world.mesh.virtual_services] == ["shop"]


def _route(name: str) -> dict[str, Any]:
    spec = {"hosts": [name], "http": [{"route": [{"destination": {"host": name}}]}]}
    metadata = {"name": name, "namespace": "shop"}
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": metadata,
        "spec": spec,
    }

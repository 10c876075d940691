"""What a set holds at all decides which rules are loaded."""

from __future__ import annotations

import pytest
from attrs import evolve

from meshlint.api import read_texts
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.examine import Material
from meshlint.engine.presence import Presence, presence

ISTIO, LINKERD = "apiVersion: networking.istio.io/v1", "annotations: {linkerd.io/inject: enabled}"
RULE = load_catalogue().rules[0]


@pytest.mark.parametrize(
    ("texts", "declared", "meshes"),
    [
        ((ISTIO,), (), {"istio"}),
        ((ISTIO, LINKERD), (), {"istio", "linkerd"}),
        (("apiVersion: gateway.networking.k8s.io/v1",), (), {"gateway-api"}),
        ((LINKERD,), ("istio",), {"istio", "linkerd"}),
        (("kind: Service",), (), set()),
        (("kind: Service",), ("linkerd",), {"linkerd"}),
        ((), (), set()),
    ],
)
def test_texts_and_settings_say_which_meshes_are_spoken_of(
    texts: tuple[str, ...], declared: tuple[str, ...], meshes: set[str]
) -> None:
    assert presence(frozenset(), texts, declared).meshes == meshes


@pytest.mark.parametrize(
    ("needs", "meshes", "concerned"),
    [
        ((), (), True),
        (("Gateway",), (), True),
        (("Gateway", "Sidecar"), (), True),
        (("Sidecar",), (), False),
        ((), ("istio",), True),
        ((), ("linkerd",), False),
        ((), ("linkerd", "istio"), True),
        (("Sidecar",), ("istio",), False),
    ],
)
def test_a_rule_is_concerned_by_its_kinds_and_its_meshes(
    needs: tuple[str, ...], meshes: tuple[str, ...], concerned: bool
) -> None:
    here = Presence(frozenset({"Gateway"}), frozenset({"istio"}))
    assert here.concerns(evolve(RULE, needs=needs, meshes=meshes)) is concerned


@pytest.mark.parametrize(
    ("meshes", "plain", "concerned"),
    [((), False, True), (("istio",), False, False), (("istio",), True, True)],
)
def test_sets_without_a_word_of_a_mesh_concern_rules_on_plain_objects(
    meshes: tuple[str, ...], plain: bool, concerned: bool
) -> None:
    here = Presence(frozenset({"Service"}), frozenset())
    assert here.concerns(evolve(RULE, needs=(), meshes=meshes, plain=plain)) is concerned


@pytest.mark.parametrize(
    ("api_version", "kind", "makes_pods"),
    [
        ("apps/v1", "Deployment", True),
        ("v1", "Pod", True),
        ("example.org/v1", "Deployment", False),
        ("v1", "Service", False),
    ],
)
def test_workloads_are_whatever_makes_pods(api_version: str, kind: str, makes_pods: bool) -> None:
    text = f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n"
    here = Material(read_texts({"a.yaml": text}).resources).presence
    assert here.concerns(evolve(RULE, needs=("Workload",), meshes=())) is makes_pods

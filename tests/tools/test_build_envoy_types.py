"""The fields of Envoy's messages are those that istiod's own packages register."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from tools.build_envoy_types import ENVOY, TARGET, WITHIN, listed, written


def test_what_is_kept_is_written_by_name() -> None:
    told: dict[str, dict[str, Any]] = {
        "messages": {"xds.B": {"a": "string"}, "envoy.A": {"b": "[]xds.B"}, "istio.networking.C": {}},
        "enums": {"grpc.D": ["E"]},
    }
    assert json.loads(written(told)) == {
        "messages": {"envoy.A": {"b": "[]xds.B"}, "xds.B": {"a": "string"}},
        "enums": {},
    }


def test_every_field_is_of_a_kind_that_is_in_the_file() -> None:
    types = json.loads(TARGET.read_text())
    kinds = {kind for fields in types["messages"].values() for kind in fields.values()}
    bare = {kind.removeprefix("[]").removeprefix("map:") for kind in kinds}
    messages = {kind for kind in bare if "." in kind and not kind.startswith(("enum:", "google.protobuf."))}
    enums = {kind.removeprefix("enum:") for kind in bare if kind.startswith("enum:")}
    assert messages <= set(types["messages"])
    assert enums - set(types["enums"]) <= {"google.protobuf.NullValue"}
    assert all(name.startswith((*ENVOY, *WITHIN)) for name in types["messages"])


@pytest.fixture(scope="module")
def today() -> str:
    """What Go says; asked before a test has its cache taken away, where Go keeps what it has built."""
    if shutil.which("go") is None:
        pytest.skip("no Go on this machine: nobody checks whether schemas/envoy.json is stale")
    return written(listed())


@pytest.mark.slow
def test_the_file_is_what_go_says_today(today: str) -> None:
    assert TARGET.read_text() == today, "run python -m tools.build_envoy_types"

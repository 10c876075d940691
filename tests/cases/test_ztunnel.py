"""Connections in ambient mode, against verdicts of istiod and ztunnel, asked through the public API."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import AccessDecision, AccessRequest, Project, ReadOptions, Verdict, read_texts
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
ZTUNNEL = SHARED / "cases" / "ztunnel"
MINIMAL = ZTUNNEL / "minimal"
Row = dict[str, Any]


def _rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (ZTUNNEL / name).read_text(encoding="utf-8").splitlines()]


def _project(objects: list[Row], mesh_config: Row | None = None) -> Project:
    """A whole cluster, as its objects were handed to istiod: none of them went through YAML."""
    config = (("mesh.json", json.dumps(mesh_config).encode()),) if mesh_config else ()
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    return read_texts({"objects.json": text}, ReadOptions(complete=True, mesh_config=config))


def _asked(row: Row) -> AccessRequest:
    return AccessRequest(
        row["server"],
        port=row["service_port"] or row["port"],
        source=row["client"],
        principal=row["principal"],
        source_ip=row["source_ip"],
        destination_ip=row["destination_ip"],
    )


def answers() -> Iterator[tuple[Row, str, AccessDecision]]:
    """Each recorded connection, what is right of it, and what is answered."""
    sets = {one["set"]: _project(one["objects"], one["mesh_config"]) for one in _rows("sets.jsonl")}
    for row in _rows("verdicts.jsonl"):
        right = "depends" if row["verdict"] == "by age" else row["verdict"]
        yield row, right, sets[row["set"]].access(_asked(row))


def test_every_verdict_is_that_of_ztunnel() -> None:
    """Where the ages of PeerAuthentications decide, which the files do not tell, the answer depends."""
    wrong, told = [], Counter[str]()
    for row, right, answer in answers():
        told[right] += 1
        if answer.verdict.value != right:
            wrong.append((row["set"], row["n"], right, answer.verdict.value, answer.reason))
    assert wrong == []
    assert min(told.values()) > 20


def test_what_decides_is_the_policy_that_ztunnel_names() -> None:
    """A connection that mutual TLS and a policy both refuse is refused by the first of them here."""
    sets = {one["set"]: _project(one["objects"], one["mesh_config"]) for one in _rows("sets.jsonl")}
    named = 0
    for row in _rows("verdicts.jsonl"):
        effect, _, policy = str(row["why"]).partition(" ")
        if effect in ("allow", "deny") and "converted" not in policy:
            deciding = [one.name for one in sets[row["set"]].access(_asked(row)).deciding]
            named += 1
            by_mtls = any(one.startswith("PeerAuthentication") for one in deciding)
            assert by_mtls or "static" in policy or f"AuthorizationPolicy {policy}" in deciding, row
    assert named > 300


def _ages(objects: list[Row], *, reverse: bool) -> list[Row]:
    """The objects with creation times for their PeerAuthentications, in their order or in reverse."""
    policies = [one for one in objects if one["kind"] == "PeerAuthentication"]
    for second, one in enumerate(reversed(policies) if reverse else policies):
        one["metadata"]["creationTimestamp"] = f"2026-01-01T00:00:{second:02}Z"
    return objects


@pytest.mark.parametrize("reverse", [False, True])
def test_ages_that_are_in_the_files_decide(reverse: bool) -> None:
    sets = {one["set"]: one for one in _rows("sets.jsonl")}
    open_rows = [row for row in _rows("verdicts.jsonl") if row["verdict"] == "by age"]
    for row in open_rows:
        given = sets[row["set"]]
        project = _project(_ages(given["objects"], reverse=reverse), given["mesh_config"])
        why = row["why"]["last oldest" if reverse else "first oldest"]
        expected = Verdict.DENY if why.startswith("deny") else Verdict.ALLOW
        assert project.access(_asked(row)).verdict is expected, row
    assert open_rows


def _folders() -> list[Path]:
    return sorted(MINIMAL.iterdir()) if MINIMAL.is_dir() else []


@pytest.mark.parametrize("folder", _folders(), ids=lambda folder: folder.name)
def test_every_kind_of_fault_is_answered_as_it_says(folder: Path) -> None:
    """Ports such as `08080` are texts, as istiod was given them; unquoted, kubectl reads numbers."""
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    objects = [one for one in yaml.safe_load_all((folder / "input.yaml").read_text(encoding="utf-8")) if one]
    for question in case["questions"]:
        named = {**question, "server": question["destination"], "client": question["source"]}
        answer = _project(objects).access(_asked({**named, "service_port": None}))
        assert answer.verdict.value == question["right"], (case["why"], answer.reason)

"""What is found in a real cluster is what is found in the files that were applied to it, places apart."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from meshlint.api import check
from meshlint.api.inputs.cluster import check_cluster, cluster_files, kinds_of
from meshlint.api.requests.request import Request
from meshlint.engine.catalogue import load_catalogue
from meshlint.engine.finding import Finding
from meshlint.engine.rule_file import load_rule_file
from meshlint.resources.resource import CLUSTER_SCOPED
from meshlint.sources.cluster.model import ServedKind
from meshlint.sources.cluster.objects import as_written, file_name
from tests.oracle.cluster.conftest import namespace
from tests.oracle.cluster.control_plane import ControlPlane
from tests.shared import PROJECT

pytestmark = pytest.mark.oracle

AS_IT_IS = Request(no_config=True)
HEAD = ("apiVersion", "kind", "metadata")
OTHERWISE = {
    **dict.fromkeys(
        ("AUTHZ220", "AUTHZ230", "AUTHZ242"), "whether a Server's policy was written or filled in"
    ),
    **dict.fromkeys(
        ("SCHEMA001", "UPGRADE040", "UPGRADE041"), "fields that the server does not know are gone"
    ),
}
"""Examples of what cannot be seen in a cluster, each with the reason."""


@cache
def sets() -> dict[str, tuple[dict[str, Any], ...]]:
    """The examples of the project, and the first bad one of every rule."""
    found = {}
    for folder in ("bookinfo", "bookinfo-corrected"):
        texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "examples" / folder).glob("*.yaml")]
        found[folder] = tuple(objects_in(texts))
    for rule in load_catalogue().rules:
        examples = [one for one in load_rule_file(rule).examples if one.bad and not one.settings]
        if examples:
            found[rule.id] = tuple(objects_in(examples[0].files.values()))
    return found


def objects_in(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    for text in texts:
        try:
            held = list(yaml.safe_load_all(text))
        except yaml.YAMLError:
            continue
        yield from (one for one in held if isinstance(one, dict) and "kind" in one)


def told(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    return sorted((one.rule, one.message, str(one.object), str(one.severity)) for one in findings)


def written(value: dict[str, Any]) -> bytes:
    """An object as a file; of a Secret no more than is read of a cluster."""
    return json.dumps({k: v for k, v in value.items() if value["kind"] != "Secret" or k in HEAD}).encode()


@pytest.fixture
def server(plane: ControlPlane) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cafile=f"{plane.folder}/ca.crt")
    context.load_cert_chain(f"{plane.folder}/admin.crt", f"{plane.folder}/admin.key")
    with httpx.Client(base_url=plane.url, verify=context, timeout=60) as client:
        yield client


def test_findings_are_those_of_the_files(plane: ControlPlane, server: httpx.Client, tmp_path: Path) -> None:
    """What the server takes of each set, as it was written and as it is held, beside what is there anyway."""
    api = plane.api()
    served = {(one.group, one.version, one.kind): one for one in kinds_of(api)[0]}
    differing, counted = [], 0
    for name, objects in sets().items():
        for space in sorted({space_of(one) for one in objects} - {""}):
            plane.apply(namespace(space), options=("--server-side", "--force-conflicts"))
        before, _ = cluster_files(api)
        made = [(one, path) for one in objects if (path := created(server, served, one)) is not None]
        try:
            kept = {
                file: data for file, data in before.items() if not any(is_in(file, one) for one, _ in made)
            }
            held = [as_written(server.get(path).raise_for_status().json()) for _, path in made]
            found = told(check_cluster(api, AS_IT_IS).findings)
            sides = (
                {"held": held} if name in OTHERWISE else {"held": held, "written": [one for one, _ in made]}
            )
            for side, values in sides.items():
                expected = in_files(tmp_path / side / name, kept, values)
                counted += len(expected)
                if found != expected:
                    differing.append((name, side, sorted({*found} ^ {*expected})))
        finally:
            for one, path in made:
                if one["kind"] != "Namespace":
                    assert server.delete(path).is_success
    assert not differing, "\n".join(map(str, differing))
    assert counted > len(sets()) // 2


def in_files(folder: Path, kept: dict[str, bytes], values: Iterable[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What is found in a directory with objects, beside what the cluster holds anyway."""
    write(folder, kept | {f"{number}.json": written(one) for number, one in enumerate(values)})
    return told(check(["."], Request(directory=folder, no_config=True)).findings)


def space_of(value: dict[str, Any]) -> str:
    group = value["apiVersion"].rpartition("/")[0]
    if (group, value["kind"]) in CLUSTER_SCOPED:
        return ""
    return str(value["metadata"].get("namespace") or "default")


def created(
    server: httpx.Client, served: dict[tuple[str, str, str], ServedKind], value: dict[str, Any]
) -> str | None:
    """Where the server has an object now; None where it does not take it."""
    group, _, version = value["apiVersion"].rpartition("/")
    kind = served.get((group, version, value["kind"]))
    if kind is None or "name" not in (value.get("metadata") or {}):
        return None
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    space = space_of(value)
    path = f"{root}/namespaces/{space}/{kind.plural}" if space else f"{root}/{kind.plural}"
    place = f"{path}/{value['metadata']['name']}"
    if value["kind"] == "Namespace":
        return place if server.put(place, json=value).is_success else None
    return place if server.post(path, json=value).is_success else None


def is_in(file: str, value: dict[str, Any]) -> bool:
    """Whether a file of the cluster is of the object, which is given as it was written."""
    group, _, _ = value["apiVersion"].rpartition("/")
    return file == file_name((group, value["kind"], space_of(value), value["metadata"]["name"]))


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

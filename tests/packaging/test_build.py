from __future__ import annotations

import bz2
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from meshlint.engine.rule_file import rule_paths
from tests.packaging.conftest import project_files
from tests.shared import PROJECT

pytestmark = pytest.mark.packaging

MOST_BYTES = 2_230_000
"""A wheel is fetched in every run of a pipeline: what grows it by more than rules and their pages is told."""
MOST_BYTES_OF_SCHEMAS = 150_000
PAGES = "rules/pages.json.bz2"
KINDS = "schemas/kinds.jsonl"
LARGE = "schemas/envoy.json"


def test_rules_and_schemas_travel_in_the_wheel(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    prefix = "meshlint/_data/"
    schemas = {name for name in project_files() if name.startswith("schemas/") and name.count("/") == 1}
    data = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    assert data == {*schemas, "rules/catalogue.json", PAGES, KINDS, f"{LARGE}.bz2"} - {LARGE}
    assert "meshlint/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "tools/"))]
    assert wheel.stat().st_size < MOST_BYTES
    packed = zipfile.ZipFile(wheel).infolist()
    of_schemas = [one.compress_size for one in packed if one.filename.startswith(f"{prefix}schemas/")]
    assert sum(of_schemas) < MOST_BYTES_OF_SCHEMAS


def test_the_page_of_the_service_travels_in_the_wheel(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    held = zipfile.ZipFile(wheel)
    prefix = "meshlint/serve/page/"
    page = {name: (PROJECT / name).read_bytes() for name in project_files() if name.startswith(prefix)}
    assert f"{prefix}index.html" in page
    assert page == {name: held.read(name) for name in held.namelist() if name.startswith(prefix)}


def test_the_wheel_has_the_page_of_each_rule(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    held = json.loads(bz2.decompress(zipfile.ZipFile(wheel).read(f"meshlint/_data/{PAGES}")))
    pages = {name: _text(held["lines"], runs) for name, runs in held["pages"].items()}
    files = {path.relative_to(PROJECT / "rules").as_posix(): path for path in rule_paths(PROJECT / "rules")}
    assert pages == {name.removesuffix(".yaml"): path.read_text() for name, path in files.items()}


def _text(lines: list[str], runs: list[int]) -> str:
    pairs = zip(runs[::2], runs[1::2], strict=True)
    return "".join(line for start, count in pairs for line in lines[start : start + count])


def test_an_installed_wheel_reads_the_schema_of_each_kind(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    names = [name.removeprefix("schemas/") for name in project_files() if name.startswith("schemas/")]
    program = "import json, sys; from meshlint.resources.schema.store.catalogue import read_json as read\n"
    program += "print(json.dumps([read(name) for name in json.load(sys.stdin)]))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(names),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert len(names) > 100
    assert json.loads(done.stdout) == [json.loads((PROJECT / "schemas" / name).read_text()) for name in names]


def test_the_source_distribution_is_the_project(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert set(project_files()) - names <= {".gitattributes"}


def test_an_installed_wheel_finds_its_data(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = "from meshlint.data import data_directory as d; print(d('rules'), d('schemas'), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    )
    data = tmp_path / "site" / "meshlint" / "_data"
    assert done.stdout.split() == [str(data / "rules"), str(data / "schemas")]


def test_an_installed_wheel_explains_its_rules(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    told = subprocess.run(
        [sys.executable, "-m", "meshlint", "explain", "SUBSET001"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "subset-undefined" in told
    assert "kind: VirtualService" in told

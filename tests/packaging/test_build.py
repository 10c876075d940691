from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import project_files

pytestmark = pytest.mark.packaging

TRAVELS = ("rules/", "schemas/")


def data_files() -> set[str]:
    return {name for name in project_files() if name.startswith(TRAVELS)}


def test_rules_and_schemas_travel_in_the_wheel(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    prefix = "meshlint/_data/"
    assert {name.removeprefix(prefix) for name in names if name.startswith(prefix)} == data_files()
    assert "meshlint/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "tools/"))]


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

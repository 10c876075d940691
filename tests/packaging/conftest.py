"""The project as it is built and as it is cloned, for tests of what users install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import PROJECT


def project_files() -> list[str]:
    """The files of the project that git tracks or would track, relative to its root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    if listing.returncode != 0:
        pytest.skip("this is no git checkout, so there is no telling which files belong to the project")
    return sorted(name for name in set(listing.stdout.split("\0")) if name and (PROJECT / name).is_file())


@pytest.fixture(scope="session")
def project_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's files as they are now, committed or not."""
    copy = tmp_path_factory.mktemp("project") / "meshlint"
    for name in project_files():
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, target)
    return copy


@pytest.fixture(scope="session")
def built(project_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the source distribution and the wheel, built without an environment of their own."""
    output = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(output)]
    subprocess.run(command, cwd=project_copy, check=True, capture_output=True)
    return output

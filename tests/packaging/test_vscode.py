"""The extension for Visual Studio Code compiles."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

EXTENSION = Path(__file__).resolve().parents[2] / "editors" / "vscode"


@pytest.mark.slow
def test_the_extension_compiles(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so the extension for Visual Studio Code is not compiled")
    made = shutil.copytree(
        EXTENSION, tmp_path / "vscode", ignore=shutil.ignore_patterns("node_modules", "out")
    )
    for arguments in (["install", "--no-audit", "--no-fund"], ["run", "compile"]):
        done = subprocess.run([npm, *arguments], cwd=made, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (made / "out" / "extension.js").is_file()

"""The tests of a checkout alone: what reads the shared reference material is skipped, and breaks nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.shared import PROJECT


def test_all_tests_are_found_without_the_shared_folder(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "tests",
        ],
        cwd=PROJECT,
        env={**plain, "MESHLINT_SHARED": str(tmp_path / "absent")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-2000:] + found.stderr[-2000:]

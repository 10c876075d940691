"""What a fresh process has loaded once it has done something."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection

from tests.shared import PROJECT


def loaded(code: str, names: Collection[str]) -> list[str]:
    """Those of some modules that a process has loaded when it has run `code`, which must go well."""
    asking = f"import sys\nprint('', *(name for name in {tuple(names)} if name in sys.modules))"
    command = [sys.executable, "-c", f"{code}\n{asking}"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()[-1].split()

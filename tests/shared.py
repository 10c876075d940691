"""Where the shared reference material lies, for tests that measure against it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("MESHLINT_SHARED", PROJECT.parent / "shared"))

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared reference folder is not beside this checkout"
)

"""How tests run here: without deadlines, since a busy machine must not fail one, and without a cache."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("meshlint", deadline=None)
settings.load_profile("meshlint")


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test asks the program, and not what it has answered before."""
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)

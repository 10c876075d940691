"""How property tests run here: without a deadline, since a busy machine must not fail a test."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("meshlint", deadline=None)
settings.load_profile("meshlint")

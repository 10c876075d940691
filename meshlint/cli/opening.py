"""Showing a page to whoever sits before the screen."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
"""What tells, where there may be no screen, that something can be shown."""


def kept(text: str, name: str) -> str:
    """The address of a page with that text, in a new folder of whoever runs this."""
    file = Path(tempfile.mkdtemp(prefix="meshlint-")) / name
    file.write_text(text, encoding="utf-8")
    return file.as_uri()


def opened(address: str) -> bool:
    """Whether a browser was asked to show the address."""
    if sys.platform.startswith("linux") and not any(os.environ.get(one) for one in _SCREENS):
        return False
    import webbrowser

    return webbrowser.open(address)

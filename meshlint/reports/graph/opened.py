"""The picture as one page that asks nobody: the page of `meshlint serve`, with the answer in it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import meshlint
from meshlint.reports import ReportOptions
from meshlint.reports.graph.picture import Drawable
from meshlint.reports.graph.report import write_graph

_BUILT = Path(meshlint.__file__).parent / "serve" / "page"


def write_page(picture: Drawable) -> str:
    """The text of the page; it runs its own scripts only, and reaches no other place."""
    graph = json.loads("\n".join(write_graph(picture, "json", ReportOptions())))
    held = {"name": "files", "kind": "files", "files": 0, "objects": len(picture.nodes), "revision": 1}
    answers = {"v1/workspaces": {"workspaces": [held]}, "v1/graph": graph}
    script, style = _built("page.js").replace("</script", "<\\/script"), _built("page.css")
    policy = (
        f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "worker-src blob:; img-src data: blob:"
    )
    return "\n".join((
        '<!DOCTYPE html>', '<html lang="en">', '<head>', '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">', '<title>Mesh · meshlint</title>',
        f'<style>{style}</style>', '</head>', '<body>', '<div id="page"></div>',
        _data("answers", _text(answers)),
        _data("layout", _text(_built("layout.js"))),
        f"<script>{script}</script>", "</body>", "</html>", "",
    ))  # fmt: skip


def _built(name: str) -> str:
    return (_BUILT / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """How a policy names a script or style that stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(value: str | Mapping[str, Any]) -> str:
    """As JSON in which no markup begins or ends, whatever names say."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _data(name: str, text: str) -> str:
    return f'<script type="application/json" id="{name}">{text}</script>'

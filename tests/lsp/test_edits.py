"""What an editor shows after each of many edits is what a cold look at the files says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from lsprotocol import types

from meshlint.api import Request
from meshlint.api.edits.workspace import Workspace
from meshlint.lsp.diagnostics import diagnostics_of
from tests.api.test_workspace import DRAWINGS, Documents, as_files
from tests.lsp.editor import Editor, editing

_SECONDS = 60.0
Shown = list[tuple[object, ...]]


@pytest.mark.parametrize("seed", [0, 1])
def test_edits_are_told_as_if_read_anew(tmp_path: Path, seed: int) -> None:
    asyncio.run(_session(tmp_path, seed, 8))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_many_edits_are_told_as_if_read_anew(tmp_path: Path, seed: int) -> None:
    asyncio.run(_session(tmp_path, seed, 50))


async def _session(root: Path, seed: int, count: int) -> None:
    rng = Random(seed)
    draw, edit = DRAWINGS[seed % 2]
    drawn = draw(rng)
    known = as_files(drawn, rng)
    for name, text in known.items():
        (root / name).write_text(text, encoding="utf-8")
    async with editing(root) as editor:
        for name in known:
            editor.open(name)
        for _ in range(count):
            drawn = edit(drawn, rng)
            wanted = {**dict.fromkeys(known, ""), **as_files(drawn, rng)}
            _type(editor, {name: text for name, text in wanted.items() if known.get(name) != text})
            known = wanted
            await _until_shown(editor, _shown(diagnostics_of(Workspace.at(root, Request()))))


def _type(editor: Editor, texts: Documents) -> None:
    for name, text in texts.items():
        (editor.root / name).write_text(text, encoding="utf-8")
        if name in editor.versions:
            editor.change(name, text)
        else:
            editor.open(name)


async def _until_shown(editor: Editor, wanted: Shown) -> None:
    """Wait until the editor shows it, and tell what it shows instead if it never does."""
    try:
        async with asyncio.timeout(_SECONDS):
            while _shown(editor.diagnostics) != wanted:
                editor.news.clear()
                await editor.news.wait()
    except TimeoutError:
        assert _shown(editor.diagnostics) == wanted


def _shown(told: Mapping[str, Sequence[types.Diagnostic]]) -> Shown:
    return sorted(
        (uri.rpartition("/")[2], str(one.code), one.range.start.line, one.range.start.character, one.message)
        for uri, held in told.items()
        for one in held
    )

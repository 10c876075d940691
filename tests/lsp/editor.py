"""An editor that talks to a real `meshlint lsp` over pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.e2e.running import environment

_SECONDS = 60.0


class Editor:
    """One session: open texts, what was asked, and the diagnostics of each file as they were last told."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client = client
        self.root = root
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()
        self.versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        written = (self.root / name).read_text(encoding="utf-8") if text is None else text
        self.versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), types.LanguageKind.Yaml, 1, written)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, name: str, text: str) -> None:
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def settled(self, *rules: str) -> None:
        """Wait until the diagnostics of all files are of these rules."""
        wanted = sorted(rules)
        async with asyncio.timeout(_SECONDS):
            while self.rules != wanted:
                self.news.clear()
                await self.news.wait()

    @property
    def rules(self) -> list[str]:
        return sorted(str(one.code) for held in self.diagnostics.values() for one in held)

    def place(self, name: str, text: str, word: str) -> tuple[types.TextDocumentIdentifier, types.Position]:
        """The place in the middle of the first `word` of a text."""
        before = text[: text.index(word)]
        line, column = before.count("\n"), len(before.rpartition("\n")[2]) + len(word) // 2
        return types.TextDocumentIdentifier(self.uri(name)), types.Position(line, column)


@asynccontextmanager
async def editing(root: Path) -> AsyncIterator[Editor]:
    """An editor with the workspace `root`."""
    client = LanguageClient("test", "1")
    editor = Editor(client, root)

    def told(params: types.PublishDiagnosticsParams) -> None:
        editor.diagnostics[params.uri] = list(params.diagnostics)
        editor.news.set()

    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(told)
    await client.start_io(sys.executable, "-m", "meshlint", "lsp", cwd=str(root), env=environment())
    await client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(), root_uri=root.as_uri(), process_id=None)
    )
    client.initialized(types.InitializedParams())
    try:
        yield editor
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]

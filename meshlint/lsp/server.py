"""The language server: what an editor says and asks, and what it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, Protocol

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from meshlint import __version__
from meshlint.api import Request, UsageError
from meshlint.api.edits.workspace import Workspace
from meshlint.documents import Field
from meshlint.lsp.actions import actions
from meshlint.lsp.completion import completions
from meshlint.lsp.cursor import cursor_at
from meshlint.lsp.diagnostics import diagnostics_of
from meshlint.lsp.names import Place, definitions, hover, references
from meshlint.lsp.places import field_location, file_of, place_of

_PAUSE: Final = 0.15
"""Seconds of quiet in the typing before the workspace is looked at."""
_REST: Final = 2.0
"""Seconds after which what was told is held ready for the next edit."""
_SUFFIXES = (".yaml", ".yml", ".json")


class Asked(Protocol):
    """A question about a place in an open file."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


class Server(LanguageServer):
    """One editor's session: the workspace as it is, and the edits that have not been looked at yet."""

    def __init__(self, request: Request) -> None:
        super().__init__("meshlint", __version__)
        self.request = request
        self.state: Workspace | None = None
        self.waiting: dict[str, str | None] = {}
        self.told: dict[str, list[types.Diagnostic]] = {}
        self.timer: asyncio.TimerHandle | None = None
        self.rest: asyncio.TimerHandle | None = None
        self.lock = asyncio.Lock()

    def begin(self, root: Path) -> None:
        """Read what is below `root`."""
        try:
            self.state = Workspace.at(root, self.request)
        except UsageError as error:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))

    def changed(self, uri: str, text: str | None) -> None:
        """Take an edit of a file, None when it is closed, and look at it once the typing pauses."""
        path = self.path_of(uri)
        if path is None:
            return
        self.waiting[path] = text
        self.later()

    def later(self) -> None:
        """Look at the workspace after a pause."""
        for one in (self.timer, self.rest):
            if one is not None:
                one.cancel()
        loop = asyncio.get_running_loop()
        self.timer = loop.call_later(_PAUSE, lambda: loop.create_task(self.look()))

    async def look(self) -> None:
        """Tell what is wrong now, in the files of which something else is told than before."""
        async with self.lock:
            current = self.current()
            if current is None:
                return
            found = await asyncio.get_running_loop().run_in_executor(None, diagnostics_of, current)
            for uri in {*found, *self.told}:
                held = found.get(uri, [])
                if held != self.told.get(uri, []):
                    self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, held))
            self.told = found
        loop = asyncio.get_running_loop()
        self.rest = loop.call_later(_REST, lambda: loop.create_task(self.settle()))

    async def settle(self) -> None:
        """Hold ready what the next edit is compared with, unless there is one already."""
        async with self.lock:
            current = self.state
            if current is not None and not self.waiting:
                settled = await asyncio.get_running_loop().run_in_executor(None, current.settled)
                self.state = settled if self.state is current else self.state

    def current(self) -> Workspace | None:
        """The workspace with every edit in it."""
        if self.state is not None and self.waiting:
            edits, self.waiting = self.waiting, {}
            self.state = self.state.edited(edits)
        return self.state

    def path_of(self, uri: str) -> str | None:
        """The display path of a file that may hold manifests."""
        file = file_of(uri)
        if self.state is None or file is None or file.suffix not in _SUFFIXES:
            return None
        return self.state.path_of(file)

    def at(self, params: Asked) -> tuple[Workspace, Place, list[str]] | None:
        """The workspace, the place that is asked about, and the lines of its file."""
        current, path = self.current(), self.path_of(params.text_document.uri)
        if current is None or path is None:
            return None
        lines = self.workspace.get_text_document(params.text_document.uri).source.splitlines()
        return current, Place(path, *place_of(params.position, lines)), lines


def make_server(request: Request) -> Server:
    """A server that reads manifests as `request` says."""
    server = Server(request)
    for register in (_session, _documents, _names, _writing):
        register(server)
    return server


def _session(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        root = server.workspace.root_path
        server.begin(Path(root) if root else Path.cwd())
        server.later()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(_: types.DidChangeWatchedFilesParams) -> None:
        if server.state is not None:
            server.state = server.state.reloaded()
            server.later()


def _documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.changed(params.text_document.uri, params.text_document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def edited(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.changed(uri, server.workspace.get_text_document(uri).source)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.changed(params.text_document.uri, None)


def _names(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        asked = server.at(params)
        text = None if asked is None else hover(*asked[:2])
        return None if text is None else types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location]:
        asked = server.at(params)
        return [] if asked is None else _located(asked[0], definitions(*asked[:2]))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def referred(params: types.ReferenceParams) -> list[types.Location]:
        asked, declared = server.at(params), params.context.include_declaration
        return [] if asked is None else _located(asked[0], references(*asked[:2], declared=declared))


def _writing(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", "-"]))
    def completed(params: types.CompletionParams) -> list[types.CompletionItem]:
        asked = server.at(params)
        if asked is None:
            return []
        state, place, lines = asked
        return completions(state, cursor_at(lines, place.line, place.column))

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        current, path = server.current(), server.path_of(params.text_document.uri)
        if current is None or path is None:
            return []
        return list(actions(current, path, list(params.context.diagnostics)))


def _located(state: Workspace, fields: tuple[Field, ...]) -> list[types.Location]:
    texts = state.project.texts
    return [field_location(state.root, field, texts) for field in fields]

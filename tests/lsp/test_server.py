"""A scripted editor: it opens a workspace, edits, and asks for everything that the server offers."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from lsprotocol import types

from tests.e2e.running import environment

from .editor import Editor, editing

APP = """\
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata: {labels: {app: reviews, version: v1, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: main, image: "reviews:1", ports: [{containerPort: 80}]}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
"""
ROUTES = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: routes
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        subset: v1
"""
BROKEN = ROUTES.replace("subset: v1", "subset: v2")


def in_editor(root: Path, script: Callable[[Editor], Awaitable[None]]) -> None:
    (root / "app.yaml").write_text(APP, encoding="utf-8")
    (root / "routes.yaml").write_text(ROUTES, encoding="utf-8")

    async def run() -> None:
        async with editing(root) as editor:
            await script(editor)

    asyncio.run(run())


def test_findings_follow_the_text_that_is_open(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open("routes.yaml")
        editor.change("routes.yaml", BROKEN)
        await editor.settled("SUBSET001", "SUBSET003")
        (told,) = [one for one in editor.diagnostics[editor.uri("routes.yaml")] if one.code == "SUBSET001"]
        assert told.severity is types.DiagnosticSeverity.Error
        assert told.range.start == types.Position(21, 16)
        assert told.code_description is not None
        assert told.code_description.href.endswith("/rules/SUBSET001")
        editor.change("routes.yaml", ROUTES)
        await editor.settled()
        editor.change("routes.yaml", "apiVersion: v1\nkind: [")
        await editor.settled("HYGIENE001")

    in_editor(tmp_path, script)


async def defined(
    editor: Editor, document: types.TextDocumentIdentifier, at: types.Position
) -> list[types.Location]:
    found = await editor.client.text_document_definition_async(types.DefinitionParams(document, at))
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, types.Location)]


def test_names_lead_to_what_they_mean_and_back(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open("routes.yaml")
        document, _ = editor.place("routes.yaml", ROUTES, "subset: v1\n")
        (subset,) = await defined(editor, document, types.Position(21, 16))
        assert (subset.uri, subset.range.start.line) == (editor.uri("routes.yaml"), 6)
        (service,) = await defined(editor, *editor.place("routes.yaml", ROUTES, "- reviews\n"))
        assert (service.uri, service.range.start.line) == (editor.uri("app.yaml"), 2)
        editor.open("app.yaml")
        name = editor.place("app.yaml", APP, "reviews,")
        context = types.ReferenceContext(include_declaration=False)
        found = await editor.client.text_document_references_async(types.ReferenceParams(context, *name))
        assert sorted(one.range.start.line for one in found or ()) == [4, 16, 20]

    in_editor(tmp_path, script)


def test_hovering_tells_what_a_name_means_and_who_may_call(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open("routes.yaml")
        editor.open("app.yaml")
        host = editor.place("routes.yaml", ROUTES, "- reviews\n")
        told = await editor.client.text_document_hover_async(types.HoverParams(*host))
        assert told is not None
        assert "Service shop/reviews (app.yaml:3)" in _markdown(told)
        name = editor.place("app.yaml", APP, "reviews,")
        callers = await editor.client.text_document_hover_async(types.HoverParams(*name))
        assert callers is not None
        assert "| outside | 80 | denied | broken |" in _markdown(callers)

    in_editor(tmp_path, script)


def test_fields_and_names_are_completed(tmp_path: Path) -> None:
    async def labels(editor: Editor, text: str) -> list[str]:
        editor.change("routes.yaml", text)
        line, column = text.count("\n"), len(text.rpartition("\n")[2])
        document = types.TextDocumentIdentifier(editor.uri("routes.yaml"))
        params = types.CompletionParams(document, types.Position(line, column))
        found = await editor.client.text_document_completion_async(params)
        assert isinstance(found, list)
        return [one.label for one in found]

    async def script(editor: Editor) -> None:
        editor.open("routes.yaml")
        rule, routes = ROUTES.split("---\n")
        stem = f"{rule}---\n{routes}"
        assert "timeout" in await labels(editor, f"{stem}    ")
        assert (await labels(editor, f"{stem}    mirror:\n      host: "))[0] == "reviews"
        assert await labels(editor, f"{stem}    mirror:\n      subset: ") == ["v1"]
        policy = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: x}\nspec:\n"
        modes = await labels(editor, f"{rule}---\n{policy}  trafficPolicy:\n    tls:\n      mode: ")
        assert {"DISABLE", "ISTIO_MUTUAL"} <= set(modes)

    in_editor(tmp_path, script)


def test_a_finding_can_be_accepted_in_place(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open("routes.yaml")
        editor.change("routes.yaml", BROKEN)
        await editor.settled("SUBSET001", "SUBSET003")
        uri = editor.uri("routes.yaml")
        (told,) = [one for one in editor.diagnostics[uri] if one.code == "SUBSET001"]
        document = types.TextDocumentIdentifier(uri)
        params = types.CodeActionParams(document, told.range, types.CodeActionContext([told]))
        found = await editor.client.text_document_code_action_async(params)
        (action,) = [one for one in found or () if "Accept" in one.title]
        assert isinstance(action, types.CodeAction)
        assert action.edit is not None
        assert action.edit.changes is not None
        (edit,) = action.edit.changes[uri]
        lines = BROKEN.splitlines()
        lines[edit.range.start.line] += str(edit.new_text)
        editor.change("routes.yaml", "\n".join(lines) + "\n")
        await editor.settled("SUBSET003")

    in_editor(tmp_path, script)


MISSPELT = ROUTES.replace("  - route:\n", "  - timeot: 5s  # 😀 soon\n    route:\n")


def test_a_finding_can_be_mended_in_place(tmp_path: Path) -> None:
    """The open text counts, not the one on disk; what is mended is the field alone."""

    async def script(editor: Editor) -> None:
        editor.open("routes.yaml")
        editor.change("routes.yaml", MISSPELT)
        await editor.settled("SCHEMA001")
        uri = editor.uri("routes.yaml")
        (told,) = editor.diagnostics[uri]
        document = types.TextDocumentIdentifier(uri)
        params = types.CodeActionParams(document, told.range, types.CodeActionContext([told]))
        found = await editor.client.text_document_code_action_async(params)
        (action,) = [one for one in found or () if isinstance(one, types.CodeAction) and one.is_preferred]
        assert "timeout" in action.title
        assert action.edit is not None
        assert action.edit.changes is not None
        edited = with_edits(MISSPELT, action.edit.changes[uri])
        assert edited == MISSPELT.replace("timeot", "timeout")
        editor.change("routes.yaml", edited)
        await editor.settled()

    in_editor(tmp_path, script)


def with_edits(text: str, edits: Sequence[types.TextEdit]) -> str:
    """A text as an editor makes it of edits, which count columns in UTF-16."""
    lines = text.split("\n")
    for edit in sorted(
        edits, key=lambda one: (one.range.start.line, one.range.start.character), reverse=True
    ):
        first, last = edit.range.start, edit.range.end
        before = lines[first.line].encode("utf-16-le")[: first.character * 2].decode("utf-16-le")
        after = lines[last.line].encode("utf-16-le")[last.character * 2 :].decode("utf-16-le")
        lines[first.line : last.line + 1] = (before + edit.new_text + after).split("\n")
    return "\n".join(lines)


def _markdown(told: types.Hover) -> str:
    assert isinstance(told.contents, types.MarkupContent)
    return told.contents.value


def test_a_server_that_its_editor_ends_leaves_in_peace(tmp_path: Path) -> None:
    began: dict[str, object] = {"capabilities": {}, "processId": None, "rootUri": tmp_path.as_uri()}
    asked: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": began},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    texts = [json.dumps({"jsonrpc": "2.0", **one}) for one in asked]
    done = subprocess.run(
        [sys.executable, "-m", "meshlint", "lsp"],
        input="".join(f"Content-Length: {len(text)}\r\n\r\n{text}" for text in texts).encode(),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")

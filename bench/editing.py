"""How long an editor waits after an edit: a real `meshlint lsp` over pipes, on a synthetic mesh.

Usage: python -m bench.editing [--services N] [--rounds N]. A route, a policy and a workload of one file are
broken and mended in turn; what counts is the time from the change of the text until the server has told of
the finding, or that it is gone, the pause included in which the server waits for the next letter.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import define, field
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from bench.generate import DOCUMENTS_PER_SERVICE, write_mesh

PROJECT = Path(__file__).resolve().parent.parent
EDITS = (
    ("VirtualService", "        subset: v1", "        subset: v7", "SUBSET001"),
    ("AuthorizationPolicy", '["GET", "POST"]', '["get", "POST"]', "AUTHZ016"),
    (
        "Deployment",
        "        - name: http\n          containerPort",
        "        - name: web\n          containerPort",
        "PORT060",
    ),
)
_LONGEST = 120.0


@define
class Ear:
    """What the server said last of each file."""

    rules: dict[str, set[str]] = field(factory=dict)
    news: asyncio.Event = field(factory=asyncio.Event)

    def told(self, params: types.PublishDiagnosticsParams) -> None:
        """Take note of what is said of a file."""
        self.rules[params.uri] = {str(one.code) for one in params.diagnostics}
        self.news.set()

    async def until(self, rule: str, *, present: bool) -> None:
        """Wait until a rule is told somewhere, or nowhere any more; raises `TimeoutError`."""
        async with asyncio.timeout(_LONGEST):
            while any(rule in rules for rules in self.rules.values()) is not present:
                self.news.clear()
                await self.news.wait()


def main() -> None:
    """Measure, and print a row for each kind of edit."""
    parser = argparse.ArgumentParser(description="Measure how long an editor waits after an edit.")
    parser.add_argument("--services", type=int, default=715, help="of the synthetic mesh")
    parser.add_argument("--rounds", type=int, default=10, help="edits of each kind, mended each time")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_mesh(root, given.services)
        waits = asyncio.run(_waits(root, given.rounds))
    print(f"{given.services} services, about {given.services * DOCUMENTS_PER_SERVICE} objects\n")
    print("| edit | median, seconds | longest |\n|---|---:|---:|")
    for kind, seconds in waits.items():
        print(f"| {kind} | {statistics.median(seconds):.2f} | {max(seconds):.2f} |")


async def _waits(root: Path, rounds: int) -> dict[str, list[float]]:
    client, ear = LanguageClient("bench", "1"), Ear()
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: ear.told(params))
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    await client.start_io(sys.executable, "-m", "meshlint", "lsp", cwd=str(root), env=environment)
    about = types.InitializeParams(types.ClientCapabilities(), root_uri=root.as_uri(), process_id=None)
    await client.initialize_async(about)
    client.initialized(types.InitializedParams())
    file = next(one for one in sorted(root.rglob("service-*.yaml")) if _fits(one.read_text(encoding="utf-8")))
    text = file.read_text(encoding="utf-8")
    item = types.TextDocumentItem(file.as_uri(), types.LanguageKind.Yaml, 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    waits: dict[str, list[float]] = {kind: [] for kind, *_ in EDITS}
    version = 1
    for _ in range(rounds):
        for kind, old, new, rule in EDITS:
            for written, present in ((text.replace(old, new, 1), True), (text, False)):
                version += 1
                begun = time.perf_counter()
                _change(client, file, version, written)
                await ear.until(rule, present=present)
                waits[kind].append(time.perf_counter() - begun)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return {kind: seconds[1:] for kind, seconds in waits.items()}


def _fits(text: str) -> bool:
    return all(old in text for _kind, old, _new, _rule in EDITS)


def _change(client: Any, file: Path, version: int, text: str) -> None:
    document = types.VersionedTextDocumentIdentifier(version, file.as_uri())
    whole = types.TextDocumentContentChangeWholeDocument(text)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))


if __name__ == "__main__":
    main()

"""Pictures of the mesh: for Graphviz, for Mermaid, for programs, and as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from attrs import asdict

from meshlint.reports.graph.picture import Call, Drawable, Link, Node
from meshlint.reports.shared.options import ReportOptions
from meshlint.reports.shared.soundness import BAD, GOOD, OPEN, WEAK, soundness
from meshlint.reports.shared.style import cells, paint, printable

VERSION = "1"

_DOT_SHAPES = {
    "service": "ellipse",
    "workload": "box",
    "identity": "component",
    "gateway": "house",
    "route": "hexagon",
    "policy": "note",
    "external host": "cds",
    "subset": "folder",
}
_MERMAID_SHAPES = {
    "service": ("([", "])"),
    "identity": ("[/", "/]"),
    "gateway": ("[\\", "/]"),
    "route": ("{{", "}}"),
    "policy": (">", "]"),
    "external host": ("((", "))"),
}
_COLORS = {GOOD: "#2e7d32", WEAK: "#ef6c00", BAD: "#c62828", OPEN: "#757575"}
_ROLES = {
    "mutual TLS": "help",
    "allowed": "help",
    "plaintext": "warning",
    "in part": "warning",
    "broken": "error",
    "denied": "error",
}
_COLUMNS = ("client", "server", "port", "client identity", "server identity", "secured", "access", "detail")


def _dot(picture: Drawable) -> Iterator[str]:
    yield "digraph mesh {"
    yield "  rankdir=LR"
    for number, (namespace, nodes) in enumerate(_by_namespace(picture)):
        if namespace:
            yield f"  subgraph cluster_{number} {{"
            yield f"    label={_dot_text(namespace)}"
        for node in nodes:
            shape = _DOT_SHAPES.get(node.kind, "box")
            label = _dot_text(f"{node.kind}\n{node.name}")
            yield f"    {_dot_text(node.id)} [label={label}, shape={shape}]"
        if namespace:
            yield "  }"
    for link in picture.links:
        color = f", color={_dot_text(_color(link))}" if _color(link) else ""
        label = f"{_dot_text(_label(link))}{color}"
        yield f"  {_dot_text(link.source)} -> {_dot_text(link.target)} [label={label}]"
    yield "}"


def _mermaid(picture: Drawable) -> Iterator[str]:
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    yield "flowchart LR"
    for number, (namespace, nodes) in enumerate(_by_namespace(picture)):
        if namespace:
            yield f"  subgraph s{number} [{_mermaid_text(namespace)}]"
        for node in nodes:
            left, right = _MERMAID_SHAPES.get(node.kind, ("[", "]"))
            yield f"    {names[node.id]}{left}{_mermaid_text(f'{node.kind} {node.name}')}{right}"
        if namespace:
            yield "  end"
    drawn = [link for link in picture.links if link.source in names and link.target in names]
    for link in drawn:
        yield f"  {names[link.source]} -->|{_mermaid_text(_label(link))}| {names[link.target]}"
    for number, link in enumerate(drawn):
        if _color(link):
            yield f"  linkStyle {number} stroke:{_color(link)}"


def _json(picture: Drawable) -> Iterator[str]:
    parts = {
        "version": VERSION,
        "nodes": [asdict(node) for node in picture.nodes],
        "links": [asdict(link) for link in picture.links],
        "calls": [asdict(call) for call in picture.calls],
        "rings": picture.rings,
    }
    yield json.dumps(parts, indent=2, ensure_ascii=False)


def _table(picture: Drawable, options: ReportOptions) -> Iterator[str]:
    if not picture.calls:
        return
    rows = [_COLUMNS, *map(_row, picture.calls)]
    used = [number for number in range(len(_COLUMNS)) if any(row[number] != "-" for row in rows[1:])]
    widths = {number: max(cells(row[number]) for row in rows) for number in used}
    for index, row in enumerate(rows):
        padded = (row[n].upper() if index == 0 else row[n] for n in used)
        line = "  ".join(
            _painted(text, color=options.color and index > 0) + " " * (widths[n] - cells(text))
            for n, text in zip(used, padded, strict=True)
        ).rstrip()
        yield paint("strong", line, color=options.color) if index == 0 else line


def _painted(text: str, *, color: bool) -> str:
    return paint(_ROLES[text], text, color=color) if text in _ROLES else text


def _row(call: Call) -> tuple[str, ...]:
    values = (
        call.client,
        call.server,
        call.port,
        call.client_identity,
        call.server_identity,
        call.secured,
        call.access,
        call.detail,
    )
    return tuple(printable(value) or "-" for value in values)


def _by_namespace(picture: Drawable) -> Iterable[tuple[str, list[Node]]]:
    ordered = sorted(picture.nodes, key=lambda node: node.namespace)
    return [(key, list(group)) for key, group in groupby(ordered, key=lambda node: node.namespace)]


def _label(link: Link) -> str:
    words = f"{link.relation} {link.label}".strip()
    return ", ".join(part for part in (words, link.transport, link.access) if part)


def _color(link: Link) -> str:
    """The colour of a call: red if it fails, orange if it can be read on its way, green if all is well."""
    if not link.transport:
        return ""
    return _COLORS[soundness(link.transport, link.access)]


def _dot_text(text: str) -> str:
    escaped = "\\n".join(
        printable(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")
    )
    return f'"{escaped}"'


def _mermaid_text(text: str) -> str:
    return '"' + printable(text).replace("#", "#35;").replace('"', "#quot;") + '"'


def write_graph(picture: Drawable, format_name: str, options: ReportOptions) -> Iterator[str]:
    """The lines of the picture in one of `GRAPH_FORMATS`."""
    if format_name == "table":
        return _table(picture, options)
    return _DRAWINGS[format_name](picture)


_DRAWINGS = {"dot": _dot, "mermaid": _mermaid, "json": _json}
GRAPH_FORMATS = ("table", *_DRAWINGS)

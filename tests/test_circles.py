"""No module needs itself: the imports inside functions and those for types alone are counted as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

from tests.shared import PROJECT

PACKAGE = PROJECT / "meshlint"
PAGE = PROJECT / "web" / "src"
_IMPORTED = re.compile(r'\b(?:from|import)\s+"(\.[^"]+)"')


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[str]:
    """Every name that a module imports anywhere in its text, as far as it may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                around = module.split(".")
                around = around[: len(around) - node.level + is_package]
                base = ".".join(filter(None, (*around, base)))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def graph_of(texts: dict[str, tuple[str, bool]]) -> nx.DiGraph[str]:
    """Modules and what they import: of `from a import b`, the module `a.b` where there is one, else `a`."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(texts)
    for module, (text, is_package) in texts.items():
        named = {one for one in imports(ast.parse(text), module, is_package=is_package) if one in texts}
        deeper = {one for one in named if any(other.startswith(f"{one}.") for other in named)}
        graph.add_edges_from((module, one) for one in named - deeper - {module})
    return graph


def circles(graph: nx.DiGraph[str]) -> list[list[str]]:
    return sorted(sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1)


def test_no_module_needs_itself() -> None:
    texts = {
        dotted(path): (path.read_text(encoding="utf-8"), path.name == "__init__.py")
        for path in PACKAGE.rglob("*.py")
    }
    assert circles(graph_of(texts)) == []


def test_no_module_of_the_page_needs_itself() -> None:
    paths = {path.with_suffix("").resolve(): path for path in PAGE.rglob("*.ts*")}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for here, path in paths.items():
        for named in _IMPORTED.findall(path.read_text(encoding="utf-8")):
            other = (path.parent / named).resolve()
            if other in paths:
                graph.add_edge(str(here.relative_to(PAGE)), str(other.relative_to(PAGE)))
    assert graph.number_of_edges() > len(paths)
    assert circles(graph) == []


@pytest.mark.parametrize(
    "back",
    [
        "from p.a import x",
        "def f():\n    from p.a import x",
        "from .a import x",
        "from p import a",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.a import X",
    ],
)
def test_a_circle_would_be_found(back: str) -> None:
    texts = {"p": ("", True), "p.a": ("import p.b", False), "p.b": (back, False)}
    assert circles(graph_of(texts)) == [["p.a", "p.b"]]

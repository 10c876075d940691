"""The house rules that no other tool holds."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from meshlint import HOME
from tests.shared import PROJECT

LONGEST_FUNCTION = 40
LONGEST_MODULE = 350
LARGEST_TEXT = 2_000_000
MODULES = sorted((PROJECT / "meshlint").rglob("*.py"))
HERE = [str(path) for path in (PROJECT, Path.home()) if len(path.parts) > 2]
MACHINE_PATH = re.compile("|".join([*map(re.escape, HERE), r"/home/[a-z][\w.-]*/", "/Users/[A-Za-z]"]))


def module_name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_functions_and_modules_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    assert list(long_functions(ast.parse(text))) == []


def long_functions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


def test_a_long_function_would_be_found() -> None:
    body = "\n".join(["    pass"] * LONGEST_FUNCTION)
    assert list(long_functions(ast.parse(f"def long():\n{body}\n"))) == ["long: 41 lines"]


def test_no_file_names_the_machine_it_was_written_on() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts()
        for match in MACHINE_PATH.finditer(text)
        if name != module_name(Path(__file__))
    ]
    assert found == []


def tracked_texts() -> Iterator[tuple[str, str]]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listing.returncode != 0:
        pytest.skip("this is no git checkout, so there is no list of tracked files")
    for name in filter(None, listing.stdout.split("\0")):
        path = PROJECT / name
        if path.is_file() and path.stat().st_size <= LARGEST_TEXT:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_one_constant_is_the_address_of_the_project() -> None:
    written = [module_name(path) for path in MODULES if "https://meshlint.dev" in path.read_text("utf-8")]
    assert written == ["meshlint/__init__.py"]
    schemas = [json.loads(path.read_text("utf-8")) for path in PROJECT.glob("schemas/*.json")]
    assert all(one.get("$id", HOME).startswith(HOME) for one in schemas if isinstance(one, dict))

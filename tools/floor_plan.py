"""The floor plan in ARCHITECTURE.md: each room and the folders in it, with the question that each answers.

It is read off the packages' docstrings, and its order off the import contract, lowest room first.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ARCHITECTURE = PROJECT / "ARCHITECTURE.md"

_PACKAGE = PROJECT / "meshlint"
_BLOCK = re.compile(r"(<!-- floor plan -->\n).*?(<!-- end -->)", re.DOTALL)


def with_floor_plan(text: str) -> str:
    """The text of ARCHITECTURE.md with the plan as the packages have it now."""
    lines = [line for room in rooms() for line in (*_room(room), "")]
    return _BLOCK.sub(lambda block: "\n".join((block[1], *lines)) + block[2], text)


def rooms() -> Iterator[str]:
    """The rooms that are packages, from bytes to front ends."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    for layer in reversed(layers):
        for part in re.split(r"[|:]", layer.strip("()")):
            name = part.strip(" ()").removeprefix("meshlint.")
            if (_PACKAGE / name / "__init__.py").is_file():
                yield name


def _room(room: str) -> Iterator[str]:
    yield f"**`meshlint/{room}/`** {question(_PACKAGE / room)}"
    for folder in sorted((_PACKAGE / room).iterdir()):
        if (folder / "__init__.py").is_file():
            yield f"- `{folder.name}/` {question(folder)}"


def question(package: Path) -> str:
    """What the docstring of a package says first: its question, and what it knows nothing of."""
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    return docstring.split("\n\n")[0].replace("\n", " ")

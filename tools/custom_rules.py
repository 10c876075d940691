"""What docs/custom-rules.md says of built-in checks and of expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from meshlint.checks.custom.builtin import BUILT_INS, EXPRESSION, BuiltIn, Taken
from meshlint.checks.custom.expression import VARIABLES
from meshlint.checks.custom.questions import QUESTIONS

CUSTOM_RULES = Path(__file__).resolve().parent.parent / "docs" / "custom-rules.md"
_COMMON = frozenset({"kinds", "namespaces", "except_namespaces", "names", "labels"})


def with_built_ins(text: str) -> str:
    """The page with the checks and the words of expressions as they are now."""
    checks = [one for one in BUILT_INS if one.name != EXPRESSION]
    text = _filled(text, "built-in checks", _checks(checks))
    return _filled(text, "expressions", _expressions())


def _filled(text: str, name: str, lines: Iterable[str]) -> str:
    block = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    body = "\n".join(lines)
    return block.sub(lambda found: f"{found[1]}\n{body}\n\n{found[2]}", text)


def _checks(checks: list[BuiltIn]) -> Iterator[str]:
    yield from ("| every check takes | type | default | |", "|---|---|---|---|")
    yield from (_row(one) for one in checks[0].takes if one.name in _COMMON)
    for check in checks:
        yield from ("", f"### `{check.name}`", "", check.words, "")
        own = [one for one in check.takes if one.name not in _COMMON]
        yield from ("| takes | type | default | |", "|---|---|---|---|") if own else ()
        yield from (_row(one) for one in own)
        kinds = next(one.default for one in check.takes if one.name == "kinds")
        if kinds:
            yield from ("", f"`kinds` are, unless given, {', '.join(f'`{kind}`' for kind in kinds)}.")


def _row(taken: Taken) -> str:
    default = "needed" if taken.default is None else f"`{json.dumps(taken.default)}`"
    among = f": {', '.join(f'`{one}`' for one in taken.among)}" if taken.among else ""
    return f"| `{taken.name}` | {taken.type} | {default} | {taken.words}{among} |"


def _expressions() -> Iterator[str]:
    yield from _table("variable", "what it is", VARIABLES)
    yield ""
    yield from _table("function", "what it answers", QUESTIONS)


def _table(what: str, about: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield from (f"| {what} | {about} |", "|---|---|")
    yield from (f"| `{name}` | {words} |" for name, words in rows.items())

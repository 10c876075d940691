"""Builds what is generated of the documents: a page for each rule, output in the README, the floor plan, and
the checks that rules of users may name.

A block of the README between `<!-- output: ARGUMENTS -->` and `<!-- end -->` shows what `meshlint ARGUMENTS`
prints on a terminal, the report first and the summary after it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from meshlint.engine.catalogue import Catalogue, load_catalogue
from meshlint.engine.rule_file import load_rule_file
from meshlint.reports import ReportOptions
from meshlint.reports.rules.page import write_page
from tools.custom_rules import CUSTOM_RULES, with_built_ins
from tools.floor_plan import ARCHITECTURE, with_floor_plan

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs"
README = PROJECT / "README.md"

_BLOCK = re.compile(r"(<!-- output: (?P<arguments>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Write the pages and the README's blocks; pages of rules that are gone go too."""
    wanted = dict(pages(load_catalogue()))
    for path in sorted((DOCS / "rules").glob("*.md")):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    README.write_text(with_output(README.read_text(encoding="utf-8")), encoding="utf-8")
    CUSTOM_RULES.write_text(with_built_ins(CUSTOM_RULES.read_text(encoding="utf-8")), encoding="utf-8")
    ARCHITECTURE.write_text(with_floor_plan(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{len(wanted)} pages")
    return 0


def pages(catalogue: Catalogue) -> Iterator[tuple[Path, str]]:
    """The page of each rule and the list of all, with the paths that they belong at."""
    for rule in catalogue.rules:
        lines = write_page(load_rule_file(rule), "markdown", ReportOptions())
        yield DOCS / "rules" / f"{rule.id}.md", "\n".join(lines) + "\n"
    yield DOCS / "rules.md", "\n".join(_list(catalogue)) + "\n"


def with_output(readme: str) -> str:
    """The README with the output in its blocks as it is now."""
    return _BLOCK.sub(lambda block: f"{block[1]}{_shown(block['arguments'])}{block[3]}", readme)


def _list(catalogue: Catalogue) -> Iterator[str]:
    yield from ("# Rules", "", _counted(catalogue), "")
    for family, rules in groupby(catalogue.rules, key=lambda rule: rule.family):
        yield from (f"## {family}: {catalogue.families[family]}", "")
        yield from ("| rule | finds | level | profile | replaces |", "|---|---|---|---|---|")
        for rule in rules:
            link = f"[{rule.id} {rule.name}](rules/{rule.id}.md)"
            told = f"{rule.severity} | {rule.profile} | {', '.join(rule.replaces)}"
            yield f"| {link} | {rule.summary} | {told} |"
        yield ""


def _counted(catalogue: Catalogue) -> str:
    return (
        f"meshlint has {len(catalogue.rules)} rules. Those of the profile `default` run unless asked "
        "otherwise; `strict` adds what is legal but weak, `pedantic` adds style. `meshlint explain RULE` "
        "shows the page of a rule in the terminal."
    )


def _shown(arguments: str) -> str:
    text = f"$ meshlint {arguments}\n{_run(arguments)}"
    return f"\n```console\n{text.rstrip()}\n```\n\n"


def _run(arguments: str) -> str:
    command = [sys.executable, "-m", "meshlint", *arguments.split()]
    environment: Mapping[str, str] = {"PYTHONPATH": str(PROJECT), "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, cwd=PROJECT, env=environment, check=False)
    return done.stdout.decode() + done.stderr.decode()


if __name__ == "__main__":
    sys.exit(main())

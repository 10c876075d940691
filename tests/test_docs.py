"""Pages that are generated say what meshlint says now; `python -m tools.build_docs` writes them anew."""

from __future__ import annotations

from meshlint.engine.catalogue import load_catalogue
from tools.build_docs import DOCS, README, pages, with_output
from tools.custom_rules import CUSTOM_RULES, with_built_ins
from tools.floor_plan import ARCHITECTURE, with_floor_plan


def test_the_pages_of_the_rules_are_fresh() -> None:
    wanted = dict(pages(load_catalogue()))
    stale = [path.name for path, text in wanted.items() if not path.is_file() or path.read_text() != text]
    left_over = [path.name for path in (DOCS / "rules").glob("*.md") if path not in wanted]
    assert (stale, left_over) == ([], [])


def test_the_output_in_the_readme_is_fresh() -> None:
    readme = README.read_text(encoding="utf-8")
    assert "<!-- output: check" in readme
    assert with_output(readme) == readme


def test_the_checks_for_rules_of_users_are_those_that_there_are() -> None:
    page = CUSTOM_RULES.read_text(encoding="utf-8")
    assert "### `allowed-callers`" in page
    assert with_built_ins(page) == page


def test_the_floor_plan_is_that_of_the_packages() -> None:
    plan = ARCHITECTURE.read_text(encoding="utf-8")
    assert "**`meshlint/admission/`**" in plan
    assert with_floor_plan(plan) == plan

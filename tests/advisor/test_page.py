"""The page about the advice is as fresh as the data."""

from __future__ import annotations

from tools.build_advice_tables import PAGE, renewed, tables


def test_the_tables_of_the_page_are_those_of_the_data() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "run: python -m tools.build_advice_tables"


def test_every_table_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all("\n".join(lines) in page for lines in tables().values())

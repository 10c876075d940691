"""The page on coverage is up to date and right."""

from __future__ import annotations

from tools.build_coverage import PAGE, mistakes, page, read_areas


def test_the_page_is_what_the_rows_and_rules_make_of_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read_areas())


def test_every_row_has_rules_that_exist_or_a_reason() -> None:
    areas = read_areas()
    assert list(mistakes(areas)) == []
    assert sum(len(area.rows) for area in areas) > 150

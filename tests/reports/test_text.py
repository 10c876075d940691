from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.documents import FileText, Span
from meshlint.engine.finding import Location
from meshlint.engine.outcome import Outcome, Summary
from meshlint.reports import ReportOptions, writer
from meshlint.reports.shared.style import cells, printable
from tests.reports.outcomes import FULL, UNDEFINED


def report(content: str, span: Span, options: ReportOptions | None = None) -> list[str]:
    finding = evolve(UNDEFINED, location=Location("a.yaml", span), related=(), hint=None)
    outcome = Outcome((finding,), (), Summary(), {"a.yaml": FileText("a.yaml", content)})
    return list(writer("text")(outcome, options or ReportOptions()))


def caret_row(lines: list[str]) -> str:
    return next(line for line in lines if "^" in line)


@pytest.mark.parametrize(
    ("content", "span", "row"),
    [
        ("key: value\n", Span.at(1, 6, 5), "  |      ^^^^^"),
        ("\tkey: value\n", Span.at(1, 7, 5), "  |          ^^^^^"),
        ("名: 値\n", Span.at(1, 4, 1), "  |     ^^"),
        ("e\u0301: v\n", Span.at(1, 5, 1), "  |    ^"),
        ("key: |\n  text\n", Span(1, 1, 2, 7), "  | ^^^^^^"),
        ("key:\n", Span.at(1, 5, 0), "  |     ^"),
    ],
    ids=["plain", "tab", "wide", "combining", "block", "empty"],
)
def test_the_caret_stands_under_the_exact_columns(content: str, span: Span, row: str) -> None:
    assert caret_row(report(content, span)) == row


def test_a_long_line_is_clipped_around_the_caret() -> None:
    line = "x" * 5_000 + "HERE" + "y" * 5_000
    lines = report(line, Span.at(1, 5_001, 4), ReportOptions(width=80))
    source, carets = lines[3], lines[4]
    assert len(source) <= 80
    assert source[carets.index("^") : carets.rindex("^") + 1] == "HERE"


def test_context_stays_in_the_document() -> None:
    lines = report("before: 1\n---\n\nkey: value\n---\nafter: 1\n", Span.at(4, 1, 3))
    assert [line for line in lines if "|" in line] == ["  |", "4 | key: value", "  | ^^^", "  |"]


def test_a_place_beyond_the_text_is_named_without_an_excerpt() -> None:
    assert report("key: value\n", Span.at(9, 1))[1:] == [" --> a.yaml:9:1", ""]


def test_all_places_of_a_flood_are_listed_when_asked() -> None:
    lines = list(writer("text")(FULL, ReportOptions(verbose=True)))
    assert "      mesh/copy-9.yaml:9:3" in lines


def test_nothing_of_a_manifest_reaches_the_terminal_raw() -> None:
    assert not [line for line in writer("text")(FULL, ReportOptions()) if "\x1b" in line]
    assert printable("a\x1b]8;;x\x07b\u202ec\nd") == "a\\x1b]8;;x\\x07b\\u202ec d"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(1, 80), st.integers(0, 80), st.integers(30, 60))
def test_any_text_and_span_fit_the_width(content: str, column: int, length: int, width: int) -> None:
    lines = report("key: |\n" + content, Span.at(2, column, length), ReportOptions(width=width))
    assert all(cells(line) <= width for line in lines if "|" in line[:4])

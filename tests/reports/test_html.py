"""The page, as text: what a browser makes of it is asked in `tests/e2e/test_page.py`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from attrs import evolve

from meshlint.reports import ReportOptions, writer
from tests.reports.outcomes import CLEAN, FULL, UNDEFINED

VOID = {"meta", "input", "br", "img", "link", "hr"}
EVIL = [
    "</pre></script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "<!--",
    "\x1b]0;x\x07\u202e",
    "\ud800",
]


class Page(HTMLParser):
    """The elements of a page, whether they are closed in order, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def page_of(outcome: object = FULL) -> str:
    return "\n".join(writer("html")(outcome, ReportOptions(prefix="deploy")))  # type: ignore[arg-type]


def test_every_finding_and_every_rule_of_one_is_there() -> None:
    page = Page(page_of())
    assert page.open == []
    assert page.count("details") == len(FULL.findings)
    ids = [about["id"] for _, about in page.elements if "id" in about]
    assert len(ids) == len(set(ids))
    links = {about["href"] for tag, about in page.elements if tag == "a"}
    known = {f"#{id}" for id in ids}
    assert links <= known


def test_a_page_without_findings_says_so() -> None:
    assert "Nothing was found." in page_of(CLEAN)


@pytest.mark.parametrize("words", EVIL)
def test_whatever_stands_in_a_manifest_is_text(words: str) -> None:
    shape = [tag for tag, _ in Page(page_of(evolve(FULL, findings=(UNDEFINED,)))).elements]
    bad = evolve(
        UNDEFINED,
        message=words,
        hint=words,
        location=evolve(UNDEFINED.location, file=f"a{words}.yaml"),
        related=(),
    )
    text = page_of(evolve(FULL, findings=(bad,)))
    text.encode()
    page = Page(text)
    assert [tag for tag, _ in page.elements] == shape
    assert not any(name.startswith("on") for _, about in page.elements for name in about)


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = page_of()
    page = Page(text)
    assert not any("src" in about for _, about in page.elements)
    assert page.count("link") == 0
    policy = next(about["content"] for tag, about in page.elements if about.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"url\(|@import", text)

"""What a change does, in a browser: from a workspace to files and back, and from one drop to the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serve.conftest import BOOKINFO
from tests.serve.page.conftest import Page

STRICT = ("PERMISSIVE", "STRICT")
NOBODY = ('- "*"', "- cluster.local/ns/bookinfo/sa/nobody")
UNDEFINED = ("subset: v3", "subset: v9")


def drop(page: Page, folder: Path, *changes: tuple[str, str]) -> None:
    """Choose the files of the example with some words replaced."""
    folder.mkdir()
    for file in sorted(BOOKINFO.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            text = text.replace(old, new)
        (folder / file.name).write_text(text, encoding="utf-8")
    page.one("nav a[href^='#/files']").click()
    page.one(".drop")
    names = "\n".join(str(path) for path in sorted(folder.iterdir()))
    page.browser.find_element("id", "files").send_keys(names)
    page.one(".finding")


def choose(page: Page, title: str) -> None:
    from selenium.webdriver.support.select import Select

    Select(page.one("#from")).select_by_visible_text(title)


def titles(page: Page) -> list[str]:
    found = page.all(".group-title") + page.all("caption")
    return [one.text.splitlines()[0].rstrip("0123456789 ") for one in found]


def test_files_are_compared_with_a_workspace_and_a_workspace_with_files(page: Page, tmp_path: Path) -> None:
    page.open("")
    page.one(".finding")
    assert page.all("#from") == [], "there is nothing to compare with"
    drop(page, tmp_path / "a", STRICT, UNDEFINED)
    choose(page, "default")
    page.until(lambda: "New findings" in titles(page))
    assert page.one(".told").text.startswith("From default: 0 objects added, 0 removed, 2 changed")
    assert "Gone" in titles(page)
    assert "from=default" in page.hash
    page.one(".finding .head").click()
    assert "v9" in page.one(".line.marked mark").text
    page.pick("#workspace", "default")
    choose(page, "your files")
    page.until(lambda: page.one(".told").text.startswith("From your files:"))
    assert "MTLS" in page.all(".group")[0].text, "what is new is what was gone"


def test_what_was_dropped_is_compared_with_what_is_dropped_next(page: Page, tmp_path: Path) -> None:
    page.open("")
    drop(page, tmp_path / "a")
    drop(page, tmp_path / "b", NOBODY)
    choose(page, "your files before these")
    page.until(lambda: page.one(".told").text.startswith("From your files before these:"))
    assert "Calls that change" in titles(page)
    row = page.one("table tbody tr").text
    assert "denied" in row
    drop(page, tmp_path / "c", NOBODY)
    choose(page, "your files before these")
    page.until(lambda: "Nothing changes." in page.text)


@pytest.mark.parametrize("width", [400, 900, 1600])
def test_everybody_can_read_what_changes(page: Page, tmp_path: Path, width: int) -> None:
    page.open("", width, "dark" if width == 900 else "light")
    drop(page, tmp_path / "a", STRICT, UNDEFINED, NOBODY)
    choose(page, "default")
    page.until(lambda: "Calls that change" in titles(page))
    assert page.violations() == []
    assert page.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")

"""The page that `meshlint graph --open` writes, in a browser: it draws the map, and asks nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from meshlint.cli.opening import opened
from meshlint.cli.process import run
from tests.serve.conftest import BOOKINFO
from tests.serve.page.conftest import HOSTILE, Page, forget, hostile_manifests


def address_of(capsys: pytest.CaptureFixture[str], path: Path) -> str:
    """What the command prints where there is no screen."""
    assert run(("graph", "--open", str(path))) == 0
    return capsys.readouterr().out.strip()


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_the_page_is_one_file_that_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(urlsplit(address_of(capsys, BOOKINFO)).path)
    text = file.read_text(encoding="utf-8")
    assert [one.name for one in file.parent.iterdir()] == ["mesh.html"]
    assert not any(word in text for word in ("<script src=", "<link ", "@import"))
    assert "Content-Security-Policy" in text


def test_a_browser_is_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def show(address: str) -> bool:
        asked.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", show)
    assert not opened("file:///a")
    monkeypatch.setenv("BROWSER", "firefox")
    assert opened("file:///b")
    assert asked == ["file:///b"]


def test_the_map_is_drawn_and_nobody_is_asked(browser: Any, capsys: pytest.CaptureFixture[str]) -> None:
    forget(browser)
    address = address_of(capsys, BOOKINFO)
    page = Page(browser, address.rpartition("/")[0])
    page.asked()
    page.open("mesh.html")
    page.one("canvas")
    page.until(lambda: "bookinfo" in page.text)
    assert [one.text for one in page.all("nav a")] == ["Mesh"]
    here = ("file:", "about:", "blob:", "data:", "chrome:")
    outside = [url for url in page.asked() if not url.startswith(here)]
    assert outside == []
    assert browser.get_log("browser") == []


def test_names_that_are_markup_are_text(
    browser: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.yaml").write_text(hostile_manifests(), encoding="utf-8")
    page = Page(browser, address_of(capsys, tmp_path / "set").rpartition("/")[0])
    page.open("mesh.html#/mesh?as=table")
    page.until(lambda: HOSTILE in page.text)
    assert page.all("img") == []
    assert browser.title == "Mesh · meshlint"
    browser.get_log("browser")

"""Findings, in a browser: grouped, filtered, opened, sent on by their address."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.serve.conftest import BOOKINFO, Running
from tests.serve.page.conftest import HOSTILE, Page

ALL = 5


def shown(page: Page) -> int:
    return len(page.all(".finding"))


def test_it_shows_the_directory_with_no_other_step(page: Page) -> None:
    page.open("")
    page.until(lambda: shown(page) == ALL)
    assert "default · 17 objects" in page.one("#workspace").text
    assert page.one(".told").text == "5 findings in 17 objects of 3 files"


def test_it_filters_by_each_field_and_the_address_says_how(page: Page) -> None:
    page.open("")
    page.until(lambda: shown(page) == ALL)
    page.pick("#rule", "SUBSET001")
    page.until(lambda: shown(page) == 1)
    assert "rule=SUBSET001" in page.hash
    page.browser.back()
    page.until(lambda: shown(page) == ALL)
    page.pick("#namespace", "bookinfo")
    assert shown(page) == ALL
    page.one("#search").send_keys("permissive peer")
    page.until(lambda: shown(page) == 1)
    assert page.one(".told").text.startswith("1 of 5 findings")
    page.open(page.hash)
    page.until(lambda: shown(page) == 1)
    assert page.one("#search").get_attribute("value") == "permissive peer"


def test_levels_go_and_come_back(page: Page) -> None:
    page.open("#/findings?level=error")
    page.until(lambda: shown(page) == 1)
    page.one("input[value=error]").click()
    page.until(lambda: shown(page) == 0)
    assert "No finding passes the filters." in page.text
    page.one(".empty button").click()
    page.until(lambda: shown(page) == ALL)


@pytest.mark.parametrize(
    ("by", "first"), [("file", "traffic.yaml"), ("rule", "SUBSET001"), ("namespace", "bookinfo")]
)
def test_they_are_grouped_with_the_gravest_first(page: Page, by: str, first: str) -> None:
    page.open("")
    page.pick("#by", by)
    page.until(lambda: page.one(".group-title").text == first)
    assert shown(page) == ALL


def test_a_finding_opens_with_its_lines_and_leads_to_its_rule(page: Page) -> None:
    page.open("#/findings?rule=SUBSET001")
    page.one(".finding .head").click()
    assert page.one(".line.marked.error mark").text == "v3"
    assert page.one(".line .note").text == "a rule for this host"
    assert "Define the subset in a DestinationRule" in page.one(".hint").text
    place = page.hash
    page.one(".finding .body a").click()
    assert "subset-undefined" in page.one("h1").text
    assert "Why it matters" in page.text
    assert "What to do" in page.text
    page.open(place)
    assert page.one(".line.marked.error mark").text == "v3"


def test_it_works_with_the_keyboard_alone(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open("")
    page.until(lambda: shown(page) == ALL)
    reached = []
    for _ in range(30):
        page.press(Keys.TAB)
        at = page.browser.switch_to.active_element
        reached.append(at.get_attribute("type") or at.tag_name)
        if "head" in (at.get_attribute("class") or ""):
            break
    assert {"a", "search", "checkbox", "select-one", "button"} <= set(reached)
    page.press(Keys.ENTER)
    assert page.one(".line.marked.error")


def test_what_the_names_say_is_text(page: Page) -> None:
    page.open("#/findings?ws=hostile")
    heads = page.until(lambda: page.all(".finding .head"))
    assert HOSTILE in page.text
    heads[0].click()
    page.one(".line.marked")
    assert page.all("img") == []
    assert page.browser.title == "Findings · meshlint"


def test_files_of_the_readers_own_are_checked(page: Page) -> None:
    page.open("#/files")
    files = sorted(str(path) for path in BOOKINFO.glob("*.yaml"))
    page.browser.find_element("id", "files").send_keys("\n".join(files))
    page.until(lambda: shown(page) == ALL)
    page.one(".finding .head").click()
    assert page.one(".line.marked.error mark").text == "v3"
    assert "your files" in page.one("#workspace").text


def test_a_pasted_manifest_is_checked(page: Page) -> None:
    page.open("#/files")
    head = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a, namespace: a}\n"
    page.one("#pasted").send_keys(f"{head}spec: {{mtls: {{mode: PERMISSIVE}}}}\n")
    page.one("form button").click()
    page.until(lambda: "MTLS002" in page.text)


def test_a_change_on_disk_is_shown_by_itself(
    browser: object, serving: Callable[..., Running], tmp_path: Path
) -> None:
    place = tmp_path / "shop"
    shutil.copytree(BOOKINFO, place)
    page = Page(browser, serving(str(place)).url).open("")
    page.until(lambda: shown(page) == ALL)
    text = (place / "policies.yaml").read_text(encoding="utf-8")
    (place / "policies.yaml").write_text(text.replace("PERMISSIVE", "STRICT"), encoding="utf-8")
    page.until(lambda: shown(page) == ALL - 1)


def test_a_service_with_tokens_asks_for_one(
    browser: object, serving: Callable[..., Running], tmp_path: Path
) -> None:
    from meshlint.serve.security.tokens import Role, new_token

    token, line = new_token(Role.READ, "reader")
    (tmp_path / "tokens").write_text(line + "\n", encoding="utf-8")
    page = Page(browser, serving(str(BOOKINFO), "--tokens", str(tmp_path / "tokens")).url).open("")
    page.one("input[type=password]").send_keys(token)
    page.one(".login button").click()
    page.until(lambda: shown(page) == ALL)
    page.browser.execute_script("sessionStorage.clear()")
    page.browser.get_log("browser")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 900, 1600])
@pytest.mark.parametrize("place", ["#/findings", "#/rule/SUBSET001", "#/files"])
def test_everybody_can_read_it(page: Page, place: str, width: int, scheme: str) -> None:
    page.open(place, width, scheme)
    page.one(".finding .head, .example, .drop")
    for head in page.all(".finding .head")[:1]:
        head.click()
        page.one(".line.marked")
    assert page.violations() == []
    assert page.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")

"""The page in a real browser: it filters, opens, works by keyboard alone, and asks the network nothing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import meshlint
from tests.shared import PROJECT

webdriver = pytest.importorskip(
    "selenium.webdriver", reason="selenium is not installed: no page is looked at"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not CHROMIUM or not DRIVER, reason="no Chromium with its driver is installed: no page is looked at"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page")
    shutil.copytree(PROJECT / "examples" / "bookinfo", place / "shop")
    shutil.copytree(PROJECT / "examples" / "tutorial", place / "tutorial")
    done = meshlint("check", "--exit-zero", "-o", "html=report.html", at=place)
    assert done.code == 0, done.err
    return place / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture(params=[400, 1600])
def opened(request: pytest.FixtureRequest, browser: Any, page: Path) -> Any:
    size = {"width": request.param, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())
    return browser


def shown(browser: Any) -> int:
    return len(
        [one for one in browser.find_elements("css selector", "ol.findings > li") if one.is_displayed()]
    )


def pick(browser: Any, name: str, value: str) -> None:
    from selenium.webdriver.support.select import Select

    Select(browser.find_element("id", name)).select_by_value(value)


def test_it_filters_by_each_field(opened: Any) -> None:
    every = shown(opened)
    assert every > 5
    for name in ("rule", "namespace", "file"):
        values = [
            one.get_attribute("value") for one in opened.find_elements("css selector", f"#{name} option")
        ]
        assert len(values) > 1
        counts = []
        for value in values[1:]:
            pick(opened, name, value)
            counts.append(shown(opened))
            told = opened.find_element("id", "told").text
            assert told == f"{counts[-1]} of {every} findings are shown."
        assert all(count > 0 for count in counts)
        assert sum(counts) <= every
        pick(opened, name, "")
    for box in opened.find_elements("css selector", "input[name=level]"):
        box.click()
    assert shown(opened) == 0
    opened.find_element("css selector", "button[type=reset]").click()
    time.sleep(0.2)
    assert shown(opened) == every
    opened.find_element("id", "words").send_keys("permissive")
    assert 0 < shown(opened) < every


def test_a_finding_opens_and_shows_its_lines(opened: Any) -> None:
    first = opened.find_element("css selector", "ol.findings details")
    lines = first.find_element("css selector", "pre")
    assert not lines.is_displayed()
    first.find_element("css selector", "summary").click()
    assert lines.is_displayed()
    assert "^" in lines.text
    opened.find_element("id", "close").click()
    assert not lines.is_displayed()


def test_it_works_with_the_keyboard_alone(opened: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    def press(*keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(opened).send_keys(*keys).perform()

    reached = []
    for _ in range(60):
        press(Keys.TAB)
        at = opened.switch_to.active_element
        reached.append(at.tag_name if at.tag_name != "input" else at.get_attribute("type"))
        if at.tag_name == "summary":
            break
    assert {"a", "checkbox", "select", "search", "button", "summary"} <= set(reached)
    press(Keys.ENTER)
    assert opened.switch_to.active_element.find_element("xpath", "..").get_attribute("open") is not None


def test_the_mesh_is_drawn_and_told_in_words(opened: Any) -> None:
    opened.find_element("link text", "The mesh as a picture").click()
    drawn = opened.find_element("css selector", ".mesh svg")
    assert drawn.is_displayed()
    boxes = opened.find_elements("css selector", ".mesh g.box")
    assert any("productpage" in one.text for one in boxes)
    words = opened.find_element("css selector", "section details")
    words.find_element("css selector", "summary").click()
    assert "bookinfo/productpage" in words.find_element("css selector", "table").text


def test_nothing_is_wider_than_the_window(opened: Any) -> None:
    opened.find_element("id", "open").click()
    assert opened.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(opened: Any) -> None:
    import json

    asked = [
        message["params"]["request"]["url"]
        for entry in opened.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"] == "Network.requestWillBeSent"
    ]
    assert all(url.startswith("file:") for url in asked)
    assert opened.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Any, scheme: str) -> None:
    core = pytest.importorskip("axe_core_python", reason="axe-core is not installed: nobody asks it")
    script = next(Path(core.__file__).parent.glob("**/axe.min.js")).read_text("utf-8")
    features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
    opened.find_element("id", "open").click()
    opened.execute_script(script)
    found = opened.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    assert [(one["id"], one["impact"], len(one["nodes"])) for one in found["violations"]] == []
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

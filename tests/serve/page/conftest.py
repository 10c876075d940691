"""The page in a real browser, on a service that is started for it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import define

from tests.serve.conftest import BOOKINFO, Running, started

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WAITING = 60.0
HOSTILE = "<img src=x onerror=document.title=1>"


def chromium(downloads: Path) -> Any:
    """A browser that keeps what it asks and what goes wrong."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={downloads / 'profile'}"):
        options.add_argument(flag)
    several = "profile.default_content_setting_values.automatic_downloads"
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads), several: 1})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(downloads: Path) -> Iterator[Any]:
    pytest.importorskip("selenium.webdriver", reason="selenium is not installed: no page is looked at")
    if not CHROMIUM or not DRIVER:
        pytest.skip("no Chromium with its driver is installed: no page is looked at")
    driver = chromium(downloads)
    yield driver
    driver.quit()


@define
class Page:
    """The page as a reader sees it."""

    browser: Any
    url: str

    def open(self, hash_: str, width: int = 1200, scheme: str = "light") -> Page:
        """The page at a place, in a window of that width, loaded anew."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.browser.get("about:blank")
        self.browser.get(f"{self.url}/{hash_}")
        return self

    def all(self, selector: str) -> list[Any]:
        return [one for one in self.browser.find_elements("css selector", selector) if one.is_displayed()]

    def one(self, selector: str) -> Any:
        """The first element that is shown; waits for it."""
        return self.until(lambda: next(iter(self.all(selector)), None), selector)

    def until(self, found: Callable[[], Any], what: str = "") -> Any:
        """What `found` finds, once it finds something."""
        from selenium.common.exceptions import StaleElementReferenceException

        end = time.monotonic() + WAITING
        while time.monotonic() < end:
            try:
                value = found()
            except StaleElementReferenceException:
                value = None
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"not seen: {what}: {self.text[:2000]}")

    @property
    def text(self) -> str:
        return str(self.browser.find_element("css selector", "body").text)

    @property
    def hash(self) -> str:
        return str(self.browser.execute_script("return location.hash"))

    def pick(self, selector: str, value: str) -> None:
        from selenium.webdriver.support.select import Select

        Select(self.one(selector)).select_by_value(value)

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def asked(self) -> list[str]:
        """The addresses that were asked since this was last called."""
        messages = (json.loads(one["message"])["message"] for one in self.browser.get_log("performance"))
        sent = (one["params"] for one in messages if one["method"] == "Network.requestWillBeSent")
        return [one["request"]["url"] for one in sent]

    def violations(self) -> list[tuple[str, str, list[str]]]:
        """What axe-core finds wrong with what is shown."""
        core = pytest.importorskip("axe_core_python", reason="axe-core is not installed: nobody asks it")
        script = next(Path(core.__file__).parent.glob("**/axe.min.js")).read_text("utf-8")
        self.browser.execute_script(script)
        found = self.browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
        return [(one["id"], one["impact"], [n["html"] for n in one["nodes"]]) for one in found["violations"]]


@pytest.fixture(scope="module")
def page_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with the example, and with a set whose names are markup."""
    hostile = tmp_path_factory.mktemp("hostile")
    (hostile / "a.yaml").write_text(hostile_manifests(), encoding="utf-8")
    running = started(str(BOOKINFO), "--workspace", f"hostile={hostile}")
    yield running
    running.close()


def forget(browser: Any) -> None:
    """Leave the page that is shown, which may still ask a service that is gone, and what was logged of it."""
    browser.get("about:blank")
    browser.get_log("browser")


@pytest.fixture
def page(browser: Any, page_service: Running) -> Iterator[Page]:
    """The page; whatever is asked goes to the service, and nothing goes wrong meanwhile."""
    forget(browser)
    shown = Page(browser, page_service.url)
    shown.asked()
    yield shown
    outside = [url for url in shown.asked() if not url.startswith((page_service.url, "about:", "blob:"))]
    assert outside == []
    assert browser.get_log("browser") == []


def hostile_manifests() -> str:
    """Objects whose names are markup, which the API server would refuse and the page must show as text."""
    name = json.dumps(HOSTILE)
    service = {"ports": [{"name": "http", "port": 80}], "selector": {"app": HOSTILE}}
    rule = {"host": HOSTILE, "trafficPolicy": {"tls": {"mode": "DISABLE"}}}
    route = {"hosts": [HOSTILE], "http": [{"route": [{"destination": {"host": HOSTILE, "subset": HOSTILE}}]}]}
    pod = {"metadata": {"labels": {"app": HOSTILE}}, "spec": {"containers": [{"name": "a", "image": "a"}]}}
    workload = {"selector": {"matchLabels": {"app": HOSTILE}}, "template": pod}
    objects = (
        ("v1", "Service", service),
        ("apps/v1", "Deployment", workload),
        ("networking.istio.io/v1", "DestinationRule", rule),
        ("networking.istio.io/v1", "VirtualService", route),
    )
    return "---\n".join(
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: {name}}}\n"
        f"spec: {json.dumps(spec)}\n"
        for version, kind, spec in objects
    )

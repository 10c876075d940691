"""The map of the mesh, in a browser: drawn, filtered, moved, read aloud, taken away as a picture."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.serve.page.conftest import HOSTILE, Page

PAINTED = """
const canvas = document.querySelector(".map canvas");
window.copy ??= document.createElement("canvas");
Object.assign(window.copy, { width: canvas.width, height: canvas.height });
const context = window.copy.getContext("2d", { willReadFrequently: true });
context.drawImage(canvas, 0, 0);
const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
let sum = 0;
for (let at = 0; at < data.length; at += 4) if (data[at + 3]) sum += 1 + ((at * (data[at] + 1)) % 9973);
return sum;
"""


def drawn(page: Page) -> int:
    """A number that changes with the picture, once there is one."""
    page.one(".map canvas")
    return int(page.until(lambda: page.browser.execute_script(PAINTED), "a picture"))


def changed(page: Page, before: int) -> int:
    return int(
        page.until(lambda: (now := page.browser.execute_script(PAINTED)) != before and now, "a change")
    )


def told(page: Page) -> str:
    return str(page.one(".told").text)


def test_it_draws_the_mesh(page: Page) -> None:
    page.open("#/mesh")
    drawn(page)
    assert told(page) == "14 objects of 19, 16 relations"
    assert page.one(".legend").text.startswith("mTLS")


def test_it_filters_and_the_address_says_how(page: Page) -> None:
    page.open("#/mesh")
    before = drawn(page)
    page.one("input[value=workload]").click()
    page.until(lambda: told(page).startswith("10 objects"))
    changed(page, before)
    page.open(page.hash)
    page.until(lambda: told(page).startswith("10 objects"))
    assert not page.one("input[value=workload]").is_selected()
    page.open("#/mesh?edges=mTLS")
    page.until(lambda: told(page) == "14 objects of 19, 3 relations")
    page.pick("#access", "allowed")
    page.until(lambda: told(page) == "14 objects of 19, 1 relation")
    page.open("#/mesh?found=1")
    page.until(lambda: told(page).startswith("1 object of"))


def test_what_is_searched_for_is_found_and_gone_to(page: Page) -> None:
    page.open("#/mesh")
    page.one("#search").send_keys("service ratings")
    hits = page.until(lambda: page.all(".hits button"))
    assert [one.text.split() for one in hits] == [["service", "ratings"]]
    hits[0].click()
    page.until(lambda: page.one(".details h2").text == "ratings")
    assert "reviews-v1" in page.one(".details").text
    assert "mutual TLS, in part" in page.one(".details").text


def test_it_focuses_on_what_is_near(page: Page) -> None:
    page.open("#/mesh?at=service/bookinfo/ratings")
    page.one(".details h2")
    page.one(".details .buttons button").click()
    page.until(lambda: "around ratings" in told(page))
    near = int(told(page).split()[0])
    page.all(".details .buttons button")[1].click()
    page.until(lambda: int(told(page).split()[0]) > near)
    assert "hops=2" in page.hash


def test_it_is_read_and_moved_with_the_keyboard_alone(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open("#/mesh")
    before = drawn(page)
    for _ in range(60):
        page.press(Keys.TAB)
        if page.browser.switch_to.active_element.get_attribute("role") == "application":
            break
    page.press("+")
    before = changed(page, before)
    page.press(Keys.SHIFT + Keys.ARROW_LEFT + Keys.NULL)
    before = changed(page, before)
    page.press(Keys.ARROW_RIGHT)
    first = page.one(".details h2").text
    page.press(Keys.ARROW_UP, Keys.ARROW_LEFT, Keys.ARROW_UP)
    page.until(lambda: page.one(".details h2").text != first)
    assert page.one(".details").get_attribute("aria-live") == "polite"
    page.press(Keys.ENTER)
    page.until(lambda: page.one(".details h2").text == "bookinfo")
    assert "Open" in page.one(".details .buttons").text
    page.press(Keys.ESCAPE)
    page.until(lambda: "Select something" in page.one(".details").text)


def test_it_moves_and_zooms_by_mouse(page: Page) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    page.open("#/mesh")
    before = drawn(page)
    canvas = page.one(".map canvas")
    ActionChains(page.browser).click_and_hold(canvas).move_by_offset(60, 40).release().perform()
    before = changed(page, before)
    page.browser.execute_script(
        "arguments[0].dispatchEvent(new WheelEvent('wheel', {deltaY: -300, cancelable: true}))", canvas
    )
    changed(page, before)


def test_the_table_says_the_same(page: Page) -> None:
    page.open("#/mesh")
    page.one("#as-table").click()
    text = page.until(lambda: page.one(".scrolled table") and page.text)
    assert "bookinfo/productpage bookinfo/reviews 9080 mutual TLS allowed both proxies speak mTLS" in text
    assert "routes to 88.9 %" in text
    assert "as=table" in page.hash


def test_pictures_are_taken_away(page: Page, downloads: Path) -> None:
    page.open("#/mesh")
    drawn(page)
    for button in page.all(".main > .pictured .buttons button")[:2]:
        button.click()
    svg = page.until(lambda: read(downloads / "mesh.svg"), "mesh.svg")
    texts = [one.text for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("text")]
    assert {"bookinfo", "reviews-v1", "88.9 %"} <= set(texts)
    png = page.until(lambda: read(downloads / "mesh.png"), "mesh.png")
    assert png.startswith(b"\x89PNG")


def read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def test_what_the_names_say_is_text(page: Page, downloads: Path) -> None:
    page.open("#/mesh?ws=hostile&as=table")
    page.until(lambda: HOSTILE in page.one(".scrolled table").text)
    page.open("#/mesh?ws=hostile")
    drawn(page)
    for file in downloads.glob("mesh*.svg"):
        file.unlink()
    page.all(".main > .pictured .buttons button")[1].click()
    svg = page.until(lambda: next((read(one) for one in downloads.glob("mesh*.svg")), None), "mesh.svg")
    root = ElementTree.fromstring(svg)
    assert not [one for one in root.iter() if one.tag.endswith("img")]
    assert any((one.text or "").startswith("<img src") for one in root.iter())
    assert page.all("img") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
@pytest.mark.parametrize("place", ["#/mesh?at=service/bookinfo/reviews", "#/mesh?as=table"])
def test_everybody_can_read_it(page: Page, place: str, width: int, scheme: str) -> None:
    page.open(place, width, scheme)
    page.one(".map canvas, .scrolled table")
    assert page.violations() == []
    assert page.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


MANY = 5000
FRAMES = """
const done = arguments[arguments.length - 1];
const canvas = document.querySelector(".map canvas");
const start = performance.now();
let frames = 0;
const step = () => {
  frames += 1;
  const deltaY = frames % 40 < 20 ? -40 : 40;
  canvas.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
  const seconds = (performance.now() - start) / 1000;
  if (seconds < 2) requestAnimationFrame(step);
  else done(frames / seconds);
};
requestAnimationFrame(step);
"""
DATA = """
const real = window.fetch;
const picture = %s;
window.fetch = async (path, how) => {
  if (path !== "v1/graph") return real(path, how);
  window.arrived = performance.now();
  return new Response(JSON.stringify(picture()), { headers: { "content-type": "application/json" } });
};
const watch = () => {
  if (document.querySelector(".map canvas")) window.seen = performance.now();
  else requestAnimationFrame(watch);
};
watch();
"""
PICTURE = """() => {
  const nodes = [], links = [];
  for (let at = 0; at < %d; at += 1) {
    const namespace = `team-${at %% 200}`, name = `service-${at}`;
    const [source, target] = [`Deployment/${namespace}/${name}`, `service/${namespace}/${name}`];
    nodes.push({ id: source, kind: "workload", name, namespace, mesh: "istio sidecar" });
    nodes.push({ id: target, kind: "service", name, namespace, mesh: "" });
    const other = (at * 7919 + (at >> 3) * 31) %% %d;
    const told = { label: "", transport: "mutual TLS", access: "allowed" };
    links.push({ source, target, relation: "backs", label: "", transport: "", access: "" });
    const called = `service/team-${other %% 200}/service-${other}`;
    links.push({ source, target: called, relation: "calls", ...told });
  }
  return { version: "1", nodes, links, calls: [], rings: [] };
}"""


def test_five_thousand_workloads_are_drawn_at_once_and_move_smoothly(page: Page) -> None:
    script = DATA % (PICTURE % (MANY, MANY))
    added = page.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    try:
        page.open("#/mesh", 1600)
        drawn(page)
        assert told(page) == "10,000 objects of 10,000, 10,000 relations"
        waited = page.browser.execute_script("return window.seen - window.arrived")
        assert waited < 3000
        assert frames(page) > 20
        page.open("#/mesh?open=team-7%0Ateam-8", 1600)
        drawn(page)
        assert frames(page) > 20
    finally:
        page.browser.execute_cdp_cmd(
            "Page.removeScriptToEvaluateOnNewDocument", {"identifier": added["identifier"]}
        )


def frames(page: Page) -> float:
    """Frames in a second while the wheel turns."""
    time.sleep(0.2)
    counted: Any = page.browser.execute_async_script(FRAMES)
    return float(counted)

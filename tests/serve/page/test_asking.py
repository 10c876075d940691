"""Questions and advice, in a browser: asked by form and by address, answered with the lines that decide."""

from __future__ import annotations

import pytest

from tests.serve.page.conftest import HOSTILE, Page


def test_who_may_call_is_asked_by_form_and_is_the_address(page: Page) -> None:
    page.open("#/ask")
    page.one("#to").send_keys("bookinfo/ratings")
    page.one("#method").send_keys("GET")
    page.one(".question button").click()
    page.until(lambda: len(page.all(".card")) == 3)
    assert "allowed" in page.one(".card").text
    assert page.one(".line.marked mark").text == "from:"
    assert "Whom the policies let in" in page.text
    page.open(page.hash)
    page.until(lambda: len(page.all(".card")) == 3)
    assert page.one("#method").get_attribute("value") == "GET"


def test_a_denied_call_says_what_denies_it(page: Page) -> None:
    page.open("#/ask?what=access&from=outside&to=bookinfo/ratings")
    page.until(lambda: "denied" in page.one(".card").text)
    assert "AuthorizationPolicy bookinfo/ratings" in page.one(".card").text
    assert "does not admit" in page.one(".line .note").text


def test_where_a_request_goes_is_asked_by_form_and_is_the_address(page: Page) -> None:
    page.open("#/ask?what=route")
    page.one("#from").send_keys("bookinfo/productpage")
    page.one("#host").send_keys("reviews")
    page.one(".question button").click()
    cards = page.until(lambda: page.all(".card"))
    assert [one.text.split("\n")[0] for one in cards] == ["88.9 %", "11.1 %"]
    assert "status 503" in cards[1].text
    notes = page.until(lambda: [one.text for one in page.all(".line .note")])
    assert {"takes it", "88.9 % goes here", "11.1 % goes here"} <= {one.removeprefix("← ") for one in notes}
    place = page.hash
    page.open(place)
    page.until(lambda: len(page.all(".card")) == 2)


def test_a_question_that_makes_no_sense_is_said_so(page: Page) -> None:
    page.open("#/ask?to=nowhere/nothing")
    page.until(lambda: page.all(".notice.bad"))
    page.browser.get_log("browser")


def test_what_the_names_say_is_text(page: Page) -> None:
    page.open(f"#/ask?ws=hostile&go=1&to={HOSTILE.replace(' ', '%20')}/{HOSTILE.replace(' ', '%20')}")
    page.until(lambda: page.all(".card, .notice.bad, .empty, .scrolled"))
    assert page.all("img") == []
    page.browser.get_log("browser")


def test_advice_recomputes_as_inputs_change(page: Page) -> None:
    page.open("#/advise")
    page.until(lambda: page.one(".hero h2").text == "Istio with sidecars")
    assert "at the stated load" not in page.text
    page.one("#rps").send_keys("500")
    page.until(lambda: "at the stated load" in page.text)
    assert "rps=500" in page.hash
    assert page.one("input[type=range]").get_attribute("value") != "0"
    page.one("input[value=sidecarless]").click()
    page.until(lambda: page.one(".hero h2").text == "Istio ambient")
    page.open(page.hash)
    page.until(lambda: page.one(".hero h2").text == "Istio ambient")


def test_a_slider_is_drawn_with_the_keyboard(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open("#/advise")
    page.one(".hero h2")
    page.one("input[type=range]").send_keys(Keys.ARROW_RIGHT * 10)
    page.until(lambda: page.one("#rps").get_attribute("value"))
    page.until(lambda: "at the stated load" in page.text)


def test_prices_give_money(page: Page) -> None:
    page.open("#/advise?cpu-price=20&memory-price=3")
    page.until(lambda: "Money a month" in page.text)


def test_a_share_beyond_what_is_requested_is_told_in_words(page: Page) -> None:
    page.open("#/advise?rps=100000000")
    page.until(lambda: "at the stated load" in page.text)
    shares = [one.text for one in page.all(".bars") if one.text.startswith("Share")]
    assert all("%" in one for one in shares)
    assert not [word for one in shares for word in one.split() if word[0].isdigit() and float(word) > 100]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1600])
@pytest.mark.parametrize(
    "place", ["#/ask?to=ratings&go=1", "#/ask?what=route&from=productpage&host=reviews", "#/advise?rps=500"]
)
def test_everybody_can_read_it(page: Page, place: str, width: int, scheme: str) -> None:
    page.open(place, width, scheme)
    page.one(".card, .hero")
    assert page.violations() == []
    assert page.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")

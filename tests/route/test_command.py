"""`meshlint route` as users call it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import pytest

from meshlint.cli.target import Target, read_target
from tests.e2e.running import Done, meshlint, run, write
from tests.route.worlds import NAMESPACE, REVIEWS, WEB
from tests.shared import PROJECT

BOOKINFO = str(PROJECT / "examples" / "bookinfo")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path, namespace=NAMESPACE, web=WEB, reviews=REVIEWS)


def route(*arguments: str, at: Path) -> Done:
    return meshlint("route", *arguments, at=at)


def test_a_way_from_manifests_elsewhere(tmp_path: Path) -> None:
    done = route(BOOKINFO, "--from", "productpage", "reviews:9080/x", at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "GET http://reviews:9080/x" in done.out
    assert "fails with status 503" in done.out


def test_this_directory_is_the_default_and_a_url_is_a_target(shop: Path) -> None:
    done = route("--from", "web", "http://reviews/", "--format", "json", at=shop)
    data = json.loads(done.out)
    assert (done.code, data["request"]["url"], data["reaches"]) == (0, "http://reviews:80/", True)


def test_all_rules_for_a_host(tmp_path: Path) -> None:
    done = route(BOOKINFO, "--from", "productpage", "--all", "reviews", at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "Rules for reviews:9080" in done.out
    data = json.loads(
        route(BOOKINFO, "--from", "productpage", "--all", "reviews", "--format", "json", at=tmp_path).out
    )
    assert [row["reach"] for row in data["table"]["rows"]] == ["whole"]
    assert route(BOOKINFO, "--from", "productpage", "--all", "reveiws", at=tmp_path).code == 1


def test_standard_input_is_a_path(shop: Path) -> None:
    text = "---".join((NAMESPACE, WEB, REVIEWS)).encode()
    done = meshlint("route", "-", "--from", "web", "reviews", at=shop / "..", stdin=text)
    assert (done.code, done.err) == (0, "")
    assert "<stdin>:" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--from", "web", "reveiws"), 1, 'Did you mean "reviews"?'),
        (("--from", "web", "reviews:81"), 1, "has no port 81"),
        (("--from", "web", "example.org"), 0, "passes through"),
    ],
)
def test_the_exit_code_tells_whether_anything_is_reached(
    shop: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = route(*arguments, at=shop)
    assert (done.code, done.err) == (code, "")
    assert words in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing argument 'TARGET'"),
        (("reviews",), "Missing option '--from'"),
        ((".", "--from", "web"), "TARGET comes last"),
        (("./", "--from", "web"), '"./" is a path'),
        (("web.yaml", "--from", "web"), '"web.yaml" is a path'),
        (("web.yaml", "-", "--from", "web"), '"-" is a path'),
        (("nothing/", "reviews", "--from", "web"), '"nothing/" does not exist'),
        (("--from", "wbe", "reviews"), '"wbe" is no workload in the manifests. Did you mean "web"?'),
        (("--from", "gateway/edge", "reviews"), "No Gateway is in them"),
        (("--from", "web", "reviews:http"), '"http" in "reviews:http" is no port'),
        (("--from", "web", "reviews:70000"), "must lie between 1 and 65535"),
        (("--from", "web", "ftp://reviews"), '"ftp" is no scheme'),
        (("--from", "web", "https://reviews", "--scheme", "http"), "contradicts"),
        (("--from", "web", "reviews", "-H", "x"), "must be written as NAME:VALUE"),
        (("--from", "web", "reviews", "--mesh", "istoi"), 'Did you mean "istio"?'),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said(
    shop: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = route(*arguments, at=shop)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_no_manifests(tmp_path: Path) -> None:
    done = route("--from", "web", "reviews", at=tmp_path)
    assert (done.code, done.out) == (4, "")


def test_whoever_asks_for_no_route_loads_nothing_of_it(tmp_path: Path) -> None:
    loaded = "[m for m in sys.modules if m.startswith(('meshlint.traffic', 'meshlint.reports.route.report'))]"
    done = run([sys.executable, "-c", f"import sys, meshlint.api; print({loaded})"], at=tmp_path)
    assert (done.code, done.out.strip()) == (0, "[]")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("reviews", Target("reviews", None, "/", None)),
        ("reviews:9080", Target("reviews", 9080, "/", None)),
        ("reviews/a/b?q=1#x", Target("reviews", None, "/a/b?q=1", None)),
        ("reviews?q=1", Target("reviews", None, "/?q=1", None)),
        ("HTTPS://Shop.test:8443/", Target("Shop.test", 8443, "/", "https")),
        ("[2001:db8::1]:80/x", Target("2001:db8::1", 80, "/x", None)),
        ("10.0.0.1:80", Target("10.0.0.1", 80, "/", None)),
    ],
)
def test_targets(text: str, target: Target) -> None:
    assert read_target(text) == target


@pytest.mark.parametrize("text", ["", "/a", ":80", "http://", "user@host", "a:b:c"])
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(click.UsageError):
        read_target(text)

"""`meshlint access` as users call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.access.test_matrix import CART, GUARD, IN, WEB
from tests.e2e.running import Done, meshlint, run, write
from tests.shared import PROJECT

BOOKINFO = str(PROJECT / "examples" / "bookinfo")
GET = ("-X", "GET", "--path", "/items/1")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path, mesh="---\n".join((IN, WEB, *CART, GUARD)))


def access(*arguments: str, at: Path, stdin: bytes = b"") -> Done:
    return meshlint("access", *arguments, at=at, stdin=stdin)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--to", "cart"), 0),
        (("--from", "outside"), 0),
        (("--from", "web", "--to", "cart", *GET), 0),
        (("--from", "web", "--to", "cart:80", *GET), 0),
        (("--from", "web", "--to", "cart", "--port", "http", *GET), 0),
        (("--from", "web", "--to", "cart"), 1),
        (("--from", "web", "--to", "cart", *GET, "--provider", "deny"), 0),
        (("--from", "web", "--to", "cart", "-X", "PUT"), 1),
        (("--from", "outside", "--to", "cart", *GET), 1),
        (("--from", "wbe", "--to", "cart"), 2),
        (("--to", "cart:81x"), 2),
        (("--to", "cart:80", "--port", "81"), 2),
        (("--claim", "iss"), 2),
        (("--source-ip", "10.0.0.300"), 2),
        (("--mesh", "istoi"), 2),
    ],
)
def test_the_exit_code_is_the_verdict(shop: Path, arguments: tuple[str, ...], code: int) -> None:
    done = access(*arguments, at=shop)
    assert done.code == code, done
    assert bool(done.err) == (code == 2)


def test_an_unknown_name_is_answered_with_the_nearest(shop: Path) -> None:
    assert 'Did you mean "cart"?' in access("--to", "crat", at=shop).err


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    assert access(at=tmp_path).code == 4
    assert access("-", at=tmp_path).code == 4


def test_standard_input_and_json(tmp_path: Path) -> None:
    text = "---\n".join((IN, WEB, *CART, GUARD)).encode()
    done = access("-", "--to", "cart", "--format", "json", at=tmp_path, stdin=text)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["to"] == "cart"


def test_claims_and_headers_are_part_of_the_request(tmp_path: Path) -> None:
    rule = (
        "{rules: [{when: [{key: 'request.auth.claims[realm][roles]', values: [admin]},"
        " {key: 'request.headers[x-a]', values: ['2']}]}]}"
    )
    policy = GUARD.partition("spec:")[0] + f"spec: {rule}\n"
    write(tmp_path, mesh="---\n".join((IN, WEB, *CART, policy)))
    asked = ("--from", "web", "--to", "cart", "-X", "GET")
    given = ("--claim", "realm[roles]=user", "--claim", "realm[roles]=admin", "-H", "x-a: 1", "-H", "X-A:2")
    assert access(*asked, *given, at=tmp_path).code == 0
    assert "depends on" not in access(*asked, "--exact", at=tmp_path).out
    assert "denied" in access(*asked, "--exact", at=tmp_path).out
    assert "in part" in access(*asked, at=tmp_path).out


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    words = f"{__import__('sys').executable} -m meshlint access {BOOKINFO} --why | head -1"
    done = run(["sh", "-c", words], at=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("FROM")

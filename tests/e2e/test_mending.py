"""What `--fix` and its kin do to files, and say."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.e2e.running import meshlint

BAD = """\
# the routes of the shop
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata:
  name: reviews   # the name
  namespace: shop
spec:
  hots:  # who
  - 'reviews'
  http:
  - route:
    - destination: {host: reviews, port: {number: "9080"}}
"""
GOOD = BAD.replace("hots", "hosts").replace('"9080"', "9080")
OPEN = """\
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: PERMISSIVE}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "routes.yaml").write_text(BAD)
    (tmp_path / "open.yaml").write_text(OPEN)
    return tmp_path


def test_diff_shows_and_writes_nothing(shop: Path) -> None:
    done = meshlint("check", "--diff", at=shop)
    assert done.code == 1
    assert "-  hots:  # who\n+  hosts:  # who" in done.out
    assert "Would mend 2 findings in 1 file." in done.err
    assert (shop / "routes.yaml").read_text() == BAD


def test_fix_mends_and_tells_what_is_left(shop: Path) -> None:
    done = meshlint("check", "--fix", "-o", "concise", at=shop)
    assert (shop / "routes.yaml").read_text() == GOOD
    assert "Mended 2 findings in 1 file." in done.err
    assert "MTLS002" in done.out
    assert "SCHEMA" not in done.out
    assert done.code == 1
    again = meshlint("check", "--diff", at=shop)
    assert (again.code, again.out) == (0, "")


def test_what_decides_something_has_to_be_asked_for(shop: Path) -> None:
    meshlint("check", "--fix", at=shop)
    assert (shop / "open.yaml").read_text() == OPEN
    done = meshlint("check", "--unsafe-fixes", "-v", at=shop)
    assert (shop / "open.yaml").read_text() == OPEN.replace("PERMISSIVE", "STRICT")
    assert 'MTLS002: write "STRICT" for "PERMISSIVE"' in done.err
    assert done.code == 0


def test_only_what_is_selected_and_not_held_back_is_mended(shop: Path) -> None:
    meshlint("check", "--fix", "--select", "SCHEMA002", at=shop)
    assert (shop / "routes.yaml").read_text() == BAD.replace('"9080"', "9080")
    meshlint("baseline", at=shop)
    meshlint("check", "--fix", at=shop)
    assert "hots" in (shop / "routes.yaml").read_text()
    meshlint("check", "--fix", "--no-baseline", at=shop)
    assert (shop / "routes.yaml").read_text() == GOOD


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_all_other_bytes_stay(shop: Path, head: bytes, ending: bytes) -> None:
    path = shop / "routes.yaml"
    path.write_bytes(head + BAD.encode().replace(b"\n", ending))
    path.chmod(0o640)
    os.link(path, shop / "twin.txt")
    meshlint("check", "--fix", at=shop)
    assert path.read_bytes() == head + GOOD.encode().replace(b"\n", ending)
    assert (shop / "twin.txt").read_bytes() == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_fix_that_would_bring_up_something_else_is_left_alone(shop: Path) -> None:
    (shop / "rule.yaml").write_text(
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
        "metadata: {name: reviews, namespace: shop}\nspec:\n  host: reviews\n"
        "  subsets: [{name: v1, labels: {version: v1}}]\n"
    )
    routes = GOOD.replace("port: {number: 9080}", "subst: v9")
    (shop / "routes.yaml").write_text(routes)
    done = meshlint("check", "--fix", at=shop)
    assert (shop / "routes.yaml").read_text() == routes
    assert "Left alone: routes.yaml:12" in done.err
    assert 'rename "subst" to "subset"' in done.err


def test_ignores_are_added_where_the_findings_are(shop: Path) -> None:
    done = meshlint("check", "--add-ignores", "until the move", "-o", "concise", at=shop)
    assert (done.code, done.out) == (0, "")
    assert "  # meshlint: ignore[SCHEMA001] until the move\n  hots:" in (shop / "routes.yaml").read_text()
    assert "# meshlint: ignore[MTLS002] until the move\n  mtls: {" in (shop / "open.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--add-ignores", " "), "needs a reason"),
        (("--add-ignores", "x", "--fix"), "Take one of them"),
        (("--fix", "-"), "standard input cannot be mended"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Path, arguments: tuple[str, ...], words: str) -> None:
    done = meshlint("check", *arguments, at=shop)
    assert (done.code, words in done.err) == (2, True)


def test_a_kustomized_set_is_mended_in_its_bases(tmp_path: Path) -> None:
    base, overlay = tmp_path / "base", tmp_path / "overlay"
    base.mkdir()
    overlay.mkdir()
    (base / "kustomization.yaml").write_text("resources: [routes.yaml]\n")
    (base / "routes.yaml").write_text(BAD)
    (overlay / "kustomization.yaml").write_text("resources: [../base]\nnamespace: prod\n")
    meshlint("check", "--fix", at=tmp_path)
    assert (base / "routes.yaml").read_text() == GOOD

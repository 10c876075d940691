"""The page as it is served: its files, its policy, who may have it, and what it is built of."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from meshlint.serve.http.page import PAGE_PATHS
from meshlint.serve.security.tokens import Role, new_token
from tests.serve.conftest import BOOKINFO, Running
from tests.shared import PROJECT

WEB = PROJECT / "web"
BUILT = PROJECT / "meshlint" / "serve" / "page"
SOURCES = ("index.html", "icon.svg", "build.mjs", "package.json", "package-lock.json", "tsconfig.json")


def test_it_is_served_under_a_policy_that_lets_nothing_in(service: Running) -> None:
    with service.client() as client:
        for path in PAGE_PATHS:
            answer = client.get(path)
            assert answer.status_code == 200
            policy = dict(
                part.partition(" ")[::2] for part in answer.headers["content-security-policy"].split("; ")
            )
            assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
            assert policy["require-trusted-types-for"] == "'script'"
            assert answer.headers["x-content-type-options"] == "nosniff"
            again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
        assert client.post("/").status_code == 405
        assert client.get("/page/index.html").status_code == 404


def test_it_holds_no_inline_script_or_style_and_names_no_other_host() -> None:
    markup = (BUILT / "index.html").read_text(encoding="utf-8")
    assert markup.count("<script") == markup.count("<script src=") == 1
    assert "<style" not in markup
    assert "style=" not in markup
    for name in ("index.html", "page.css"):
        assert "//" not in (BUILT / name).read_text(encoding="utf-8").replace("http://www.w3.org", "")


def test_the_page_is_had_without_a_token_and_no_answer_is(
    serving: Callable[..., Running], tmp_path: Path
) -> None:
    token, line = new_token(Role.READ, "reader")
    (tmp_path / "tokens").write_text(line + "\n", encoding="utf-8")
    running = serving(str(BOOKINFO), "--tokens", str(tmp_path / "tokens"))
    with running.client() as client:
        assert client.get("/").status_code == 200
        assert client.get("/v1/workspaces").status_code == 401
        assert client.post("/v1/check", json={"workspace": "default"}).status_code == 401
    with running.client(token) as client:
        assert client.get("/v1/workspaces", headers={"host": "meshlint.example"}).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "localhost:1", "[::1]:8080", "127.0.0.1"])
def test_this_machine_may_be_called_by_its_names(service: Running, host: str) -> None:
    with service.client() as client:
        assert client.get("/v1/workspaces", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "8.8.8.8"])
def test_a_name_that_was_made_to_lead_here_is_refused(service: Running, host: str) -> None:
    with service.client() as client:
        for path in ("/", "/v1/workspaces", "/healthz"):
            assert client.get(path, headers={"host": host}).status_code == 421


def test_lines_are_those_of_the_files_that_were_read(service: Running) -> None:
    with service.client() as client:
        told = {
            "workspace": "default",
            "place": ["policies.yaml:8", "traffic.yaml:1-3", "/etc/passwd:1"],
            "around": 1,
        }
        answer = client.post("/v1/lines", json=told).json()
    lines = (BOOKINFO / "policies.yaml").read_text(encoding="utf-8").splitlines()
    first, second, outside = answer["excerpts"]
    assert first == {"file": "policies.yaml", "first": 7, "lines": lines[6:9]}
    assert (second["first"], len(second["lines"])) == (1, 4)
    assert outside["lines"] == []


@pytest.mark.parametrize("place", ["a.yaml", "a.yaml:", "a.yaml:x", ":1"])
def test_what_is_no_place_is_said_so(service: Running, place: str) -> None:
    with service.client() as client:
        answer = client.post("/v1/lines", json={"workspace": "default", "place": [place]})
        assert answer.status_code == 422
        assert client.post("/v1/lines", json={"workspace": "default"}).status_code == 400


SECRETS = {
    "plain": "data:\n  token: c2VjcmV0\n  other: c2VjcmV0\ntype: Opaque\n",
    "flow": "stringData: {token: secret-a, other: secret-b}\n",
    "block": "stringData:\n  token: |\n    secret-a\n    secret-b\ntype: Opaque\n",
    "broken": "stringData:\n  token: secret-a\n  bad: [secret-b\n",
    "applied": "stringData: {}\n",
    "json": json.dumps({"stringData": {"token": "secret-a"}}),
}


@pytest.mark.parametrize("form", SECRETS)
def test_what_a_secret_holds_is_not_shown(service: Running, form: str) -> None:
    text = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{SECRETS[form]}"
    if form == "json":
        text = json.dumps(
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, **json.loads(SECRETS[form])}
        )
    if form == "applied":
        applied = json.dumps(json.dumps({"kind": "Secret", "data": {"token": "secret-a"}}))
        text = text.replace(
            "{name: a}",
            f"\n  name: a\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: {applied}",
        )
    other = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n"
    files = {"a.yaml": text, "b.yaml": other}
    with service.client() as client:
        told = {"files": files, "place": ["a.yaml:1-30", "b.yaml:1"], "around": 9}
        hidden, plain = client.post("/v1/lines", json=told).json()["excerpts"]
    assert "secret" not in "\n".join(hidden["lines"])
    assert "c2Vj" not in "\n".join(hidden["lines"])
    assert plain["lines"] == other.splitlines()


def test_what_is_built_is_built_of_these_sources() -> None:
    paths = [
        *SOURCES,
        *(path.relative_to(WEB).as_posix() for path in (WEB / "src").rglob("*") if path.is_file()),
    ]
    total = sha256()
    for path in sorted(paths):
        total.update(f"{path} {sha256((WEB / path).read_bytes()).hexdigest()}\n".encode())
    built = (BUILT / "built-of.txt").read_text(encoding="ascii").strip()
    assert built == total.hexdigest(), "the page is stale: make page"


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in one for one in lock["packages"].values())
    assert all("integrity" in one for name, one in lock["packages"].items() if name)


def test_a_build_from_the_lock_file_gives_the_same_bytes(tmp_path: Path) -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("Node is not installed: nobody builds the page anew")
    here = tmp_path / "web"
    shutil.copytree(WEB, here, ignore=shutil.ignore_patterns("node_modules"))
    installed = subprocess.run(["npm", "ci"], cwd=here, capture_output=True, text=True)
    if installed.returncode:
        pytest.skip(
            f"the packages of the page cannot be had, so nobody builds it anew: {installed.stderr[-300:]}"
        )
    subprocess.run(["npm", "run", "check"], cwd=here, check=True, capture_output=True)
    subprocess.run(["node", "build.mjs", str(tmp_path / "page")], cwd=here, check=True, capture_output=True)
    assert contents(tmp_path / "page") == contents(BUILT), "the page is stale: make page"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}

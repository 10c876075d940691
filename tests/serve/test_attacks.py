"""What a hostile caller tries: bombs, escapes, floods, guesses and nonsense."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import signal
import socket
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshlint.serve.faults import Fault
from meshlint.serve.limits import MEBIBYTE, Limits
from meshlint.serve.uploads.archive import files_in_archive
from meshlint.serve.uploads.names import refuse_collisions, safe_name
from tests.advisor.workloads import services
from tests.serve.conftest import BOOKINFO, Running

SMALL = Limits(unpacked=MEBIBYTE, file=MEBIBYTE // 2, files=20, depth=4, name=100)
SECRET = "the-secret-beside-the-set"
MARKUP = "<img src=x onerror=alert(1)>"


def archive(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as out:  # type: ignore[call-overload]
        for member, data in members:
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def refused(body: bytes, limits: Limits = SMALL) -> int:
    with pytest.raises(Fault) as fault:
        files_in_archive(body, limits)
    return fault.value.problem.status


OUT = (
    "../a", "/etc/passwd", "a/../../b", "a//b", "a/./b", "..", "a\\b", "C:/a", "a\x00b", "a\x1b[31m",
    "a/b/c/d/e", "x" * 200,
)  # fmt: skip


class TestArchives:
    def test_plain_files_come_out(self) -> None:
        assert files_in_archive(archive((named("./a/b.yaml"), b"x")), SMALL) == {"a/b.yaml": b"x"}

    @pytest.mark.parametrize("name", OUT)
    def test_names_that_lead_out_are_refused(self, name: str) -> None:
        with pytest.raises(Fault) as fault:
            safe_name(name, SMALL)
        assert fault.value.problem.status == 400
        if "\x00" not in name:
            assert refused(archive((named(name), b"x"))) == 400

    @pytest.mark.parametrize(
        "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
    )
    def test_whatever_is_no_plain_file_is_refused(self, kind: bytes) -> None:
        assert refused(archive((named("a.yaml", kind, "/etc/passwd"), b""))) == 400

    def test_a_sparse_file_is_refused(self) -> None:
        member = named("a.yaml")
        member.pax_headers = {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.realsize": "9999999",
        }
        assert refused(archive((member, b"0\n" + b"\0" * 510))) == 400

    def test_an_archive_that_explodes_ends_at_the_bound(self) -> None:
        bomb = gzip.compress(b"\0" * (200 * MEBIBYTE), mtime=0)
        began = time.monotonic()
        assert files_in_archive(bomb, SMALL) == {}, "nothing but the end of an archive"
        big = archive((named("a.yaml"), b"\0" * (MEBIBYTE * 40)))
        assert len(big) < 100_000
        assert refused(big) == 413
        assert time.monotonic() - began < 5

    def test_an_archive_in_an_archive_is_a_file(self) -> None:
        inner = archive((named("b.yaml"), b"x"))
        assert files_in_archive(archive((named("a.tgz"), inner)), SMALL) == {"a.tgz": inner}

    def test_too_many_files_and_folders_are_refused(self) -> None:
        assert refused(archive(*((named(f"{n}.yaml"), b"") for n in range(21)))) == 413
        assert refused(archive(*((named(f"{n}", tarfile.DIRTYPE), b"") for n in range(100)))) == 413

    def test_names_that_collide_are_refused(self) -> None:
        assert refused(archive((named("a"), b"1"), (named("a"), b"2"))) == 400
        with pytest.raises(Fault):
            refuse_collisions(["a", "a/b.yaml"])

    @pytest.mark.parametrize(
        "body", [b"", b"x" * 100, gzip.compress(b"x" * 2000, mtime=0), b"\x1f\x8b" + b"\0" * 50]
    )
    def test_what_is_no_archive_is_refused(self, body: bytes) -> None:
        assert refused(body) == 400

    @settings(max_examples=60)
    @given(st.data())
    def test_a_damaged_archive_is_refused_or_read(self, data: st.DataObject) -> None:
        body = bytearray(gzip.decompress(archive((named("a.yaml"), b"x" * 700), (named("b.yaml"), b"y"))))
        for _ in range(data.draw(st.integers(1, 5))):
            body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
        status, found = status_of(gzip.compress(bytes(body), mtime=0))
        assert status in (0, 400, 413)
        assert all(".." not in name.split("/") and not name.startswith("/") for name in found)


def status_of(body: bytes) -> tuple[int, dict[str, bytes]]:
    try:
        return 0, files_in_archive(body, SMALL)
    except Fault as fault:
        return fault.problem.status, {}


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}]\n"
    for n in range(20)
)
BOMBS = {
    "laughs": LAUGHS,
    "deep": "a: " + "[" * 50_000,
    "deep mapping": "".join(f"{' ' * n}a:\n" for n in range(3000)),
    "many documents": "---\n{}\n" * 200_000,
    "merge keys": "a: &a {b: 1}\n" + "c: {<<: [" + "*a, " * 20_000 + "*a]}\n",
    "wide": "a: [" + "1, " * 300_000 + "1]\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_of_yaml_take_nobody_down(service: Running, name: str) -> None:
    with service.client() as client:
        answer = client.post("/v1/check", json={"files": {"a.yaml": BOMBS[name]}})
        assert answer.status_code in (200, 413, 422), answer.text
        assert client.get("/healthz").is_success


def test_a_body_that_is_too_large_is_refused_before_it_is_read(service: Running) -> None:
    with service.client() as client:
        answer = client.post("/v1/check", content=b"x" * (17 * MEBIBYTE))
        assert answer.status_code == 413

        def endless() -> Iterator[bytes]:
            for _ in range(64):
                yield b"x" * MEBIBYTE

        assert status_or_closed(client, endless()) in (0, 413)
        assert client.get("/healthz").is_success


def status_or_closed(client: httpx.Client, content: Iterator[bytes]) -> int:
    """The status, or 0 where the connection was closed on who was still sending."""
    try:
        return client.post("/v1/check", content=content).status_code
    except httpx.HTTPError:
        return 0


def test_json_that_is_nested_without_end_is_refused(service: Running) -> None:
    with service.client() as client:
        for body in (b"[" * 200_000, b'{"files":' * 100_000, b'{"files": {"a": NaN}}', b'{"a": 1e999999}'):
            answer = client.post("/v1/check", content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 400


def huge() -> dict[str, str]:
    """Half a minute of work and more than half a gigabyte, in files none of which is too large to be read."""
    documents = services(30_000)["services.yaml"].split("---\n")
    return {f"{n}.yaml": "---\n".join(documents[n::6]) for n in range(6)}


@pytest.mark.parametrize(
    ("bounds", "statuses"),
    [
        (("--seconds", "1", "--memory", "16384"), {504}),
        (("--seconds", "120", "--memory", "64"), {413, 503}),
    ],
    ids=("time", "memory"),
)
def test_a_question_that_takes_too_much_dies_alone(
    serving: Callable[..., Running], bounds: tuple[str, ...], statuses: set[int]
) -> None:
    running = serving(*bounds)
    workers = running.children()
    with running.client() as client:
        assert client.post("/v1/graph", json={"files": huge()}).status_code in statuses
        assert client.post("/v1/graph", json={"files": services(2)}).status_code == 200
    assert running.children() == workers


def test_workers_that_are_killed_are_replaced(serving: Callable[..., Running]) -> None:
    running = serving(str(BOOKINFO))
    for family in ("MTLS", "AUTHZ"):
        for pid in running.children():
            os.kill(pid, signal.SIGKILL)
        with running.client() as client:
            for body in ({"workspace": "default", "select": [family]}, {"files": services(2)}):
                statuses = {client.post("/v1/check", json=body).status_code for _ in range(2)}
                assert statuses <= {200, 503}
                assert client.post("/v1/check", json=body).status_code == 200


def test_too_many_questions_are_told_to_come_back(serving: Callable[..., Running]) -> None:
    running = serving("--workers", "1", "--waiting", "2")
    answers: list[httpx.Response] = []
    clients = [running.client() for _ in range(12)]

    def ask(client: httpx.Client) -> None:
        answers.append(client.post("/v1/check", json={"files": services(60)}))

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for client in clients:
        client.close()
    statuses = {one.status_code for one in answers}
    assert len(answers) == 12
    assert statuses == {200, 429}
    assert all(int(one.headers["retry-after"]) >= 1 for one in answers if one.status_code == 429)


def test_slow_connections_are_bounded_and_make_room(serving: Callable[..., Running]) -> None:
    running = serving("--connections", "60")
    url = httpx.URL(running.url)
    held = []
    for _ in range(400):
        one = socket.create_connection((url.host, url.port or 0))
        one.sendall(b"POST /v1/check HTTP/1.1\r\nHost: a\r\n")
        held.append(one)
    time.sleep(0.5)
    with running.client() as client:
        assert client.get("/healthz").is_success
    time.sleep(0.5)
    still_open = 0
    for one in held:
        one.settimeout(0.01)
        try:
            still_open += one.recv(1) != b""
        except TimeoutError:
            still_open += 1
        except OSError:
            pass
        one.close()
    assert still_open <= 60


def test_a_head_that_never_ends_is_cut_off(serving: Callable[..., Running]) -> None:
    running = serving()
    url = httpx.URL(running.url)
    with socket.create_connection((url.host, url.port or 0)) as one:
        one.sendall(b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 100_000)
        one.settimeout(15)
        assert b"200" not in one.recv(1000)


def test_no_file_of_the_server_can_be_read(service: Running, tmp_path: Path) -> None:
    """Whatever a set refers to outside of itself is not there."""
    beside = tmp_path / "beside"
    beside.mkdir()
    secret = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {SECRET}}}\n"
    (beside / "secret.yaml").write_text(secret, encoding="utf-8")
    (beside / "kustomization.yaml").write_text("resources: [secret.yaml]\n", encoding="utf-8")
    ways = [str(beside), f"../../../../../../../..{beside}", f"file://{beside}", f"{beside}/secret.yaml"]
    kustomization = json.dumps({
        "resources": ways, "components": ways, "patches": [{"path": f"{beside}/secret.yaml"}],
        "configMapGenerator": [{"name": "a", "files": [f"{beside}/secret.yaml"], "envs": ways}],
    })  # fmt: skip
    config = json.dumps({"crds": ways, "paths": ways, "exclude": ways})
    flux = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\n"
        f"spec: {{path: '{ways[1]}', sourceRef: {{kind: GitRepository, name: c}}}}\n"
    )
    files = {
        "kustomization.yaml": kustomization,
        "flux.yaml": flux,
        "meshlint.yaml": config,
        "a.yaml": secret[:40],
    }
    with service.client() as client:
        for verb in ("check", "access", "graph", "advise"):
            for accept in ("application/json", "text/plain"):
                answer = client.post(f"/v1/{verb}", json={"files": files}, headers={"accept": accept})
                assert SECRET not in answer.text
        for path in (
            "/v1/rules/..%2f..%2fpyproject.toml",
            "/v1/workspaces/..%2f..",
            "/v1/rules/%2fetc%2fpasswd",
        ):
            assert client.get(path).status_code in (400, 404)


def test_no_answer_tells_a_path_of_the_server(service: Running) -> None:
    with service.client() as client:
        texts = [
            client.get("/v1/workspaces").text,
            client.get("/metrics").text,
            client.get("/openapi.json").text,
        ]
        for verb in ("check", "graph", "advise", "access"):
            for accept in ("application/json", "text/plain", "application/sarif+json"):
                answer = client.post(f"/v1/{verb}", json={"workspace": "default"}, headers={"accept": accept})
                texts.append(answer.text)
    assert all(str(BOOKINFO.parent) not in text for text in texts)


HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
    "cache-control",
)


def test_every_answer_has_its_headers_and_none_lets_other_origins_in(service: Running) -> None:
    with service.client() as client:
        for method, path in (
            ("GET", "/healthz"),
            ("GET", "/none"),
            ("POST", "/v1/check"),
            ("OPTIONS", "/v1/check"),
        ):
            answer = client.request(method, path, headers={"origin": "https://evil.test"})
            assert all(name in answer.headers for name in HEADERS)
            assert not [name for name in answer.headers if name.startswith("access-control-")]
            assert "server" not in answer.headers


def test_nothing_that_was_sent_comes_back_as_markup(service: Running) -> None:
    files = {"a.yaml": f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: '{MARKUP}'}}\n"}
    with service.client() as client:
        answers = [
            client.get(f"/v1/rules/{MARKUP}"),
            client.get(f"/{MARKUP}"),
            client.post("/v1/check", json={"files": files}),
            client.post("/v1/check", json={"files": files, MARKUP: MARKUP}),
            client.post("/v1/graph", json={"files": files}, headers={"accept": "text/plain"}),
            client.get("/healthz", headers={"x-request-id": MARKUP}),
        ]
    for answer in answers:
        assert not answer.headers["content-type"].startswith("text/html")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert MARKUP not in answer.headers["x-request-id"]
    assert MARKUP not in answers[0].text + answers[1].text + answers[3].text


TOKENS = {"reader": "r" * 43, "writer": "w" * 43}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    from tests.serve.conftest import started

    file = tmp_path_factory.mktemp("tokens") / "tokens"
    lines = [
        f"{role} {name} {hashlib.sha256(TOKENS[name].encode()).hexdigest()}"
        for role, name in (("read", "reader"), ("write", "writer"))
    ]
    file.write_text("# who may ask\n" + "\n".join(lines) + "\n", encoding="utf-8")
    running = started(str(BOOKINFO), "--tokens", str(file))
    yield running
    running.stop()


def test_who_has_no_token_gets_nothing(guarded: Running) -> None:
    with guarded.client() as client:
        for path in ("/v1/rules", "/metrics", "/openapi.json", "/v1/workspaces", "/none"):
            assert client.get(path).status_code == 401
        assert client.post("/admission", json={}).status_code == 401
        assert client.get("/healthz").is_success
        assert client.get("/readyz").is_success


def test_a_wrong_token_tells_nothing_of_what_was_wrong(guarded: Running) -> None:
    near = TOKENS["writer"][:-1] + "x"
    given = ["", "Bearer", f"Bearer {near}", "Bearer x", f"Basic {TOKENS['writer']}", "Bearer é"]
    told = set()
    with guarded.client() as client:
        for value in given:
            headers = [(b"authorization", value.encode("utf-8"))]
            answer = client.get("/v1/rules", headers=httpx.Headers(headers))
            body = {key: one for key, one in answer.json().items() if key != "request_id"}
            told.add((answer.status_code, answer.headers["www-authenticate"], json.dumps(body)))
    assert len(told) == 1
    assert next(iter(told))[0] == 401


def test_a_reader_may_ask_and_change_nothing(guarded: Running, bookinfo: dict[str, str]) -> None:
    with guarded.client(TOKENS["reader"]) as client:
        assert client.post("/v1/check", json={"workspace": "default"}).is_success
        assert client.put("/v1/workspaces/mine", json={"files": bookinfo}).status_code == 403
        assert client.delete("/v1/workspaces/default").status_code == 403
    with guarded.client(TOKENS["writer"]) as client:
        assert client.put("/v1/workspaces/mine", json={"files": bookinfo}).is_success
        assert client.delete("/v1/workspaces/mine").status_code == 204


def test_no_token_and_no_body_is_in_the_log(guarded: Running) -> None:
    with guarded.client(TOKENS["writer"]) as client:
        client.post("/v1/check", json={"files": {"a.yaml": f"data: {SECRET}"}}, params={"ignore": SECRET})
    time.sleep(0.5)
    log = json.dumps(guarded.events)
    assert '"caller": "writer"' in log
    assert SECRET not in log
    assert all(token not in log for token in TOKENS.values())


OPERATIONS = ("check", "access", "route", "graph", "advise")
NAMES = (
    "to", "from", "host", "port", "path", "method", "header", "select", "rps", "rps-for", "nodes", "claims",
    "workspace", "files", "namespace", "profile", "need", "assume", "istio-version", "exact", "all",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(("default", "reviews", "1", "Infinity", "1e400", "a: b", "../..")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(OPERATIONS),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
    st.booleans(),
)
def test_no_parameters_bring_out_a_failure(
    service: Running, verb: str, parameters: dict[str, Any], kept: bool
) -> None:
    body = {**parameters, **({"workspace": "default"} if kept else {})}
    with service.client() as client:
        answer = client.post(
            f"/v1/{verb}",
            content=json.dumps(body).encode("utf-8", "surrogatepass"),
            headers={"content-type": "application/json"},
        )
    assert answer.status_code < 500, (body, answer.text)


PATHS = ("/v1/check", "/v1/rules/x", "/v1/workspaces/x", "/admission", "/metrics", "/", "//", "/v1/..")
FIELDS = (
    "accept", "content-type", "content-length", "content-encoding", "authorization", "x-request-id", "range",
    "expect", "transfer-encoding", "host", "x-forwarded-for", "connection",
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "X" * 30)),
    st.sampled_from(PATHS),
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.binary(max_size=60).filter(lambda one: not set(one) & {0, 10, 13}),
        max_size=4,
    ),
    st.binary(max_size=200),
)  # fmt: skip
def test_no_headers_bring_out_a_failure(
    service: Running, method: str, path: str, headers: dict[str, bytes], body: bytes
) -> None:
    url = httpx.URL(service.url)
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers.items())
    with socket.create_connection((url.host, url.port or 0)) as one:
        one.settimeout(15)
        one.sendall(
            f"{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n".encode() + head + b"\r\n" + body
        )
        one.shutdown(socket.SHUT_WR)
        answer = one.recv(4096)
    assert not answer or int(answer.split()[1]) < 500, answer

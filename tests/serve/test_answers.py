"""The answers of the service are those of the command line, in every form and for every way of sending."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import tarfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from meshlint.api import rules
from meshlint.cli.process import run
from meshlint.serve.http.operations import operations
from meshlint.serve.questions.verbs import wanted_media
from tests.advisor.workloads import services
from tests.serve.conftest import BOOKINFO, Running
from tests.shared import PROJECT

SCHEMAS = PROJECT / "schemas"
BROKEN = "apiVersion: v1\nkind: Service\nmetadata: [\n"


def archive_of(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            data = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture
def of_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(*arguments: str) -> Any:
        monkeypatch.chdir(BOOKINFO)
        capsys.readouterr()
        run(list(arguments))
        return json.loads(capsys.readouterr().out)

    return ask


QUESTIONS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("check", {}, ["check", "-o", "json", "-q", "--no-config"]),
    ("check", {"select": ["MTLS"]}, ["check", "-o", "json", "-q", "--no-config", "--select", "MTLS"]),
    ("access", {}, ["access", "--format", "json"]),
    ("access", {"to": "reviews"}, ["access", "--format", "json", "--to", "reviews"]),
    (
        "route",
        {"from": "productpage", "host": "reviews", "header": ["end-user: jason"]},
        ["route", "--format", "json", "--from", "productpage", "-H", "end-user:jason", "reviews"],
    ),
    ("graph", {}, ["graph", "--format", "json"]),
    (
        "advise",
        {"rps": 100, "need": ["jwt"]},
        ["advise", "--format", "json", "--rps", "100", "--need", "jwt"],
    ),
]


@pytest.mark.parametrize(("verb", "parameters", "arguments"), QUESTIONS, ids=lambda one: str(one)[:30])
def test_answers_are_those_of_the_command_line(
    service: Running,
    bookinfo: dict[str, str],
    of_command_line: Any,
    verb: str,
    parameters: dict[str, Any],
    arguments: list[str],
) -> None:
    expected = of_command_line(*arguments)
    with service.client() as client:
        sent = client.post(f"/v1/{verb}", json={"files": bookinfo, **parameters})
        kept = client.post(f"/v1/{verb}", json={"workspace": "default", **parameters})
        archived = client.post(
            f"/v1/{verb}",
            content=archive_of(bookinfo),
            params=parameters,
            headers={"content-type": "application/gzip"},
        )
        formed = client.post(
            f"/v1/{verb}",
            files=[("file", (name, text.encode())) for name, text in bookinfo.items()],
            data={"parameters": json.dumps(parameters)},
        )
    for answer in (sent, kept, archived, formed):
        assert answer.status_code == 200, answer.text
        assert answer.json() == expected


@pytest.mark.parametrize(
    ("verb", "schema"),
    [
        (one.verb, one.verb.replace("check", "report").replace("advise", "advice"))
        for one in operations()
        if one.verb
    ],
)
def test_answers_keep_to_the_schemas(
    service: Running, bookinfo: dict[str, str], verb: str, schema: str
) -> None:
    file = SCHEMAS / f"{schema}.json"
    if not file.exists():
        pytest.skip(f"there is no schema of {verb}")
    told: dict[str, Any] = {"from": "productpage", "host": "reviews"} if verb == "route" else {}
    told |= {"before": {**bookinfo, "app.yaml": ""}} if verb == "diff" else {}
    with service.client() as client:
        answer = client.post(f"/v1/{verb}", json={"files": bookinfo, **told}).json()
    jsonschema.Draft202012Validator(json.loads(file.read_text(encoding="utf-8"))).validate(answer)


@pytest.mark.parametrize(
    ("verb", "accept", "begins"),
    [
        ("check", "application/sarif+json", "{"),
        ("check", "text/plain", "warning["),
        ("access", "text/plain", "FROM"),
        ("graph", "text/vnd.graphviz", "digraph"),
        ("graph", "text/vnd.mermaid", "flowchart"),
        ("advise", "text/markdown", "# Recommendation"),
        ("advise", "text/html, text/markdown;q=0.9, */*;q=0.1", "# Recommendation"),
    ],
)
def test_the_form_is_the_one_that_is_accepted(
    service: Running, bookinfo: dict[str, str], verb: str, accept: str, begins: str
) -> None:
    with service.client() as client:
        answer = client.post(f"/v1/{verb}", json={"files": bookinfo}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.text.startswith(begins)


def test_a_form_that_is_not_offered_is_said_so(service: Running, bookinfo: dict[str, str]) -> None:
    with service.client() as client:
        answer = client.post("/v1/route", json={"files": bookinfo}, headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [("", "a/b"), ("*/*", "a/b"), ("c/*", "c/d"), ("a/b;q=0, c/d", "c/d"), ("a/b;q=0.1, c/d;q=0.2", "c/d")],
)
def test_the_best_of_what_is_accepted_is_taken(accept: str, expected: str) -> None:
    assert wanted_media(accept, {"a/b": "1", "c/d": "2"}) == expected


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"files": {"a.yaml": "nothing: here\n"}}, 422, "no Kubernetes manifest"),
        ({}, 400, "not both"),
        ({"files": {"a.yaml": ""}, "workspace": "default"}, 400, "not both"),
        ({"workspace": "none"}, 404, "no workspace"),
        ({"workspace": "default", "profile": "loud"}, 400, '"profile" must be one of'),
        ({"workspace": "default", "loud": True}, 400, "unknown parameter"),
        ({"workspace": "default", "select": ["NOPE999"]}, 422, "NOPE999"),
        ({"files": {"meshlint.yaml": "selct: [MTLS]\n", "a.yaml": ""}}, 422, "selct"),
    ],
)
def test_what_makes_no_sense_is_told(service: Running, body: dict[str, Any], status: int, words: str) -> None:
    with service.client() as client:
        answer = client.post("/v1/check", json=body)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


def test_a_change_is_that_of_the_command_line(
    service: Running, bookinfo: dict[str, str], of_command_line: Any
) -> None:
    corrected = PROJECT / "examples" / "bookinfo-corrected"
    before = {path.name: path.read_text(encoding="utf-8") for path in sorted(corrected.glob("*.yaml"))}
    expected = sides_apart(of_command_line("diff", str(corrected), ".", "--format", "json"))
    assert expected["calls"]
    assert expected["findings"]["new"]
    forms = [
        {"before": before, "files": bookinfo},
        {"before": before, "workspace": "default"},
        {"workspace": "corrected", "files": bookinfo},
    ]
    parts = [("before", (name, text.encode())) for name, text in before.items()]
    parts += [("file", (name, text.encode())) for name, text in bookinfo.items()]
    with service.client() as client:
        assert client.put("/v1/workspaces/corrected", json={"files": before}).is_success
        answers = [client.post("/v1/diff", json=form) for form in forms]
        answers.append(client.post("/v1/diff", files=parts))
        answers.append(
            client.post(
                "/v1/diff?workspace=corrected",
                content=archive_of(bookinfo),
                headers={"content-type": "application/gzip"},
            )
        )
        markdown = client.post("/v1/diff", json=forms[0], headers={"accept": "text/markdown"}).text
        alone = client.post("/v1/diff", json={"files": bookinfo})
        stray = client.post("/v1/check", json={"files": bookinfo, "before": before})
        assert client.delete("/v1/workspaces/corrected").is_success
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert sides_apart(answer.json()) == expected
    assert markdown.startswith("# From before to after")
    assert (alone.status_code, stray.status_code) == (400, 400)


def sides_apart(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what its sides are called."""
    return {key: value for key, value in answer.items() if key not in ("base", "head")}


def test_a_set_without_a_configuration_is_read_with_the_other_one_s(service: Running) -> None:
    plain = {"a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n"}
    rule = (
        "id: ACME001\nname: own\nsummary: Of our own\nseverity: error\ncheck: forbid-object\n"
        "with: {kinds: [Service]}\n"
    )
    configured = {"meshlint.yaml": "rules: [own.yaml]\n", "own.yaml": rule}
    with service.client() as client:
        found = client.post("/v1/diff", json={"before": configured, "files": plain}).json()["findings"]["new"]
    assert "ACME001" in {one["rule"] for one in found}


def test_a_set_that_could_not_be_read_is_no_empty_mesh(service: Running, bookinfo: dict[str, str]) -> None:
    """A file of more values than are read is told by a check; no other question is answered without it."""
    many = "a: [" + "1," * 1_500_001 + "1]\n"
    with service.client() as client:
        for path in ("graph", "advise", "access"):
            large = client.post(f"/v1/{path}", json={"files": {**bookinfo, "many.yaml": many}})
            assert (large.status_code, "more than 1500000 values" in large.json()["detail"]) == (413, True)
            broken = client.post(f"/v1/{path}", json={"files": {"a.yaml": BROKEN}})
            assert (broken.status_code, "a.yaml" in broken.json()["detail"]) == (422, True)
        told = client.post("/v1/check", json={"files": {**bookinfo, "many.yaml": many}}).json()["findings"]
    assert any("more than 1500000 values" in one["message"] for one in told)


def test_the_configuration_of_a_set_counts(service: Running, bookinfo: dict[str, str]) -> None:
    with service.client() as client:
        files = {**bookinfo, "meshlint.yaml": "select: [MTLS]\n"}
        found = client.post("/v1/check", json={"files": files}).json()
    assert {one["rule"][:4] for one in found["findings"]} == {"MTLS"}


def test_rules_are_listed_and_explained(service: Running) -> None:
    with service.client() as client:
        listed = client.get("/v1/rules").json()
        page = client.get("/v1/rules/SUBSET001", headers={"accept": "text/markdown"})
        assert client.get("/v1/rules/subset-undefined").json()["id"] == "SUBSET001"
        assert client.get("/v1/rules/NOPE").status_code == 404
    ids = [one["id"] for one in (listed["rules"] if isinstance(listed, dict) else listed)]
    assert ids == [rule.id for rule in rules()]
    assert "SUBSET001" in page.text


def test_an_upload_is_kept_until_it_is_deleted(service: Running, bookinfo: dict[str, str]) -> None:
    with service.client() as client:
        put = client.put("/v1/workspaces/mine", json={"files": bookinfo})
        about = {key: value for key, value in put.json().items() if key != "revision"}
        assert about == {"name": "mine", "kind": "upload", "files": 3, "objects": 17}
        assert client.post("/v1/check", json={"workspace": "mine"}).status_code == 200
        assert client.put("/v1/workspaces/mine", json={"files": {"a.yaml": bookinfo["app.yaml"]}}).is_success
        assert client.get("/v1/workspaces/mine").json()["files"] == 1
        assert client.delete("/v1/workspaces/mine").status_code == 204
        assert client.get("/v1/workspaces/mine").status_code == 404
        assert client.delete("/v1/workspaces/default").status_code == 409
        assert client.put("/v1/workspaces/default", json={"files": bookinfo}).status_code == 409
        assert client.put("/v1/workspaces/A..", json={"files": bookinfo}).status_code == 400


def test_a_directory_that_changes_is_read_again(serving: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", encoding="utf-8"
    )
    running = serving(str(tmp_path))
    with running.client() as client:
        assert client.get("/v1/workspaces/default").json()["objects"] == 1
        (tmp_path / "b.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n", encoding="utf-8"
        )
        eventually(lambda: client.get("/v1/workspaces/default").json()["objects"] == 2)


def eventually(holds: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_health_readiness_metrics_and_the_document(service: Running) -> None:
    with service.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok"}
        text = client.get("/metrics").text
        document = client.get("/openapi.json").json()
    assert 'meshlint_requests_total{method="GET",route="/healthz",status="200"}' in text
    assert 'meshlint_workspace_objects{workspace="default"} 17.0' in text
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(one.method, one.path) for one in operations()}


def test_each_request_has_a_line_in_the_log_with_its_id(service: Running) -> None:
    with service.client() as client:
        answer = client.get("/healthz", headers={"x-request-id": "mine-1"})
        other = client.get("/healthz", headers={"x-request-id": "no id\x09with tab"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert other.headers["x-request-id"] != "no id\x09with tab"
    eventually(lambda: any(one.get("request_id") == "mine-1" for one in service.events))
    line = next(one for one in service.events if one.get("request_id") == "mine-1")
    assert (line["route"], line["method"], line["status"]) == ("/healthz", "GET", 200)


def test_a_service_that_is_told_to_stop_answers_what_was_asked(serving: Any) -> None:
    """One question is with the worker, which is held until the service has heard the signal; two wait."""
    running = serving("--workers", "1")
    (worker,) = running.children()
    answers: list[httpx.Response | httpx.HTTPError] = []

    def ask() -> None:
        with running.client() as client:
            try:
                answers.append(client.post("/v1/check", json={"files": services(2)}))
            except httpx.HTTPError as error:
                answers.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    os.kill(worker, signal.SIGSTOP)
    try:
        for thread in threads:
            thread.start()
        with running.client() as client:
            eventually(lambda: "meshlint_questions_waiting 2.0" in client.get("/metrics").text)
        running.process.send_signal(signal.SIGTERM)
        eventually(lambda: not listens(running))
        assert answers == []
    finally:
        os.kill(worker, signal.SIGCONT)
    for thread in threads:
        thread.join(60)
    assert [getattr(one, "status_code", one) for one in answers] == [200, 200, 200]
    assert running.process.wait(30) in (0, -signal.SIGTERM)


def listens(running: Running) -> bool:
    url = httpx.URL(running.url)
    try:
        socket.create_connection((url.host, url.port or 0), 5).close()
    except OSError:
        return False
    return True

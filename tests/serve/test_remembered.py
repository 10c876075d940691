"""Answers about workspaces are remembered as long as the workspace is what it was, and in bounds."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from meshlint.serve.http.remembered import Remembered
from tests.serve.conftest import BOOKINFO, Running


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    held = Remembered(10)
    held.keep("a", b"1234")
    held.keep("b", b"1234")
    assert held.get("a") == b"1234"
    held.keep("c", b"1234")
    assert (held.get("a"), held.get("b"), held.get("c")) == (b"1234", None, b"1234")


def test_what_is_larger_than_everything_is_not_kept_and_pushes_nothing_out() -> None:
    held = Remembered(10)
    held.keep("a", b"1234")
    held.keep("b", b"x" * 11)
    assert (held.get("a"), held.get("b")) == (b"1234", None)


def test_an_answer_that_is_given_again_counts_once() -> None:
    held = Remembered(10)
    for _ in range(9):
        held.keep("a", b"1234")
    held.keep("b", b"1234")
    assert (held.get("a"), held.get("b")) == (b"1234", b"1234")


def test_no_answer_is_good_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("meshlint.serve.http.remembered.time.monotonic", lambda: clock[0])
    held = Remembered(10)
    held.keep("a", b"1")
    clock[0] = 601.0
    assert held.get("a") is None


def test_the_same_question_is_answered_without_a_worker_and_another_is_not(
    serving: Callable[..., Running],
) -> None:
    running = serving(str(BOOKINFO), "--seconds", "2")
    asked: dict[str, Any] = {"workspace": "default", "select": ["MTLS"]}
    with running.client() as client:
        first = client.post("/v1/check", json=asked)
        workers = running.children()
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
        try:
            again = client.post("/v1/check", json=asked)
            other = client.post("/v1/check", json={**asked, "select": ["AUTHZ"]})
        finally:
            for pid in workers:
                os.kill(pid, signal.SIGCONT)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert other.status_code == 504


@pytest.mark.parametrize("between", ["nothing", "deleted"])
def test_what_was_put_anew_is_asked_anew(service: Running, between: str) -> None:
    head = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a, namespace: a}\n"
    with service.client() as client:
        found = []
        for word in ("PERMISSIVE", "STRICT"):
            files = {"a.yaml": f"{head}spec: {{mtls: {{mode: {word}}}}}\n"}
            client.put("/v1/workspaces/anew", json={"files": files})
            report = client.post("/v1/check", json={"workspace": "anew"}).json()
            found.append([one["rule"] for one in report["findings"]])
            if between == "deleted":
                client.delete("/v1/workspaces/anew")
        client.delete("/v1/workspaces/anew")
    assert found[0] == ["MTLS002"]
    assert "MTLS002" not in found[1]

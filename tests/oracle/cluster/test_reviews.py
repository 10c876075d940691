"""A real API server asks the service: what it denies, warns of and lets pass, and what is left behind."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.oracle.cluster.conftest import Door
from tests.oracle.cluster.control_plane import HERE, ControlPlane
from tests.serve.conftest import BOOKINFO
from tests.serve.test_admission import ANYBODY, route
from tests.serve.test_answers import eventually

pytestmark = pytest.mark.oracle

WRONG = route("v9")
DENIED = 'admission webhook "review.meshlint.dev" denied the request: meshlint: SUBSET001'


def names(plane: ControlPlane, kind: str) -> list[str]:
    return plane.kubectl("get", kind, "-n", "bookinfo", "-o", "name").stdout.split()


def test_what_kubectl_hears(door: Door, plane: ControlPlane) -> None:
    """The sentences of a day: denied, warned, passed, deleted with a warning, and tried without a trace."""
    before = plane.kubectl("get", "virtualservices", "-n", "bookinfo", "-o", "yaml").stdout
    until_denied(plane)
    assert applied(plane, WRONG).returncode == 1
    warned = applied(plane, ANYBODY, "--dry-run=server")
    assert warned.returncode == 0
    assert "Warning: AUTHZ" in warned.stderr
    assert "/rules/AUTHZ" in warned.stderr
    passed = applied(plane, route("v1", "reviews"), "--dry-run=server")
    assert (passed.returncode, passed.stderr) == (0, "")
    assert plane.kubectl("get", "virtualservices", "-n", "bookinfo", "-o", "yaml").stdout == before
    assert not [one for one in names(plane, "authorizationpolicies") if one.endswith("/reviews")]
    gone = plane.kubectl(
        "delete", "destinationrule", "reviews", "-n", "bookinfo", "--dry-run=server", fails=True
    )
    assert gone.returncode == 0
    assert "Warning: SUBSET001" in gone.stderr
    assert "destinationrule.networking.istio.io/reviews" in names(plane, "destinationrules")
    scaled = plane.kubectl(
        "scale", "deployment/reviews-v1", "--replicas=0", "-n", "bookinfo", "--dry-run=server", fails=True
    )
    assert "0 replicas" in scaled.stderr


def test_what_is_applied_counts_for_the_next(door: Door, plane: ControlPlane) -> None:
    """A good object passes, and another that needs it passes once the cluster has it."""
    rule = plane.kubectl("get", "destinationrule", "reviews", "-n", "bookinfo", "-o", "name").stdout.strip()
    until_denied(plane)
    more = '[{"op": "add", "path": "/spec/subsets/-", "value": {"name": "v9", "labels": {"version": "v1"}}}]'
    plane.kubectl("patch", rule, "-n", "bookinfo", "--type=json", "-p", more)
    eventually(lambda: applied(plane, WRONG).returncode == 0, 60)
    held = plane.kubectl("get", "virtualservice", "reviews", "-n", "bookinfo", "-o", "yaml").stdout
    assert "subset: v9" in held
    plane.kubectl("apply", "-f", str(BOOKINFO))


def test_the_failure_policy_decides_while_the_service_is_away(door: Door, plane: ControlPlane) -> None:
    until_denied(plane)
    door.kill()
    assert applied(plane, WRONG, "--dry-run=server").returncode == 0
    plane.apply(door.webhook("Fail"))
    eventually(lambda: "failed calling webhook" in applied(plane, WRONG, "--dry-run=server").stderr, 30)
    door.open()
    until_denied(plane)
    assert applied(plane, route("v1", "reviews"), "--dry-run=server").returncode == 0


def test_a_review_that_is_told_to_come_again_comes_again(door: Door, plane: ControlPlane) -> None:
    """The API server asks again when `Retry-After` says so, and the failure policy is not called upon."""
    until_denied(plane)
    door.kill()
    plane.apply(door.webhook("Fail"))
    eventually(lambda: applied(plane, WRONG, "--dry-run=server").returncode == 1, 30)
    with busy(door) as asked:
        eventually(lambda: not applied(plane, WRONG, "--dry-run=server").returncode, 30)
    assert asked[:2] == [429, 200]


@contextmanager
def busy(door: Door) -> Iterator[list[int]]:
    """In place of the service, one that turns the first review away; told is what it answered."""
    answered: list[int] = []

    class Turning(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            review = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answered.append(200 if answered else 429)
            review["response"] = {"uid": review["request"]["uid"], "allowed": True}
            body = json.dumps(review).encode()
            self.send_response(answered[-1])
            self.send_header("Retry-After", "1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(door.folder / "tls.crt", door.folder / "tls.key")
    with ThreadingHTTPServer((HERE, door.port), Turning) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield answered
        finally:
            server.shutdown()
            thread.join()


def applied(plane: ControlPlane, value: Any, *options: str) -> subprocess.CompletedProcess[str]:
    return plane.apply(value, options=options, fails=True)


def until_denied(plane: ControlPlane) -> None:
    """The server learns of a webhook, and the service of an object, a moment later."""
    eventually(lambda: DENIED in applied(plane, WRONG, "--dry-run=server").stderr, 60)

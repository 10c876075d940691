"""Writes down what a real API server says: python -m tests.oracle.cluster.record

`tests/cluster/recorded/server.json` holds its answers to meshlint, lists and watches, and `reviews.json` what
it asks a webhook while kubectl changes things. Tests replay both where no API server can be built.
"""

from __future__ import annotations

import base64
import gzip
import json
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme

from meshlint.api.inputs.cluster import cluster_files
from meshlint.sources.cluster.client import KubernetesApi
from meshlint.sources.cluster.model import ApiError
from tests.oracle.cluster.conftest import ACCOUNT, deployed, namespace, prepare
from tests.oracle.cluster.control_plane import HERE, ControlPlane
from tests.serve.conftest import BOOKINFO
from tests.serve.test_admission import ANYBODY, route
from tests.shared import PROJECT

RECORDED = PROJECT / "tests" / "cluster" / "recorded"
ROUTES = "/apis/networking.istio.io/v1/virtualservices"
NEW = {**route("v1"), "metadata": {"name": "new", "namespace": "bookinfo"}}


def main() -> None:
    """Record both conversations."""
    with tempfile.TemporaryDirectory() as folder:
        plane = ControlPlane(Path(folder))
        try:
            prepare(plane)
            plane.apply(namespace("bookinfo"), options=("--server-side",))
            plane.kubectl("apply", "-f", str(BOOKINFO))
            plane.kubectl("apply", "-f", f"{PROJECT}/deploy/kustomize/secret-names/account.yaml")
            plane.apply({"apiVersion": "v1", "kind": "Secret", "data": {"tls.key": "a2V5"},
                         "metadata": {"name": "cert", "namespace": "bookinfo"}})  # fmt: skip
            _written("reviews.json", reviews(plane))
            _written("server.json", conversation(plane))
        finally:
            plane.close()


def _written(name: str, value: Any) -> None:
    RECORDED.mkdir(exist_ok=True)
    data = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    (RECORDED / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))


def reviews(plane: ControlPlane) -> list[dict[str, Any]]:
    """What the server asks for each action of kubectl, with the name of the action."""
    found: list[dict[str, Any]] = []
    tried = "--dry-run=server"
    space = ("-n", "bookinfo", tried)
    actions: dict[str, Any] = {
        "denied": lambda: plane.apply(route("v9"), options=(tried,)),
        "warned": lambda: plane.apply(ANYBODY, options=(tried,)),
        "passed": lambda: plane.apply(route("v1"), options=(tried,)),
        "deleted": lambda: plane.kubectl("delete", "destinationrule", "reviews", *space),
        "scaled": lambda: plane.kubectl("scale", "deployment/reviews-v1", "--replicas=0", *space),
    }
    with webhook(found) as hook:
        (configuration,) = [one for one in deployed(plane) if one["kind"] == "ValidatingWebhookConfiguration"]
        hooks = [{**one, "clientConfig": hook, "failurePolicy": "Fail"} for one in configuration["webhooks"]]
        plane.apply({**configuration, "webhooks": hooks})
        told = []
        for name, act in actions.items():
            found.clear()
            act()
            told.append({"action": name, "asked": list(found)})
        plane.kubectl("delete", "validatingwebhookconfiguration", "--all")
    return told


@contextmanager
def webhook(found: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """A webhook that takes everything and notes what it was asked; where it is, for its configuration."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found.append({"query": dict(parse_qsl(urlsplit(self.path).query)), "body": body})
            response = {"uid": body["request"]["uid"], "allowed": True}
            kind = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}
            data = json.dumps({**kind, "response": response}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HERE).configure_cert(context)
    server = ThreadingHTTPServer((HERE, 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    bundle = base64.b64encode(authority.cert_pem.bytes()).decode()
    yield {"url": f"https://{HERE}:{server.server_port}/admission", "caBundle": bundle}
    server.shutdown()
    server.server_close()
    thread.join()


class Recorder(KubernetesApi):
    """Notes what the server answers to each question, as it came over the wire."""

    def _request(self, path: str, query: Any, accept: str, seconds: float) -> Any:
        said = {"path": path, "query": dict(query), "accept": accept}
        noted: list[bytes] = []
        try:
            response = super()._request(path, query, accept, seconds)
        except ApiError as error:
            NOTED.append(({**said, "status": error.status}, [b"{}"]))
            raise
        NOTED.append(({**said, "status": response.status}, noted))
        return _Noting(response, noted)


NOTED: list[tuple[dict[str, Any], list[bytes]]] = []


class _Noting:
    def __init__(self, response: Any, noted: list[bytes]) -> None:
        self._response, self._noted = response, noted

    def read(self, most: int) -> bytes:
        data: bytes = self._response.read(most)
        self._noted.append(data)
        return data

    def stream(self, *given: Any, **named: Any) -> Iterator[bytes]:
        for part in self._response.stream(*given, **named):
            self._noted.append(part)
            yield part

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)


def conversation(plane: ControlPlane) -> list[dict[str, Any]]:
    """The lists of everything, and two watches: changes that are seen, and a version that is gone."""
    api = Recorder(plane.api(ACCOUNT).client)
    cluster_files(api)
    version = str(api.get(ROUTES, {"limit": "1"})["metadata"]["resourceVersion"])
    plane.apply(NEW)
    plane.kubectl("delete", "virtualservice", "new", "-n", "bookinfo")
    for old in (version, "1"):
        query = {"resourceVersion": old, "allowWatchBookmarks": "true", "timeoutSeconds": "2"}
        list(api.watch(ROUTES, query))
    return [{**said, "said": b"".join(parts).decode()} for said, parts in NOTED]


if __name__ == "__main__":
    main()

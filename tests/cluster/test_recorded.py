"""What a real API server said, replayed: tests/oracle/cluster/record.py has written it down."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from meshlint.api import check
from meshlint.api.inputs.cluster import check_cluster, cluster_files, connect, kinds_of
from meshlint.api.requests.request import Request
from meshlint.sources.cluster.model import Api
from meshlint.sources.cluster.watching import Kept, follow
from tests.cluster.test_cluster import ROUTES, eventually, told
from tests.serve.conftest import BOOKINFO, Running, service
from tests.shared import PROJECT

__all__ = ["service"]

RECORDED = PROJECT / "tests" / "cluster" / "recorded"


def recorded(name: str) -> Any:
    return json.loads(gzip.decompress((RECORDED / name).read_bytes()))


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The server of the recording, over HTTP: a question that it has not been asked is a 404."""
    pytest.importorskip("kubernetes")
    answers = {_key(one): one for one in recorded("server.json.gz")}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {
                "path": parts.path,
                "query": dict(parse_qsl(parts.query)),
                "accept": self.headers["accept"],
            }
            said = answers.get(_key(asked), {"status": 404, "said": "{}"})
            self.send_response(said["status"])
            self.end_headers()
            self.wfile.write(said["said"].encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "test", "users": [{"name": "u", "user": {}}],
        "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
        "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
    }  # fmt: skip
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config), encoding="utf-8")
    location = "kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION"
    monkeypatch.setattr(location, str(tmp_path / "kubeconfig"))
    yield connect("current")
    server.shutdown()
    server.server_close()
    thread.join()


def _key(asked: dict[str, Any]) -> tuple[Any, ...]:
    query = {key: value for key, value in asked["query"].items() if key != "timeoutSeconds"}
    return asked["path"], tuple(sorted(query.items())), asked["accept"]


def test_a_real_cluster_is_read_whole(api: Api) -> None:
    kinds, unread = kinds_of(api)
    assert {"VirtualService", "Deployment", "Gateway", "Server", "Secret"} <= {one.kind for one in kinds}
    files, more = cluster_files(api)
    assert [(one.what, one.why) for one in (*unread, *more)] == [("ConfigMap", "forbidden")]
    assert "cluster/bookinfo_VirtualService.networking.istio.io_reviews.json" in files
    assert json.loads(files["cluster/bookinfo_Secret_cert.json"]).keys() == {"apiVersion", "kind", "metadata"}
    assert all(b"managedFields" not in data and b"a2V5" not in data for data in files.values())


def test_what_is_found_in_it_is_what_is_found_in_the_files(api: Api) -> None:
    found = check_cluster(api, Request(no_config=True)).findings
    expected = check([str(BOOKINFO)], Request(no_config=True)).findings
    here = [one for one in found if one.object is not None and one.object.namespace == "bookinfo"]
    assert told(here) == told([one for one in expected if one.object is not None])


def test_its_watches_are_followed(api: Api) -> None:
    """A new object comes and goes; a version that is gone leads to a new list."""
    asked = [one for one in recorded("server.json.gz") if "watch" in one["query"]]
    seen, gone = (one["query"]["resourceVersion"] for one in asked)
    events = list(api.watch(ROUTES, {"resourceVersion": seen, "allowWatchBookmarks": "true"}))
    changes = [
        (one["type"], one["object"]["metadata"]["name"]) for one in events if one["type"] != "BOOKMARK"
    ]
    assert changes == [("ADDED", "new"), ("DELETED", "new")]
    (told_gone,) = api.watch(ROUTES, {"resourceVersion": gone, "allowWatchBookmarks": "true"})
    assert (told_gone["type"], told_gone["object"]["code"]) == ("ERROR", 410)


def test_following_it_ends_with_what_is_there(api: Api) -> None:
    kept, stop = Kept(), threading.Event()
    kind = next(one for one in kinds_of(api)[0] if one.kind == "VirtualService")
    thread = threading.Thread(target=follow, args=(kept, api, kind, stop), daemon=True)
    thread.start()
    eventually(lambda: {name for *_, name in kept.now()[1]} == {"reviews", "shop"})
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


VERDICTS = {
    "denied": (False, "SUBSET001"),
    "warned": (True, "AUTHZ"),
    "passed": (True, ""),
    "deleted": (True, "SUBSET001"),
    "scaled": (False, "0 replicas"),
}


@pytest.mark.parametrize("action", VERDICTS)
def test_its_reviews_are_answered(action: str, service: Running) -> None:
    (asked,) = next(one["asked"] for one in recorded("reviews.json.gz") if one["action"] == action)
    with service.client() as client:
        answer = client.post("/admission", json=asked["body"], params=asked["query"]).json()["response"]
    allowed, words = VERDICTS[action]
    said = str(answer.get("warnings", "")) + str(answer.get("status", ""))
    assert (answer["uid"], answer["allowed"]) == (asked["body"]["request"]["uid"], allowed)
    assert words in said
    assert bool(said) is bool(words)

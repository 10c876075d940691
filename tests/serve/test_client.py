"""The client of the service, and `meshlint check --server`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from meshlint.cli.process import run
from meshlint.client import Client, ServerError
from tests.serve.conftest import BOOKINFO, Running


def test_the_client_asks_what_can_be_asked(service: Running, bookinfo: dict[str, str]) -> None:
    client = Client(service.url)
    assert client.check(files=bookinfo) == client.check(workspace="default")
    assert {one["rule"][:4] for one in client.check(workspace="default", select=["MTLS"])["findings"]} == {
        "MTLS"
    }
    assert client.access(workspace="default", to="reviews", from_="productpage")["edges"]
    assert client.route(workspace="default", from_="productpage", host="reviews")["destinations"]
    assert client.graph(workspace="default")["nodes"]
    assert client.diff(workspace="default", files=bookinfo)["findings"]["unchanged"]
    assert client.advise(files=bookinfo, rps=10)["recommendation"]
    assert client.put_workspace("by-client", bookinfo)["objects"] == 17
    assert "by-client" in [one["name"] for one in client.workspaces()]
    client.delete_workspace("by-client")
    with pytest.raises(ServerError) as error:
        client.check(workspace="by-client")
    assert error.value.status == 404


def test_what_goes_wrong_is_told(service: Running) -> None:
    for url in ("http://127.0.0.1:1", "file:///etc/passwd", "nonsense"):
        with pytest.raises(ServerError) as error:
            Client(url).workspaces()
        assert error.value.status == 0
    assert "the-token" not in repr(Client(service.url, "the-token"))


def test_the_command_is_answered_by_a_service_as_by_itself(
    service: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(BOOKINFO)
    code = run(["check", "-o", "json", "-q"])
    expected = json.loads(capsys.readouterr().out)
    sarif = tmp_path / "out.sarif"
    remote = ["check", "-q", "--server", service.url, "-o", "json", "-o", f"sarif={sarif}"]
    assert run(remote) == code == 1
    assert json.loads(capsys.readouterr().out)["findings"] == expected["findings"]
    assert json.loads(sarif.read_text(encoding="utf-8"))["runs"]
    assert run(["check", "--server", service.url, "--exit-zero", "-o", "text"]) == 0
    assert run(["check", "--server", service.url, "none.yaml"]) == 2
    assert run(["check", "--server", "http://127.0.0.1:1"]) == 2
    assert run(["check", "--server", service.url, "--since", "main"]) == 2

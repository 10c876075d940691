"""A thin client of `meshlint serve`, on the standard library alone.

from meshlint.client import Client

report = Client("https://meshlint.example", token="...").check(files={"a.yaml": text})
print([one["rule"] for one in report["findings"]])
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from meshlint.values import field, frozen

_JSON = "application/json"
_SECONDS = 120.0


class ServerError(Exception):
    """The service did not answer; `status` is what it said, 0 where it could not be reached."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@frozen
class Client:
    """A service at `url`. `context` is for certificates that the system does not know, or of one's own."""

    url: str
    token: str = field(default="", repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    seconds: float = _SECONDS

    def check(
        self, files: Mapping[str, str] | None = None, workspace: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """The report on files by name or on a workspace (schemas/report.json)."""
        return self._asked("check", files, workspace, parameters)

    def access(
        self, files: Mapping[str, str] | None = None, workspace: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """Who may call whom (schemas/access.json)."""
        return self._asked("access", files, workspace, parameters)

    def route(
        self, files: Mapping[str, str] | None = None, workspace: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """Where a request goes (schemas/route.json)."""
        return self._asked("route", files, workspace, parameters)

    def diff(
        self,
        files: Mapping[str, str] | None = None,
        workspace: str | None = None,
        before: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> dict[str, Any]:
        """What a change does (schemas/diff.json): from `before` or a workspace to `files` or a workspace."""
        sides = {} if before is None else {"before": dict(before)}
        return self._asked("diff", files, workspace, {**parameters, **sides})

    def graph(
        self, files: Mapping[str, str] | None = None, workspace: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """How everything hangs together."""
        return self._asked("graph", files, workspace, parameters)

    def advise(
        self, files: Mapping[str, str] | None = None, workspace: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """Which mesh fits, and what it would cost (schemas/advice.json)."""
        return self._asked("advise", files, workspace, parameters)

    def lines(
        self, files: Mapping[str, str] | None = None, workspace: str | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """The lines that stand at places, as in `place=["a.yaml:3-5"]`."""
        return self._asked("lines", files, workspace, parameters)

    def told(self, verb: str, body: Mapping[str, Any], media: str) -> str:
        """The answer to a question in any form that the service offers; raises `ServerError`."""
        return self._sent("POST", f"/v1/{quote(verb)}", json.dumps(body).encode(), media)

    def workspaces(self) -> list[dict[str, Any]]:
        """The workspaces of the service."""
        found: list[dict[str, Any]] = json.loads(self._sent("GET", "/v1/workspaces"))["workspaces"]
        return found

    def put_workspace(self, name: str, files: Mapping[str, str]) -> dict[str, Any]:
        """Keep files under a name."""
        body = json.dumps({"files": dict(files)}).encode()
        told: dict[str, Any] = json.loads(self._sent("PUT", f"/v1/workspaces/{quote(name, safe='')}", body))
        return told

    def delete_workspace(self, name: str) -> None:
        """Forget an upload."""
        self._sent("DELETE", f"/v1/workspaces/{quote(name, safe='')}")

    def _asked(
        self,
        verb: str,
        files: Mapping[str, str] | None,
        workspace: str | None,
        parameters: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Parameters are named as in Python: `extend_select`, and `from_` for what Python has a word for."""
        named = {key.rstrip("_").replace("_", "-"): value for key, value in parameters.items()}
        body = named | ({} if files is None else {"files": dict(files)})
        body |= {} if workspace is None else {"workspace": workspace}
        told: dict[str, Any] = json.loads(self.told(verb, body, _JSON))
        return told

    def _sent(self, method: str, path: str, body: bytes | None = None, accept: str = _JSON) -> str:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise ServerError(0, "the address of the service must begin with http:// or https://")
        headers = {"Accept": accept, "Content-Type": _JSON, "User-Agent": "meshlint"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = Request(f"{self.url.rstrip('/')}{path}", body, headers, method=method)
        try:
            with urlopen(request, timeout=self.seconds, context=self.context) as answer:
                text: str = answer.read().decode("utf-8", "replace")
                return text
        except HTTPError as error:
            raise ServerError(error.code, _detail(error)) from error
        except (URLError, OSError, ValueError) as error:
            raise ServerError(0, f"the service cannot be reached: {error}") from error


def _detail(error: HTTPError) -> str:
    try:
        with error:
            told = json.loads(error.read())
        return str(told["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"the service answered {error.code}"

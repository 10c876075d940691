"""The API server, reached as the user's kubeconfig or the account of the pod says (kubernetes-client)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from meshlint.sources.cluster.model import ApiError
from meshlint.values import frozen

_SECONDS = 30.0
_MOST_BYTES = 256 * 1024 * 1024
_LONGEST_EVENT = 16 * 1024 * 1024
_PLAIN = "application/json"
_METADATA = "application/json;as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1"


@frozen(eq=False)
class KubernetesApi:
    """An API server by the client of kubernetes-client, which knows certificates, tokens and plugins."""

    client: Any

    def get(self, path: str, query: Mapping[str, str], *, metadata_only: bool = False) -> Any:
        """The JSON at a path; raises `ApiError`."""
        accept = _METADATA.format(list="List") if metadata_only else _PLAIN
        response = self._request(path, query, accept, _SECONDS)
        try:
            data = response.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise ApiError(0, "the answer is too large")
            return json.loads(data)
        except ValueError as error:
            raise ApiError(0, "the answer is no JSON") from error
        finally:
            response.release_conn()

    def watch(self, path: str, query: Mapping[str, str], *, metadata_only: bool = False) -> Iterator[Any]:
        """The events at a path until the server ends them; raises `ApiError`."""
        accept = _METADATA.format(list="") if metadata_only else _PLAIN
        seconds = float(query.get("timeoutSeconds", _SECONDS)) + _SECONDS
        response = self._request(path, {**query, "watch": "1"}, accept, seconds)
        try:
            for line in _lines(response):
                yield json.loads(line)
        except ValueError as error:
            raise ApiError(0, "an event is no JSON") from error
        finally:
            response.close()

    def _request(self, path: str, query: Mapping[str, str], accept: str, seconds: float) -> Any:
        from urllib3 import Retry
        from urllib3.exceptions import HTTPError

        configuration = self.client.configuration
        headers = {"Accept": accept, "User-Agent": "meshlint"}
        for setting in configuration.auth_settings().values():
            if setting["in"] == "header" and setting["value"]:
                headers[setting["key"]] = setting["value"]
        url = f"{configuration.host}{path}" + (f"?{urlencode(query)}" if query else "")
        again = Retry(total=2, redirect=0, status=0)
        try:
            response = self.client.rest_client.pool_manager.request(
                "GET", url, headers=headers, preload_content=False, timeout=seconds, retries=again
            )
        except HTTPError as error:
            raise ApiError(0, "the API server cannot be reached") from error
        if response.status >= 300:
            response.drain_conn()
            response.release_conn()
            raise ApiError(response.status, response.reason or "")
        return response


def _lines(response: Any) -> Iterator[bytes]:
    """The lines of a stream; raises `ApiError` where it breaks, or where one has no end."""
    from urllib3.exceptions import HTTPError

    rest = b""
    try:
        for part in response.stream(64 * 1024, decode_content=True):
            *lines, rest = (rest + part).split(b"\n")
            yield from (line for line in lines if line.strip())
            if len(rest) > _LONGEST_EVENT:
                raise ApiError(0, "an event is too large")
    except (HTTPError, OSError) as error:
        raise ApiError(0, "the connection broke") from error


def connected(context: str | None) -> KubernetesApi:
    """The API server of a context of the kubeconfig, or with None of the current one.

    Without a kubeconfig it is the one that the pod runs in. Raises `ApiError` where there is neither, and
    `ImportError` without the package `kubernetes`.
    """
    client: Any = import_module("kubernetes.client")
    config: Any = import_module("kubernetes.config")
    broken: type[Exception] = config.ConfigException
    try:
        return KubernetesApi(config.new_client_from_config(context=context))
    except (broken, OSError) as error:
        if context is not None:
            raise ApiError(0, f'the context "{context}" cannot be used: {error}') from error
    configuration = client.Configuration()
    try:
        config.load_incluster_config(client_configuration=configuration)
    except (broken, OSError) as error:
        raise ApiError(0, "there is no kubeconfig, and this is no pod") from error
    return KubernetesApi(client.ApiClient(configuration))

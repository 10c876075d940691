"""A client that costs little beside what it asks: HTTP/1.1 over one connection, written out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field, frozen


@frozen
class Answer:
    """The status and the headers, whose names are in lower case; what is said beside them is not kept."""

    status: int
    headers: Mapping[str, str]


class Lost(Exception):
    """The other side hung up before it had answered."""


@define
class Client:
    """Asks a service at a URL, one question after the other."""

    url: str
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def post(self, path: str, value: Any) -> Answer:
        """The answer to a value in JSON; raises `Lost`."""
        try:
            return await self._asked(path, json.dumps(value).encode())
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            raise Lost from error

    async def _asked(self, path: str, body: bytes) -> Answer:
        host, port = urlsplit(self.url).hostname, urlsplit(self.url).port
        if self._streams is None:
            self._streams = await asyncio.open_connection(host, port)
        reader, writer = self._streams
        head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(first.split()[1]), headers)

    def close(self) -> None:
        """Hang up; the next question opens another connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

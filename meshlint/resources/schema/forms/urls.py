"""URLs as Go's `net/url` reads them, for the API server's own functions do."""

from __future__ import annotations

import re
from typing import Final

from meshlint.values import regex

SCHEME: Final = regex(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
BAD_ESCAPE: Final = regex(r"%(?![0-9a-fA-F]{2})")
HOST: Final = regex(r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|%[0-9a-fA-F]{2}|[^\x00-\x7f])*")
USER: Final = regex(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
PORT: Final = regex(r"(?::\d*)?", re.ASCII)


def url_scheme(text: str) -> str | None:
    """The scheme of an absolute URL, in lower case, or "" for an absolute path; None for what is neither."""
    if not text or any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in text):
        return None
    match = SCHEME.match(text)
    scheme = match[1].lower() if match else ""
    rest = text[match.end() :] if match else text
    path = rest.partition("?")[0]
    if not path.startswith("/"):
        return scheme or None
    if scheme and path.startswith("//"):
        authority, slash, tail = path[2:].partition("/")
        if not _authority(authority):
            return None
        path = slash + tail
    return None if BAD_ESCAPE.search(path) else scheme


def _authority(text: str) -> bool:
    user, at, host = text.rpartition("@")
    if at and not USER.fullmatch(user):
        return False
    if host.startswith("["):
        inside, bracket, port = host[1:].rpartition("]")
        return bool(bracket) and bool(PORT.fullmatch(port)) and bool(HOST.fullmatch(inside))
    colon = host.rfind(":")
    return bool(HOST.fullmatch(host)) and (colon < 0 or bool(PORT.fullmatch(host[colon:])))

"""Addresses that proxies listen at or call: IP addresses and Unix sockets."""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.admission.istio.vocabulary import texts
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Steps
from meshlint.resources.schema.words.writing import quoted


def socket_problem(address: str) -> str:
    """What is wrong with `unix://` and a path; empty if nothing is."""
    path = address.removeprefix(texts.UNIX)
    if not path:
        return "names no path"
    return "" if texts.is_socket_path(path) else "is not the absolute path of a Unix socket"


def bind_said(bind: str, port: int, at: Steps = ("bind",)) -> Iterator[Said]:
    """The address that a listener binds to: a Unix socket without a port number, or an IP address."""
    if bind.startswith(texts.UNIX):
        problem = socket_problem(bind)
        if problem:
            yield Said(Mistake.ADDRESS, f"binds to {quoted(bind)}, which {problem}", at)
        if port:
            words = f"binds to a Unix socket and has port {port}"
            yield Said(Mistake.EXCLUSIVE, words, at, "A socket has no port number.", related=(("port",),))
    elif bind and not texts.is_address(bind):
        yield Said(Mistake.ADDRESS, f"binds to {quoted(bind)}, which is no IP address", at)

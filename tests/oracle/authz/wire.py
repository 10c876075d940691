"""Calls on real sockets, with the source address, server name and PROXY header that they ask for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.oracle.authz.bootstrap import CASE, METADATA, TCP_METADATA, TLV_IDENTITY, TLV_METADATA, TOKEN_KEY
from tests.oracle.authz.call import Call

_SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_GREETING = b"no TLS, and long enough to see that"


def http_answers(port: int, name: str, calls: Sequence[Call]) -> list[int]:
    """The status that each call gets, in their order; calls that can share a connection do.

    A remote address that is not the connection's own comes in X-Forwarded-For.
    """
    answers = [0] * len(calls)
    wires: dict[tuple[Any, ...], list[int]] = {}
    for place, call in enumerate(calls):
        wires.setdefault(call.wire, []).append(place)
    for places in wires.values():
        rest = places
        while rest:
            first = calls[rest[0]]
            with _connection(port, first, _proxied(first)) as held:
                for place, status in _statuses(held, name, [(one, calls[one]) for one in rest]):
                    answers[place] = status
                    rest = rest[1:]
    return answers


def tcp_passes(port: int, call: Call) -> bool:
    """Whether a connection is kept open; its PROXY header tells the remote address."""
    with _connection(port, call, call.remote_ip) as held:
        try:
            held.sendall(_GREETING)
            return held.recv(1) == _GREETING[:1]
        except (ConnectionError, ssl.SSLError):
            return False


def _statuses(held: socket.socket, name: str, calls: Sequence[tuple[int, Call]]) -> Iterator[tuple[int, int]]:
    with held.makefile("rb") as reader:
        for place, call in calls:
            held.sendall(_request(name, call))
            status = int(reader.readline().split()[1])
            fields: dict[str, str] = {}
            while line := reader.readline().strip():
                field, _, value = line.decode("latin-1").partition(":")
                fields[field.lower()] = value.strip()
            if call.method != "HEAD":
                reader.read(int(fields.get("content-length", "0")))
            yield place, status
            if fields.get("connection") == "close":
                return


def _request(name: str, call: Call) -> bytes:
    lines = [f"{call.method} {call.path} HTTP/1.1", f"host: {call.host}", f"{CASE}: {name}"]
    lines += [f"{field}: {value}" for field, value in call.headers]
    if call.remote_ip != _proxied(call):
        lines.append(f"x-forwarded-for: {call.remote_ip}")
    if call.claims is not None:
        lines.append(f"authorization: Bearer {_token(call.claims)}")
    for owner, held in call.metadata.items():
        for key, value in held.items():
            text = f"list|{','.join(value)}" if isinstance(value, list) else f"text|{value}"
            lines.append(f"{METADATA}: {owner}|{key}|{text}")
    if call.method not in ("GET", "HEAD"):
        lines.append("content-length: 0")
    return "\r\n".join([*lines, "", ""]).encode()


def _token(claims: Any) -> str:
    parts = [_base64(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = ".".join(parts)
    return f"{signed}.{_base64(hmac.digest(TOKEN_KEY, signed.encode(), hashlib.sha256))}"


def _base64(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _proxied(call: Call) -> str:
    """The address that a connection for HTTP comes from: of one version with that it means to reach."""
    return "::1" if ":" in call.destination_ip else call.source_ip


@contextmanager
def _connection(port: int, call: Call, remote_ip: str) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), 20, (call.source_ip, 0)) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.sendall(_proxy_header(call, remote_ip))
        if call.sni is None:
            yield plain
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(plain, server_hostname=call.sni) as secured:
            yield secured


def _proxy_header(call: Call, remote_ip: str) -> bytes:
    addresses = [ipaddress.ip_address(one) for one in (remote_ip, call.destination_ip)]
    family = 0x11 if addresses[0].version == 4 else 0x21
    body = b"".join(one.packed for one in addresses) + struct.pack("!HH", 4000, call.destination_port)
    owner, key = TCP_METADATA
    told = {TLV_IDENTITY: _spiffe(call), TLV_METADATA: call.metadata.get(owner, {}).get(key)}
    for kind, text in told.items():
        if isinstance(text, str):
            body += struct.pack("!BH", kind, len(text.encode())) + text.encode()
    return _SIGNATURE + struct.pack("!BBH", 0x21, family, len(body)) + body


def _spiffe(call: Call) -> str | None:
    return None if call.identity is None else "spiffe://" + call.identity

"""Who may listen, who may ask, and certificates that change while the service runs."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import trustme

from meshlint.cli.process import run
from meshlint.engine.usage import UsageError
from meshlint.serve.security.certificates import certificates, self_signed
from meshlint.serve.security.tokens import Role, TokenFile, holder_of, holders_in, new_token
from meshlint.serve.settings import Settings, checked
from tests.serve.conftest import Running


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(host="0.0.0.0"), "could ask without saying who"),
        (Settings(host="example.test"), "could ask without saying who"),
        (Settings(host="0.0.0.0", tokens=Path("t")), "in plain text"),
        (Settings(certificate=Path("a")), "go together"),
        (Settings(client_ca=Path("a")), "needs --tls-cert"),
    ],
)
def test_what_lets_anybody_in_is_refused(settings: Settings, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        checked(settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.9.9.9"])
def test_this_machine_alone_needs_no_token(host: str) -> None:
    assert checked(Settings(host=host)).host == host


def test_the_command_refuses_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--host", "0.0.0.0"]) == 2
    assert "could ask without saying who" in capsys.readouterr().err


def test_a_new_token_opens_what_its_line_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["serve", "--new-token", "write:ci"]) == 0
    token, line = capsys.readouterr().out.split("\n")[:2]
    (holder,) = holders_in(line, "tokens")
    assert (holder.name, holder.role) == ("ci", Role.WRITE)
    assert holder_of(token, [holder]) is holder
    assert holder_of(token[:-1], [holder]) is None
    assert token not in line
    assert token not in repr(holder)


def test_a_file_of_tokens_is_read_again_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    first, line = new_token(Role.READ, "a")
    file.write_text(line, encoding="utf-8")
    tokens = TokenFile(file)
    assert holder_of(first, tokens.current())
    file.write_text("nonsense here", encoding="utf-8")
    assert holder_of(first, tokens.current())
    second, line = new_token(Role.WRITE, "b")
    file.write_text(f"# only b\n{line}\n", encoding="utf-8")
    assert holder_of(first, tokens.current()) is None
    assert holder_of(second, tokens.current())
    file.unlink()
    assert holder_of(second, tokens.current())


@pytest.mark.parametrize(
    "text", ["read a", "admin a " + "0" * 64, "read a " + "0" * 63, "read ä " + "0" * 64]
)
def test_lines_that_are_no_tokens_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        holders_in(text, "tokens")
    with pytest.raises(UsageError):
        TokenFile(tmp_path / "none").current()


def test_self_signed_prints_the_bundle_that_trusts_it(serving: Callable[..., Running]) -> None:
    running = serving("--self-signed", "localhost", "--self-signed", "127.0.0.1")
    line = next(one for one in running.out if one.startswith("caBundle: "))
    bundle = base64.b64decode(line.removeprefix("caBundle: ")).decode("ascii")
    trusting = ssl.create_default_context(cadata=bundle)
    assert httpx.get(f"{running.url}/healthz", verify=trusting).is_success
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.url}/healthz")


def test_callers_show_a_certificate_where_that_is_asked(
    serving: Callable[..., Running], tmp_path: Path
) -> None:
    authority, other = trustme.CA(), trustme.CA()
    files = written(authority, tmp_path)
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    running = serving("--tls-cert", str(files[0]), "--tls-key", str(files[1]), "--client-ca", str(ca))
    assert httpx.get(f"{running.url}/v1/workspaces", verify=context(authority, authority)).is_success
    for caller in (None, other):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{running.url}/v1/workspaces", verify=context(authority, caller))


def written(authority: trustme.CA, directory: Path) -> tuple[Path, Path]:
    issued = authority.issue_cert("127.0.0.1", "localhost")
    certificate, key = directory / "tls.crt", directory / "tls.key"
    issued.private_key_pem.write_to_path(str(key))
    certificate.write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
    return certificate, key


def context(authority: trustme.CA, caller: trustme.CA | None) -> ssl.SSLContext:
    found = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode("ascii"))
    if caller is not None:
        caller.issue_cert("caller@example.test").configure_cert(found)
    return found


def test_certificates_are_renewed_while_the_service_runs(
    serving: Callable[..., Running], tmp_path: Path
) -> None:
    first, second = trustme.CA(), trustme.CA()
    files = written(first, tmp_path)
    running = serving("--tls-cert", str(files[0]), "--tls-key", str(files[1]))
    assert httpx.get(f"{running.url}/healthz", verify=context(first, None)).is_success
    files[0].write_bytes(b"half written")
    time.sleep(6)
    assert httpx.get(f"{running.url}/healthz", verify=context(first, None)).is_success
    written(second, tmp_path)
    end = time.monotonic() + 20
    while not trusts(running, second):
        assert time.monotonic() < end
        time.sleep(0.5)
    assert any(one["event"] == "certificates renewed" for one in running.events)


def trusts(running: Running, authority: trustme.CA) -> bool:
    try:
        return httpx.get(f"{running.url}/healthz", verify=context(authority, None)).is_success
    except httpx.ConnectError:
        return False


def test_a_key_is_for_its_owner_only_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    certificate, key = self_signed(["localhost"]).write(tmp_path)
    assert key.stat().st_mode & 0o077 == 0
    assert certificates(certificate, key, None).context.minimum_version is ssl.TLSVersion.TLSv1_2
    with pytest.raises(UsageError):
        certificates(tmp_path / "none", key, None)

"""TLS of servers: of gateways, and of a Sidecar's ingress (Istio: `validateTLSOptions`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.values import items, text
from meshlint.resources.schema.words.writing import listed, quoted

CIPHERS: Final = frozenset(
    (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-RSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA",
        "ECDHE-RSA-AES256-SHA",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
        "AES128-SHA",
        "AES256-SHA",
        "DES-CBC3-SHA",
    )
)
SOURCES: Final = ("serverCertificate", "privateKey", "caCertificates", "tlsCertificates", "credentialName")
TERMINATING: Final = ("SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL")
PASSING: Final = ("", "PASSTHROUGH", "AUTO_PASSTHROUGH")


def server_tls(value: Any, _: Scene) -> Iterator[Said]:
    """Ciphers, versions, and where the certificate of a server comes from."""
    if not isinstance(value, dict):
        return
    yield from _ciphers(value)
    mode = text(value, "mode")
    if mode == "ISTIO_MUTUAL":
        yield from _own(value)
        return
    if mode in PASSING:
        yield from _unused(value, mode or "PASSTHROUGH")
    sources = _sources(value)
    if len(sources) > 1:
        words = f"has both {sources[0]} and {sources[1]} in one server"
        yield Said(Mistake.CERTIFICATE, words, (sources[1],), "Keep one.", True, related=((sources[0],),))
    remote = bool(text(value, "credentialName") or items(value, "credentialNames"))
    if mode in TERMINATING and not remote:
        yield from _certificates(value, mode)
    if not (mode in TERMINATING and remote):
        yield from _revocations(value, mode)


def _sources(value: dict[str, Any]) -> list[str]:
    files = text(value, "serverCertificate") and text(value, "privateKey")
    lists = [name for name in ("credentialNames", "tlsCertificates") if items(value, name)]
    return [
        *(["credentialName"] if text(value, "credentialName") else []),
        *lists,
        *(["serverCertificate"] if files else []),
    ]


def _set(value: dict[str, Any]) -> list[str]:
    return [
        *(name for name in SOURCES if text(value, name) or items(value, name)),
        *(["credentialNames"] if items(value, "credentialNames") else []),
    ]


def _own(value: dict[str, Any]) -> Iterator[Said]:
    given = _set(value)
    if given:
        words = f"has mode ISTIO_MUTUAL and {listed(given, 'and')}"
        hint = "The mesh's own certificates are used: remove it, or choose MUTUAL."
        yield Said(Mistake.CERTIFICATE, words, ("mode",), hint, related=tuple((name,) for name in given))


def _unused(value: dict[str, Any], mode: str) -> Iterator[Said]:
    given = [*_set(value), *(["caCrl"] if text(value, "caCrl") else [])]
    if given:
        words = f"has mode {mode}, so {given[0]} is not used"
        hint = "Choose SIMPLE or MUTUAL to end TLS here."
        yield Said(Mistake.IGNORED, words, (given[0],), hint, on_key=True, refuses=False)


def _certificates(value: dict[str, Any], mode: str) -> Iterator[Said]:
    if mode != "SIMPLE" and not text(value, "caCertificates"):
        at = ("caCertificates",) if "caCertificates" in value else ()
        words = f"has a server of mode {mode} without caCertificates"
        yield Said(Mistake.CERTIFICATE, words, at, "Name what signs the clients' certificates.", on_key=True)
    several = items(value, "tlsCertificates")
    if len(several) > 2:
        words = "has more than two certificates on one server, so the others may not be used"
        yield Said(Mistake.IGNORED, words, ("tlsCertificates", 2), "One RSA and one ECDSA.", refuses=False)
    for index, pair in enumerate(several) if several else ((-1, value),):
        lacking = [name for name in ("serverCertificate", "privateKey") if not text(pair, name)]
        if lacking:
            base = ("tlsCertificates", index) if index >= 0 else ()
            at = (*base, lacking[0]) if isinstance(pair, dict) and lacking[0] in pair else base
            words = f"has a server of mode {mode} without {' and '.join(lacking)}"
            yield Said(Mistake.CERTIFICATE, words, at, "Add it, or `credentialName`.", on_key=True)


def _revocations(value: dict[str, Any], mode: str) -> Iterator[Said]:
    if not text(value, "caCrl"):
        return
    beside = "credentialName" if text(value, "credentialName") else "mode SIMPLE" if mode == "SIMPLE" else ""
    if beside:
        # A list of revoked clients says that clients were to be asked, so the mode is what a user changes.
        at, hint = ("mode", "Use MUTUAL.") if beside == "mode SIMPLE" else ("caCrl", "Remove it.")
        words = f"has caCrl beside {beside}, where none is read"
        yield Said(Mistake.UNSUPPORTED, words, (at,), hint, on_key=at == "caCrl", related=(("caCrl",),))


def _ciphers(value: dict[str, Any]) -> Iterator[Said]:
    suites = [one for one in items(value, "cipherSuites") if isinstance(one, str)]
    version = text(value, "minProtocolVersion")
    if version in ("TLSV1_0", "TLSV1_1") and not suites:
        words = f"accepts {version} and names no ciphers, so no client of that version comes through"
        hint = "Name `cipherSuites`, or write TLSV1_2."
        yield Said(Mistake.IGNORED, words, ("minProtocolVersion",), hint, refuses=False)
    for index, suite in enumerate(suites):
        known = not suite or suite == "ALL" or not suite[0].isalnum() or suite in CIPHERS
        if not known or (suite in CIPHERS and suite in suites[:index]):
            what = "a second time" if known else "which is unknown and ignored"
            words = (
                f"names the cipher {quoted(suite)}, {what}"
                if not known
                else f"names the cipher {quoted(suite)} {what}"
            )
            yield Said(Mistake.IGNORED, words, ("cipherSuites", index), "Remove it.", refuses=False)

"""What the identity strings of Linkerd admit, and when its admission refuses one."""

from __future__ import annotations

from meshlint.values import regex

from .strings import StringSet

_DNS_LIKE = regex(r"(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SPIFFE = regex(r"spiffe://[a-z0-9._-]+(/[A-Za-z0-9._-]+)*")


def linkerd_identity(value: str) -> StringSet:
    """Read an entry of `identities`: `*` is any authenticated identity, `*.rest` any that ends in `.rest`.

    Anything else is exact, byte by byte, so the star of `foo.*.x` is a literal (Linkerd: identity strings).
    """
    if value == "*":
        return StringSet.nonempty()
    return StringSet.suffix(value[1:]) if value.startswith("*.") else StringSet.exact(value)


def linkerd_identity_problem(value: object) -> str | None:
    """Say why Linkerd's admission refuses an identity, to follow "the identity"; None when it takes it.

    It takes `spiffe://` URIs with plain segments, and lower-case DNS names whose first label may be `*`
    (Linkerd: admission of MeshTLSAuthentication).
    """
    if not isinstance(value, str):
        return "is not a string"
    if value.startswith("spiffe://"):
        dotted = any(segment in (".", "..") for segment in value.split("/"))
        sound = _SPIFFE.fullmatch(value) is not None and not dotted
        return None if sound else "is no `spiffe://` URI with a lower-case trust domain and plain segments"
    if value != value.lower():
        return "holds capital letters"
    if "*" in value.removeprefix("*"):
        return "holds a `*` that is not its whole first label"
    return (
        None
        if _DNS_LIKE.fullmatch(value)
        else "is neither a DNS name, with or without `*.`, nor a `spiffe://` URI"
    )

"""Key sets that stand in a policy: can they be read, and do they hold what nobody else may see?

Istio reads them with the library lestrrat-go/jwx, by RFC 7517 and RFC 7518.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.values import regex

BASE64: Final = regex(r"(?P<digits>[A-Za-z0-9_-]*|[A-Za-z0-9+/]*)(?P<padding>={0,2})")
NUMBERS: Final = {
    "RSA": ("n", "e", "d", "p", "q", "dp", "dq", "qi"),
    "EC": ("x", "y", "d"),
    "OKP": ("x", "d"),
    "oct": ("k",),
}
REQUIRED: Final = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x"), "oct": ("k",)}


def key_set(value: Any, _: Scene) -> Iterator[Said]:
    """A set of public keys, or one such key, as JSON."""
    if not isinstance(value, str) or not value:
        return
    keys = _keys(value)
    if keys is None or not all(_is_key(key) for key in keys):
        yield Said(Mistake.UNREADABLE, "has a key set that cannot be read", hint="Write a JSON Web Key Set.")
    elif any(key["kty"] == "oct" or key.get("d") is not None for key in keys):
        words = "holds a private key in its key set, so whoever reads it can sign tokens"
        yield Said(
            Mistake.DOUBTFUL, words, hint="Take the private part out, and change the key.", refuses=False
        )


def _keys(text: str) -> list[Any] | None:
    try:
        # What stands behind the first value is not read (jwx: `json.Decoder`).
        value, _ = json.JSONDecoder().raw_decode(text.lstrip(" \t\r\n"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    keys = value.get("keys", [value])
    return [] if keys is None else keys if isinstance(keys, list) else None


def _is_key(key: Any) -> bool:
    kind = key.get("kty") if isinstance(key, dict) else None
    if not isinstance(kind, str) or kind not in NUMBERS:
        return False
    texts = (*NUMBERS[kind], "crv", "kid", "use", "x5t", "x5t#S256", "x5u")
    if any(name in key and not isinstance(key[name], str) for name in texts):
        return False
    if any(not _is_base64(key[name]) for name in NUMBERS[kind] if name in key):
        return False
    return all(key.get(name) for name in REQUIRED[kind])


def _is_base64(text: str) -> bool:
    """Digits of one of the two alphabets, of a length that bytes can have, whether padded or not."""
    match = BASE64.fullmatch(text)
    if match is None or len(match["digits"]) % 4 == 1:
        return False
    return not match["padding"] or len(text) % 4 == 0

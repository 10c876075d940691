"""What istiod's webhook checks in a RequestAuthentication."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.headers import STRICT
from meshlint.admission.istio.parts.key_sets import key_set
from meshlint.admission.istio.parts.selectors import TARGETED
from meshlint.admission.istio.vocabulary.messages import needs
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import duration, text
from meshlint.resources.schema.forms.urls import url_scheme
from meshlint.resources.schema.words.writing import quoted


def _source(value: Any, _: Scene) -> Iterator[Said]:
    keys = ("issuer", "jwksUri", "jwks_uri")
    if isinstance(value, dict) and not any(text(value, key) for key in keys):
        words = "has a token rule with neither issuer nor jwksUri"
        at = next(((key,) for key in keys if key in value), ())
        yield Said(Mistake.MISSING, words, at, "Set issuer.", on_key=True)


def _not_empty(what: str) -> Check:
    def check(value: Any, _: Scene) -> Iterator[Said]:
        if value == "":
            yield Said(Mistake.MISSING, f"names an empty {what}", hint="Remove it, or fill it in.")

    return check


def _key_uri(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, str) or not value:
        return
    scheme = url_scheme(value)
    if scheme is None:
        yield Said(Mistake.UNREADABLE, f"names the key URI {quoted(value)}, which is none")
    elif scheme not in ("http", "https"):
        words = f"names the key URI {quoted(value)}, which is neither http nor https"
        yield Said(Mistake.UNREADABLE, words)


def _claim_header(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    lacking = next((key for key in ("header", "claim") if not text(value, key)), None)
    if lacking is not None:
        at = (lacking,) if lacking in value else ()
        yield Said(Mistake.MISSING, f"writes a claim to a header without {lacking}", at, f"Set {lacking}.")
    elif not STRICT.fullmatch(text(value, "header")):
        words = f"writes a claim to {quoted(text(value, 'header'))}, which is no header"
        yield Said(Mistake.HEADER, words, ("header",), "Letters, digits, hyphens and underscores.")


SHAPE: Final = shape(
    {
        **TARGETED,
        "jwtRules[]": {
            "": _source,
            "audiences[]": _not_empty("audience"),
            "jwksUri": _key_uri,
            "jwks_uri": _key_uri,
            "jwks": key_set,
            "fromHeaders[]": needs("name", hint="Name the header."),
            "fromParams[]": _not_empty("parameter"),
            "fromCookies[]": _not_empty("cookie"),
            "outputClaimToHeaders[]": _claim_header,
            "timeout": duration,
        },
    }
)

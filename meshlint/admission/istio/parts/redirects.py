"""Redirects and rewrites of HTTP routes (Istio: `validateHTTPRedirect`, `validateHTTPRewrite`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Said, Scene
from meshlint.admission.istio.vocabulary.values import is_set, items, number, regex_problem, text
from meshlint.resources.schema.words.writing import quoted


def redirect(value: Any, _: Scene) -> Iterator[Said]:
    """The webhook stops at the first that is wrong with a redirect."""
    inner = value.get("redirect") if isinstance(value, dict) else None
    if not isinstance(inner, dict):
        return
    for check in (_redirect_path, _redirect_target, _redirect_code, _redirect_scheme):
        said = check(value, inner)
        if said is not None:
            yield said
            return


def _redirect_path(route: dict[str, Any], redirect: dict[str, Any]) -> Said | None:
    if text(redirect, "uri") and text(redirect, "prefixRewrite"):
        return _action_in("redirects to both uri and prefixRewrite", "prefixRewrite", "Keep one.")
    if text(redirect, "prefixRewrite"):
        for index, match in enumerate(items(route, "match")):
            uri = match.get("uri") if isinstance(match, dict) else None
            if isinstance(uri, dict) and not isinstance(uri.get("prefix"), str):
                words = "rewrites the prefix of a path that it does not match by prefix"
                hint = "Match the path by `prefix`, or redirect to `uri`."
                at, related = ("match", index, "uri"), (("redirect", "prefixRewrite"),)
                return Said(Mistake.EXCLUSIVE, words, at, hint, on_key=True, related=related)
    return None


def _redirect_target(_: dict[str, Any], redirect: dict[str, Any]) -> Said | None:
    texts = ("uri", "prefixRewrite", "authority", "scheme")
    given = any(text(redirect, name) for name in texts)
    if given or is_set(redirect, "port") or is_set(redirect, "derivePort"):
        return None
    hint = "Set uri, prefixRewrite, authority, scheme or port."
    return Said(Mistake.ROUTE_ACTION, "redirects to nothing", ("redirect",), hint, on_key=True)


def _redirect_code(_: dict[str, Any], redirect: dict[str, Any]) -> Said | None:
    code = number(redirect, "redirectCode")
    if not code or 300 <= code <= 399:
        return None
    return Said(
        Mistake.NUMBER,
        f"redirects with status {code:g}",
        ("redirect", "redirectCode"),
        "Use 301, 302, 303, 307 or 308.",
    )


def _redirect_scheme(_: dict[str, Any], redirect: dict[str, Any]) -> Said | None:
    scheme = text(redirect, "scheme")
    if scheme not in ("", "http", "https"):
        words = f"redirects to the scheme {quoted(scheme)}"
        return Said(Mistake.UNKNOWN_VALUE, words, ("redirect", "scheme"), "It is http or https.")
    port = number(redirect, "port")
    if port > 65535:
        return Said(Mistake.PORT, f"redirects to port {port:g}", ("redirect", "port"))
    return None


def _action_in(words: str, at: str, hint: str) -> Said:
    return Said(Mistake.EXCLUSIVE, words, ("redirect", at), hint, on_key=True)


def rewrite(value: Any, _: Scene) -> Iterator[Said]:
    """The webhook stops at the first that is wrong with a rewrite."""
    if not isinstance(value, dict):
        return
    pattern = value.get("uriRegexRewrite")
    if text(value, "uri") and pattern is not None:
        words = "rewrites the path by both uri and uriRegexRewrite"
        related = (("uri",),)
        yield Said(Mistake.EXCLUSIVE, words, ("uriRegexRewrite",), "Keep one.", on_key=True, related=related)
    elif not text(value, "uri") and pattern is None and not text(value, "authority"):
        yield Said(
            Mistake.MISSING, "rewrites nothing", hint="Set uri, uriRegexRewrite or authority.", on_key=True
        )
    elif isinstance(pattern, dict):
        lacking = next((name for name in ("match", "rewrite") if not text(pattern, name)), None)
        problem = regex_problem(text(pattern, "match"))
        if lacking:
            at = ("uriRegexRewrite", lacking) if lacking in pattern else ("uriRegexRewrite",)
            yield Said(Mistake.MISSING, f"rewrites by an expression without {lacking}", at, f"Set {lacking}.")
        elif problem:
            words = f"rewrites by what {problem}"
            yield Said(Mistake.UNREADABLE, words, ("uriRegexRewrite", "match"))

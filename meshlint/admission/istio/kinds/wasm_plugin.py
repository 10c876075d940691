"""What istiod's webhook checks in a WasmPlugin, and in the module of a TrafficExtension."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from meshlint.admission.istio.parts.selectors import ONE_TARGET, TARGETED
from meshlint.admission.istio.vocabulary.mistake import Mistake
from meshlint.admission.istio.vocabulary.said import Check, Declared, Said, Scene
from meshlint.admission.istio.vocabulary.shape import shape
from meshlint.admission.istio.vocabulary.values import LARGEST_PORT, items, number, text
from meshlint.resources.schema.forms.urls import url_scheme
from meshlint.resources.schema.words.writing import quoted
from meshlint.values import regex

CHECKSUM: Final = regex("[a-f0-9]{64}")
SCHEMES: Final = ("", "file", "http", "https", "oci")


def _url(value: Any, _: Scene) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    url = text(value, "url")
    at = ("url",) if "url" in value else ()
    scheme = _scheme(url)
    if not url:
        yield Said(Mistake.MISSING, "names no url of its module", at, "Set url.", on_key=bool(at))
    elif scheme is None:
        yield Said(Mistake.UNREADABLE, f"names the url {quoted(url)}, which is none", at)
    elif scheme not in SCHEMES:
        words = f"names the url {quoted(url)}, whose scheme Istio does not know"
        yield Said(Mistake.UNREADABLE, words, at, "Use oci, http, https or file.")


def _scheme(url: str) -> str | None:
    """The scheme of a URL; a name of an image stands for one of http."""
    scheme = url_scheme(url)
    return url_scheme(f"http://{url}") if scheme is None else scheme


def _checksum(value: Any, _: Scene) -> Iterator[Said]:
    if isinstance(value, str) and value and not CHECKSUM.fullmatch(value):
        yield Said(
            Mistake.UNREADABLE, f"has the checksum {quoted(value)}", hint="64 digits, a to f and 0 to 9."
        )


def _at_most(length: int, what: str) -> Check:
    def check(value: Any, _: Scene) -> Iterator[Said]:
        if isinstance(value, str) and len(value.encode()) > length:
            yield Said(Mistake.NAME, f"has a {what} of more than {length} characters", hint="Shorten it.")

    return check


def _variables(value: Any, _: Scene) -> Iterator[Said]:
    """The webhook stops at the first variable that is wrong."""
    seen: set[str] = set()
    for index, variable in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(variable, dict):
            continue
        name = text(variable, "name")
        if not name:
            at = (index, "name") if "name" in variable else (index,)
            yield Said(Mistake.MISSING, "has a variable without a name", at, "Name it.")
            return
        if len(name.encode()) > 256:
            yield Said(
                Mistake.NAME, "has a variable with a name of more than 256 characters", (index, "name")
            )
            return
        if name in seen:
            yield Said(Mistake.TWICE, f"has the variable {quoted(name)} twice", (index, "name"))
            return
        seen.add(name)
        if text(variable, "value") and text(variable, "valueFrom") not in ("", "INLINE"):
            words = f"gives {quoted(name)} a value and takes it from elsewhere"
            related = ((index, "value"),)
            yield Said(Mistake.EXCLUSIVE, words, (index, "valueFrom"), "Keep one.", related=related)
            return


def _ports(value: Any, _: Scene) -> Iterator[Said]:
    for index, one in enumerate(items(value, "ports")):
        count = number(one, "number")
        if isinstance(one, dict) and not 1 <= count <= LARGEST_PORT:
            at = ("ports", index, "number") if "number" in one else ("ports", index)
            yield Said(Mistake.PORT, f"is for port {count:g}", at, "Ports are 1 to 65535.")
            return


MODULE: Declared = {
    "": _url,
    "sha256": _checksum,
    "imagePullSecret": _at_most(253, "imagePullSecret"),
    "pluginName": _at_most(256, "pluginName"),
    "vmConfig.env": _variables,
}
MATCH: Declared = {"match[]": _ports}
SHAPE: Final = shape({**TARGETED, **MODULE, **MATCH, "": (ONE_TARGET, _url)})

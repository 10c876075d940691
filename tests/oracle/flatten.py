"""The order in which rules are tried, read from the manifests without meshlint's own reading of them."""

from __future__ import annotations

from typing import Any

from tests.oracle.generate import PORT, Case, Sender

Line = tuple[str, str]
"""The name of a VirtualService, and where in its spec the rule stands."""


def flatten(case: Case) -> list[Line]:
    """The rules that are for the client, as Istio strings them together."""
    lists = [
        _lines(one, case.sender) for one in sorted(case.objects, key=lambda one: one["metadata"]["name"])
    ]
    if case.sender.gateway is None:
        return [line for line, _ in next((lines for lines in lists if lines), [])]
    lines = [line for each in lists for line in each]
    narrow = [line for line, catches_all in lines if not catches_all]
    return narrow + [line for line, catches_all in lines if catches_all]


def _lines(manifest: dict[str, Any], sender: Sender) -> list[tuple[Line, bool]]:
    """The rules of one VirtualService, up to the first that takes everything."""
    found: list[tuple[Line, bool]] = []
    for number, route in enumerate(manifest["spec"]["http"]):
        matches = [(f"http[{number}].match[{n}]", one) for n, one in enumerate(route.get("match", []))]
        for path, match in matches or [(f"http[{number}]", {})]:
            if _is_for(match, sender):
                found.append(((manifest["metadata"]["name"], path), _catches_all(match)))
                if found[-1][1]:
                    return found
    return found


def _is_for(match: dict[str, Any], sender: Sender) -> bool:
    if match.get("port", PORT) != PORT:
        return False
    if match.get("gateways"):
        return (sender.gateway or "mesh") in match["gateways"]
    labels = match.get("sourceLabels", {})
    namespace = match.get("sourceNamespace", sender.namespace)
    return namespace == sender.namespace and all(sender.labels.get(key) == labels[key] for key in labels)


def _catches_all(match: dict[str, Any]) -> bool:
    asked = {key for key in match if key not in ("port", "gateways", "sourceLabels", "sourceNamespace")}
    asked -= {"ignoreUriCase"}
    return not asked or (asked == {"uri"} and match["uri"] in ({"prefix": "/"}, {"regex": ".*"}))

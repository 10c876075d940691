"""Whether ztunnel takes plaintext, against the policies that istiod makes, written out rule by rule.

The reference here keeps istiod's two steps apart, as the code does: which policies are attached to a
workload, and what each policy holds (istiod: convertedSelectorPeerAuthentications,
convertPeerAuthentication).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.api import read_texts
from meshlint.security.transport.ztunnel import plaintext_at_ztunnel
from tests.security.istio_worlds import namespace, workload

Policy = dict[str, Any]
ROOT, SHOP = "istio-system", "shop"
PORTS = (8080, 9090, 7070)
OPEN = ("PERMISSIVE", "DISABLE")
MODES = st.sampled_from([None, "UNSET", "STRICT", "PERMISSIVE", "DISABLE"])
SELECTORS = st.sampled_from([None, None, {}, {"matchLabels": {"app": "web"}}, {"matchLabels": {"app": "x"}}])


@st.composite
def policies(draw: st.DrawFn) -> list[Policy]:
    found: list[Policy] = []
    for place in draw(st.lists(st.sampled_from([ROOT, SHOP, SHOP, SHOP]), max_size=4)):
        spec: Policy = {}
        mode, selector = draw(MODES), draw(SELECTORS)
        if mode is not None:
            spec["mtls"] = {"mode": mode}
        if selector is not None:
            spec["selector"] = selector
        if selector is not None and selector.get("matchLabels"):
            ports = draw(st.dictionaries(st.sampled_from(PORTS[:2]), MODES.filter(bool), max_size=2))
            if ports:
                spec["portLevelMtls"] = {str(port): {"mode": mode} for port, mode in ports.items()}
        found.append({"name": f"p{len(found)}", "namespace": place, "spec": spec})
    return found


def mode(policy: Policy | None) -> str:
    return "UNSET" if policy is None else policy["spec"].get("mtls", {}).get("mode", "UNSET")


def ports(policy: Policy) -> dict[int, str]:
    return {int(port): one["mode"] for port, one in policy["spec"].get("portLevelMtls", {}).items()}


def labels(policy: Policy) -> dict[str, str]:
    return dict((policy["spec"].get("selector") or {}).get("matchLabels", {}))


def first(found: Iterator[Policy]) -> Policy | None:
    return next(found, None)


def static(given: list[Policy]) -> bool:
    """Whether the static policy is attached to `app: web` of `shop`; the policies come oldest first."""
    seen = [
        one
        for one in given
        if ("selector" not in one["spec"])
        or (one["namespace"] == SHOP and labels(one).items() <= {"app": "web"}.items())
    ]
    mesh = first(one for one in seen if one["namespace"] == ROOT)
    wide = first(one for one in seen if one["namespace"] == SHOP and not labels(one))
    own = first(one for one in seen if one["namespace"] == SHOP and labels(one))
    strict = mode(mesh) == "STRICT"
    if mode(wide) != "UNSET":
        strict = mode(wide) == "STRICT"
    if own is None:
        return strict
    if mode(own) != "UNSET":
        strict = mode(own) == "STRICT"
    held = set(ports(own).values())
    if mode(own) == "STRICT" and held & set(OPEN):
        return False
    if mode(own) == "UNSET" and strict and "PERMISSIVE" in held:
        return False
    return strict


def groups(policy: Policy, wide: Policy | None, mesh: Policy | None) -> list[list[tuple[str, int]]]:
    """The groups of a policy's rules, of which one has to match as a whole."""
    found: list[list[tuple[str, int]]] = []
    rules: list[tuple[str, int]] = [("nobody", 0)] if mode(policy) == "STRICT" else []
    has_open = False
    for port, one in ports(policy).items():
        if one == "STRICT":
            parent = mode(policy) == "UNSET" and mode(wide) == "STRICT" and wide is not None
            above = (wide is None or mode(wide) == "UNSET") and mode(mesh) == "STRICT"
            if mode(policy) == "STRICT" or parent or above:
                continue
            found.append([("nobody", 0), ("port", port)])
        elif one in OPEN:
            if mode(policy) in OPEN:
                continue
            loose = (wide is not None and mode(wide) != "STRICT") or (wide is None and mode(mesh) != "STRICT")
            if mode(policy) == "UNSET" and loose:
                continue
            has_open = True
            rules.append(("not port", port))
    if mode(policy) == "STRICT" and not has_open:
        return []
    merged = mode(mesh) == "STRICT" and (wide is None or mode(wide) in ("UNSET", "STRICT"))
    if (merged or mode(wide) == "STRICT") and has_open:
        rules.append(("nobody", 0))
    return [*found, rules] if rules else found


def refuses(group: list[tuple[str, int]], port: int) -> bool:
    """Whether a group matches plaintext to a port."""
    tests = {"nobody": True}
    return all(
        tests.get(kind, port == number if kind == "port" else port != number) for kind, number in group
    )


def taken(given: list[Policy], port: int) -> bool:
    """Whether plaintext is let in to a port, where the policies come oldest first."""
    bare = [one for one in given if "selector" not in one["spec"]]
    wide = first(one for one in bare if one["namespace"] == SHOP)
    mesh = first(one for one in bare if one["namespace"] == ROOT)
    attached = [
        one
        for one in given
        if one["namespace"] == SHOP
        and ports(one)
        and labels(one)
        and labels(one).items() <= {"app": "web"}.items()
    ]
    denied = any(refuses(group, port) for one in attached for group in groups(one, wide, mesh))
    return not denied and not static(given)


@settings(max_examples=300, deadline=None)
@given(policies())
def test_plaintext_comes_in_where_no_policy_of_istiod_denies_it(given: list[Policy]) -> None:
    objects = [
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": one["name"], "namespace": one["namespace"]},
            "spec": one["spec"],
        }
        for one in given
    ]
    documents = [
        namespace(SHOP, "istio.io/dataplane-mode: ambient"),
        workload("web", SHOP),
        *map(json.dumps, objects),
    ]
    mesh = read_texts({"mesh.yaml": "\n---\n".join(documents)}).mesh
    (server,) = mesh.workloads.all
    for port in PORTS:
        expected = {taken(list(order), port) for order in permutations(given)}
        assert plaintext_at_ztunnel(mesh, server, port).answers == expected

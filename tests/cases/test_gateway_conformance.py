"""The conformance tests of the Gateway API: the status of each of their objects is what they expect."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshlint.api import ReadOptions, read_texts
from meshlint.reports.status.answer import ObjectStatus, StatusCondition
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
SUITE = SHARED / "corpus" / "kubernetes-sigs+gateway-api" / "conformance"
ISTIO, ANY = "istio.io/gateway-controller", "example.com/gateway-controller"
INFRA, WEB = "gateway-conformance-infra", "gateway-conformance-web-backend"

EXPECTED = Path(__file__).with_name("gateway_conformance.txt")
"""What the tests expect to fail, and what beside it they look at: all else has to be met."""

OPEN = {
    (ANY, "gatewayclass-observed-generation-bump"): "whether the controller of a class runs",
    (ANY, "gateway-invalid-parameters-ref"): "whether a controller knows a kind of parameters is its own",
    (ANY, "httproute-invalid-backendref-unknown-kind"): "whether a controller knows a kind is its own",
    (ANY, "tlsroute-invalid-backendref-unknown-kind"): "whether a controller knows a kind is its own",
    (ANY, "gateway-static-addresses"): "whether a controller knows a type of addresses is its own",
    (ANY, "tlsroute-listener-terminate-not-supported"): "only for controllers that cannot end TLS",
    (ANY, "tlsroute-listener-mixed-termination-not-supported"): "only for controllers that cannot mix",
    (ISTIO, "httproute-backend-request-redirect"): "Istio redirects by rule, not by backend",
    (ISTIO, "httproute-backend-url-rewrite"): "Istio rewrites paths by rule, not by backend",
    (ISTIO, "tlsroute-listener-terminate-not-supported"): "only for controllers that cannot end TLS",
    (ISTIO, "tlsroute-listener-mixed-termination-not-supported"): "only for controllers that cannot mix",
}
"""Expectations that depend on what a controller supports."""

_PEM = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
_SECRETS = (
    "tls-validity-checks-certificate tls-terminate-checks-certificate tls-passthrough-checks-certificate "
    "tls-validity-checks-client-certificate tls-validity-checks-per-port-client-certificate "
    "tls-checks-certificate tls-checks-client-certificate certificate"
)
_AUTHORITIES = (
    "tls-checks-ca-certificate mismatch-ca-certificate tls-validity-checks-ca-certificate "
    "tls-validity-checks-per-port-ca-certificate"
)


def _made(controller: str) -> Iterator[dict[str, Any]]:
    """What the suite makes itself before its tests run."""
    yield {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "GatewayClass",
        "metadata": {"name": "conformance"},
        "spec": {"controllerName": controller},
    }
    pair = {key: b64encode(_PEM.encode()).decode() for key in ("tls.crt", "tls.key")}
    for namespace, names in ((INFRA, _SECRETS), (WEB, "certificate")):
        for name in names.split():
            yield {"apiVersion": "v1", "kind": "Secret", "metadata": _meta(namespace, name), "data": pair}
    for name in _AUTHORITIES.split():
        content = {"ca.crt": _PEM}
        yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _meta(INFRA, name), "data": content}


def _meta(namespace: str, name: str) -> dict[str, str]:
    return {"namespace": namespace, "name": name}


@cache
def _base(controller: str) -> dict[str, str]:
    found = {"base.yaml": _text("base/manifests.yaml", controller)}
    found["made.yaml"] = "\n---\n".join(json.dumps(one) for one in _made(controller))
    return found


def _text(name: str, controller: str) -> str:
    """A manifest of the suite; its objects are made one after the other."""
    text = (SUITE / name).read_text().replace("{GATEWAY_CLASS_NAME}", "conformance")
    text = text.replace("{GATEWAY_CONTROLLER_NAME}", controller)
    documents = [one for one in yaml.safe_load_all(text) if one]
    for second, one in enumerate(documents):
        one["metadata"]["creationTimestamp"] = f"2024-01-01T00:{second // 60:02}:{second % 60:02}Z"
    return "\n---\n".join(json.dumps(one) for one in documents)


def texts(controller: str, name: str) -> dict[str, str]:
    """The manifests of one test, with what the suite makes before it."""
    return {**_base(controller), "test.yaml": _text(f"tests/{name}.yaml", controller)}


def _objects(controller: str, name: str) -> list[ObjectStatus]:
    told = read_texts(texts(controller, name), ReadOptions(complete=True)).status().objects
    return [one for one in told if one.location.file == "test.yaml"]


@cache
def _expected() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines = EXPECTED.read_text().splitlines()
    for line in (one for one in lines if not one.startswith("#")):
        if line.startswith(" "):
            found[list(found)[-1]].append(line.strip())
        else:
            found[line] = []
    return found


def _places(told: ObjectStatus, place: str) -> Iterator[tuple[StatusCondition, ...]]:
    """The conditions at a listener, at the parents and ancestors of a kind, or wherever there are any."""
    if place and not place.startswith("@"):
        yield from (one.conditions for one in told.listeners if one.name == place)
        return
    if not place:
        yield told.conditions
    kind = place.removeprefix("@")
    for one in (*told.parents, *told.ancestors):
        # At Services, Istio tells of policies for itself; the tests look at Gateways.
        if one.label.startswith(kind or ("Gateway" if told.ancestors else "")):
            yield one.conditions


def _unlike(objects: list[ObjectStatus], line: str) -> Iterator[str]:
    """What is computed other than a line expects it."""
    where, _, wanted = line.partition(": ")
    kind, name, place = (*where.split(" ", 2), "")[:3]
    told = next((one for one in objects if (one.kind, one.name) == (kind, name)), None)
    if told is None:
        yield f"{line}, but there is no such object"
        return
    if wanted.endswith(" attached"):
        counts = [one.attached_routes for one in told.listeners if one.name == place]
        if counts != [int(wanted.split()[0])]:
            yield f"{line}, but {counts}"
        return
    wanted_type, status, reason = (*wanted.split(), "")[:3]
    found = [one for each in _places(told, place) for one in each if one.type == wanted_type]
    if not found or any(one.status != status or reason not in ("", one.reason) for one in found):
        yield f"{line}, but {[(one.status, one.reason) for one in found]}"


def _unmet(told: ObjectStatus) -> Iterator[str]:
    """What is not met of an object of which nothing is expected to fail.

    Whether something is programmed, no file tells.
    """
    inner = [one for part in (*told.parents, *told.ancestors) for one in part.conditions]
    inner += [one for part in told.listeners for one in part.conditions]
    for one in (*told.conditions, *inner):
        if one.is_bad or (one.status == "Unknown" and one.type != "Programmed") or told.refused:
            yield f"{told.kind} {told.name}: {one.type} {one.status} {one.reason} ({one.message})"


def left_open(controller: str, name: str) -> str:
    """Why no manifest tells what a test expects; empty where they do."""
    if controller == ISTIO and name.startswith("udproute"):
        return "Istio has no UDPRoute"
    return OPEN.get((controller, name), "")


def unlike(controller: str, name: str) -> list[str]:
    """What is computed of the objects of a test otherwise than it expects."""
    objects = _objects(controller, name)
    lines = _expected().get(name, [])
    mentioned = {tuple(line.partition(":")[0].split(" ")[:2]) for line in lines}
    wrong = [text for line in lines for text in _unlike(objects, line)]
    return wrong + [text for one in objects if (one.kind, one.name) not in mentioned for text in _unmet(one)]


def names() -> list[str]:
    """The tests of the suite."""
    return sorted(one.stem for one in (SUITE / "tests").glob("*.yaml"))


@pytest.mark.parametrize("controller", [ANY, ISTIO])
@pytest.mark.parametrize("name", names())
def test_what_the_suite_expects(name: str, controller: str) -> None:
    if reason := left_open(controller, name):
        pytest.skip(reason)
    wrong = unlike(controller, name)
    assert not wrong, "\n".join(wrong)
    objects = _objects(controller, name)
    assert any(one.conditions or one.parents or one.ancestors for one in objects)


def test_every_expectation_is_looked_at() -> None:
    assert set(_expected()) <= set(names())

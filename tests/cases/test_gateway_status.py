"""The conditions that istiod writes into status, against those that are computed from the files alone."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from meshlint.api import ReadOptions, read_texts
from meshlint.reports.status.answer import (
    NEGATIVE,
    ObjectStatus,
    StatusAnswer,
    StatusCondition,
    StatusListener,
    StatusReference,
)
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
CASES = SHARED / "cases" / "gateway-status"
Row = dict[str, Any]

UNDECIDABLE = {
    ("Gateway", "Programmed", "AddressNotUsable"): "the Service at its address is in no file",
    (
        "Gateway",
        "Programmed",
        "AddressNotAssigned",
    ): "Istio deploys it, and no file shows its address",
    ("ListenerSet", "Programmed", "AddressNotUsable"): "the Service of its Gateway is in no file",
    ("Gateway", "Accepted", "ListenersNotValid"): "the certificates of its only listeners are in no file",
    ("ListenerSet", "Accepted", "ListenersNotValid"): "the certificates of its only listeners are in no file",
    ("Gateway", "Programmed", "Invalid"): "the certificate of the listener is in no file",
    ("ListenerSet", "Programmed", "Invalid"): "the certificate of the listener is in no file",
    ("Gateway", "ResolvedRefs", "InvalidCertificateRef"): "the certificate of the listener is in no file",
    ("ListenerSet", "ResolvedRefs", "InvalidCertificateRef"): "the certificate of the listener is in no file",
    ("Gateway", "ResolvedRefs", "InvalidClientCertificateRef"): "the certificate for backends is in no file",
    ("HTTPRoute", "Accepted", "NotAllowedByListeners"): "the labels of the route's namespace are in no file",
    ("HTTPRoute", "Accepted", "NoMatchingParent"): "the Service that is the parent is in no file",
    ("HTTPRoute", "ResolvedRefs", "BackendNotFound"): "a Service that is a backend is in no file",
    ("TCPRoute", "ResolvedRefs", "BackendNotFound"): "a Service that is a backend is in no file",
    ("TLSRoute", "ResolvedRefs", "BackendNotFound"): "a Service that is a backend is in no file",
    ("BackendTLSPolicy", "Accepted", "TargetNotFound"): "the Service that is the target is in no file",
    (
        "BackendTLSPolicy",
        "Accepted",
        "NoValidCACertificate",
    ): "the ConfigMap of the authority is in no file",
    ("BackendTLSPolicy", "ResolvedRefs", "InvalidCACertificateRef"): "the ConfigMap is in no file",
    ("XBackendTrafficPolicy", "Accepted", "TargetNotFound"): "the Service that is the target is in no file",
}
"""Why no file decides a condition, by the kind of object, the condition, and the reason if it is not met."""

OPEN_IN_THE_WORLD = {
    ("Gateway", "Programmed", "AddressNotAssigned"): "Istio deploys it when it runs",
    ("HTTPRoute", "ResolvedRefs", "BackendNotFound"): "an InferencePool, which is out of the subject",
    ("BackendTLSPolicy", "Accepted", "Conflicted"): "the ages of two policies for one target are in no file",
}
"""What stays open beside the Services, Secrets and labels that the recording took for granted."""

_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
_KEY = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
_SERVICES = {
    "istio-system": "httpbin istiod",
    "default": "httpbin httpbin-second httpbin-other httpbin-zero httpbin-alt httpbin-mirror httpbin-bad "
    "httpbin-wildcard httpbin-foo echo foo-svc svc4",
    "allowed-1": "a-example b-example svc1 svc2",
    "allowed-2": "a-example svc2 svc3",
    "service": "my-svc",
    "group-namespace1": "httpbin",
    "group-namespace2": "httpbin",
}
_LABELS = {
    "group-namespace1": "group",
    "group-namespace2": "group",
    "allowed-1": "allowed",
    "allowed-2": "allowed",
    "default": "none",
}
_SECRETS = ("istio-system/my-cert", "istio-system/my-cert-http", "bookinfo/bookinfo-secret")
_MORE_SECRETS = ("ns2/ns2-cert", "ns3/ns3-cert", "ns4/ns4-cert")


@cache
def _rows() -> tuple[Row, ...]:
    lines = (CASES / "conditions.jsonl").read_text().splitlines()
    return tuple(json.loads(line) for line in lines)


def _world() -> Iterator[dict[str, Any]]:
    """What the recording took for granted, in the least words: names, ports and labels."""
    ports = [{"name": f"p{number}", "port": number} for number in (80, 443, 8443, 34000, 34001)]
    yield _object(
        "Service", "istio-system", "istio-ingressgateway", spec={"ports": ports, "selector": {"a": "b"}}
    )
    for namespace, names in _SERVICES.items():
        for name in names.split():
            spec = {"selector": {"app": name}, "ports": [{"name": "http", "port": 80}]}
            yield _object("Service", namespace, name, spec=spec)
    for namespace, part in _LABELS.items():
        metadata = {"name": namespace, "labels": {"istio.io/test-name-part": part}}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    pair = {
        "tls.crt": b64encode(_CERTIFICATE.encode()).decode(),
        "tls.key": b64encode(_KEY.encode()).decode(),
    }
    for secret in (*_SECRETS, *_MORE_SECRETS):
        namespace, _, name = secret.partition("/")
        yield _object("Secret", namespace, name, data=pair)
    yield _object("Secret", "istio-system", "malformed", data={"tls.crt": "aGVsbG8=", "tls.key": "aGVsbG8="})
    yield _object("ConfigMap", "default", "auth-cert", data={"ca.crt": _CERTIFICATE})
    yield _object("ConfigMap", "default", "malformed", data={"other": _CERTIFICATE})


def _object(kind: str, namespace: str, name: str, **more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, **more}


@cache
def _answer(name: str, *, with_world: bool) -> StatusAnswer:
    texts = {name: (CASES / "inputs" / name).read_text()}
    if with_world:
        texts["world.yaml"] = "\n---\n".join(json.dumps(one) for one in _world())
    return read_texts(texts, ReadOptions(complete=with_world)).status()


def _told(row: Row, *, with_world: bool) -> tuple[StatusCondition | None, StatusListener | None]:
    """What is computed for a row, with the listener if it is about one."""
    place = (row["kind"], row["namespace"] or "", row["name"])
    objects = _answer(row["input"], with_world=with_world).objects
    found = next((one for one in objects if (one.kind, one.namespace, one.name) == place), None)
    if found is None:
        return None, None
    listener = next((one for one in found.listeners if one.name == row.get("listener")), None)
    conditions = _conditions(row, found, listener)
    return next((one for one in conditions if one.type == row["type"]), None), listener


def _conditions(
    row: Row, found: ObjectStatus, listener: StatusListener | None
) -> tuple[StatusCondition, ...]:
    if "listener" in row:
        return listener.conditions if listener is not None else ()
    wanted = row.get("parent") or row.get("ancestor")
    if wanted is None:
        return found.conditions
    same = [one for one in (*found.parents, *found.ancestors) if _written(one) == wanted]
    return tuple(each for one in same if one.controller == row["controller"] for each in one.conditions)


def _written(one: StatusReference) -> dict[str, Any]:
    keys = {
        "group": one.group,
        "kind": one.kind,
        "namespace": one.namespace,
        "name": one.name,
        "sectionName": one.section_name,
        "port": one.port,
    }
    return {key: value for key, value in keys.items() if value is not None}


def faults(*, with_world: bool) -> tuple[list[object], set[tuple[str, str, str]], int]:
    """Wrong answers, what stays open, and how many rows are decided."""
    wrong: list[object] = []
    open_ones: set[tuple[str, str, str]] = set()
    decided = 0
    for row in _rows():
        told, listener = _told(row, with_world=with_world)
        if told is None:
            wrong.append((row, None))
        elif told.status == "Unknown":
            open_ones.add((row["kind"], row["type"], told.reason))
        else:
            decided += 1
            if (told.status, told.reason) != (row["status"], row["reason"]):
                wrong.append((row, told))
        if listener is not None:
            most = listener.attached_routes + listener.may_attach
            if not listener.attached_routes <= row["attachedRoutes"] <= most:
                wrong.append((row, listener))
    return wrong, open_ones, decided


def troubled() -> Iterator[bool]:
    """Of each object with a condition that is not met, whether what is decided of it is as istiod has it."""
    objects: dict[tuple[str, ...], list[tuple[Row, StatusCondition | None]]] = {}
    for row in _rows():
        told = _told(row, with_world=True)[0]
        if told is None or told.status != "Unknown":
            place = (row["input"], row["kind"], row["namespace"] or "", row["name"])
            objects.setdefault(place, []).append((row, told))
    for found in objects.values():
        if any(row["status"] == ("True" if row["type"] in NEGATIVE else "False") for row, _ in found):
            yield all(
                told is not None and (told.status, told.reason) == (row["status"], row["reason"])
                for row, told in found
            )


def test_objects_with_a_condition_that_is_not_met_are_told_as_istiod_has_them() -> None:
    found = list(troubled())
    assert all(found)
    assert len(found) > 50


def test_what_files_decide_is_what_istiod_writes() -> None:
    wrong, open_ones, decided = faults(with_world=False)
    assert wrong == []
    assert open_ones == set(UNDECIDABLE)
    assert decided >= 0.75 * len(_rows())


def test_beside_what_the_recording_takes_for_granted_nearly_all_is_decided() -> None:
    wrong, open_ones, decided = faults(with_world=True)
    assert wrong == []
    assert open_ones == set(OPEN_IN_THE_WORLD)
    assert decided >= 0.98 * len(_rows())


@pytest.mark.parametrize("name", ["route-binding.yaml", "listenerset-hostname-conflict.yaml"])
def test_the_order_of_documents_does_not_matter(name: str) -> None:
    parts = (CASES / "inputs" / name).read_text().split("\n---\n")
    back = read_texts({name: "\n---\n".join(reversed(parts))}).status()
    plain = _answer(name, with_world=False)

    def said(answer: StatusAnswer) -> set[tuple[str, ...]]:
        return {
            (one.kind, one.namespace, one.name, each.type, each.status, each.reason)
            for one in answer.objects
            for each in one.all_conditions
        }

    assert said(back) == said(plain)

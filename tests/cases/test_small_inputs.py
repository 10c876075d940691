"""Small inputs of which a person said what is right, out of real clusters and of audits.

The first comment of each file, or the README beside it, tells what is right.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import frozen

from meshlint.api import NothingFound, Request, check
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
CASES = SHARED / "cases"
NO_MTLS = ("MTLS001",)
"""That nothing demands mTLS is true of most of these, and not what they are about."""


@frozen
class Case:
    """What is said of one input at warning or above: of each rule the objects, and nothing else.

    `noted` must be told at any severity; `words` are in what is told, and `unsaid` are not.
    """

    path: str
    told: tuple[tuple[str, str], ...] = ()
    noted: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    profile: str = "default"


ROWS = (
    Case(
        "gitops/custom-policy-exact-host.yaml",
        (("AUTHZ055", "ingress/login-first"), ("AUTHZ055", "ingress/never")),
    ),
    Case(
        "gitops/egress-written-as-inbound-policy.yaml",
        (("AUTHZ440", "shop/bucket-access"),),
        words=("every call is denied",),
        unsaid=("any caller may use it",),
    ),
    Case(
        "gitops/envoyfilter-gateway-context-on-sidecar.yaml",
        (("ROUTE290", "istio-system/head"), ("UPGRADE030", "istio-system/head")),
    ),
    Case("gitops/flux-substitution-host.yaml"),
    Case("gitops/flux-target-namespace"),
    Case("gitops/gateway-policy-by-principal.yaml", (("AUTHZ048", "ingress/only-login"),)),
    Case("gitops/helmrelease-without-namespace.yaml"),
    Case("gitops/labels-in-kustomization"),
    Case("gitops/mtls-disable-on-port-the-service-lacks.yaml", (("SUBSET017", "shop/till"),)),
    Case("gitops/patched-base"),
    Case("gitops/placeholder-name.yaml", (("HYGIENE001", ""),), words=("placeholder in brackets",)),
    Case("gitops/root-namespace-in-helmrelease.yaml", (("MTLS002", "mesh/default"),)),
    Case("gitops/rule-selector-on-service-labels.yaml", (("SUBSET030", "shop/till"),)),
    Case("gitops/session-persistence-released-fields.yaml"),
    Case("gitops/sops-encrypted.yaml"),
    Case("gitops/tsconfig.json"),
    Case("gitops/two-catch-alls-one-host.yaml", (("ROUTE032", "shop/delay"),)),
    Case("gitops/yes-label"),
    Case("audits/authz047-namespace-written-twice.yaml"),
    Case(
        "audits/authz230-240-contradictory-effects.yaml",
        (("SCHEMA002", "shop/other"), ("SCHEMA004", "shop/cache")),
    ),
    Case("audits/authz258-flux-substitution.yaml"),
    Case("audits/gateway101-102-gateway-written-twice.yaml"),
    Case("audits/hygiene001-message.yaml", (("HYGIENE001", ""),), words=("after a quoted value",)),
    Case(
        "audits/miss-document-beside-conflict.yaml",
        (("HYGIENE004", ""), ("SUBSET001", "shop/web")),
    ),
    Case(
        "audits/miss-host-characters.yaml",
        (
            ("GATEWAY057", "shop/edge"),
            ("GATEWAY057", "shop/edge"),
            ("SCHEMA020", "shop/out"),
            ("SCHEMA020", "shop/web"),
        ),
    ),
    Case(
        "audits/miss-http-allow-on-tcp-workload.yaml",
        (("AUTHZ033", "shop/all"),),
        unsaid=("any caller may use it",),
    ),
    Case(
        "audits/miss-injection-label-on-pod.yaml",
        (("SCHEMA012", "shop/one"), ("SCHEMA012", "shop/two")),
    ),
    Case("audits/miss-istiooperator-version.yaml", (("SCHEMA009", "istio-system/mesh"),)),
    Case("audits/miss-narrower-allow.yaml", (("AUTHZ442", "shop/narrow"),)),
    Case(
        "audits/miss-placeholder-in-host.yaml",
        (("GATEWAY057", "shop/edge"), ("SCHEMA020", "shop/web")),
    ),
    Case("audits/miss-spiffe-in-request-principals.yaml", (("AUTHZ441", "shop/web"),)),
    Case("audits/nearest-version", (("ROUTE013", "default/web"),)),
    Case("audits/observe003-canonical-name.yaml"),
    Case("audits/placeholders-everywhere.yaml"),
    Case("audits/port061-load-balancer-ends-tls.yaml"),
    Case(
        "audits/resil012-max-connections-queues.yaml",
        (("RESIL012", "shop/cart"),),
        words=("waits for the first",),
        unsaid=("503",),
        profile="strict",
    ),
    Case("audits/route065-rollout-experiment.yaml"),
    Case(
        "audits/subset001-egress-gateway-other-namespaces.yaml",
        noted=(("SUBSET031", "shop/egress-for-api"),),
    ),
)


def _findings(case: Case) -> list[Finding]:
    request = Request(profile=case.profile, no_config=True, gitignore=False)
    try:
        found = check([str(CASES / case.path)], request).findings
    except NothingFound:
        return []
    return [one for one in found if one.rule not in NO_MTLS]


def _told(found: list[Finding]) -> list[tuple[str, str]]:
    return sorted(
        (one.rule, "" if one.object is None else f"{one.object.namespace}/{one.object.name}")
        for one in found
        if one.severity >= Severity.WARNING
    )


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.path)
def test_what_is_right_is_said_and_nothing_else(case: Case) -> None:
    found = _findings(case)
    assert _told(found) == sorted(case.told)
    notes = [(one.rule, f"{one.object.namespace}/{one.object.name}") for one in found if one.object]
    assert [note for note in case.noted if note not in notes] == []
    messages = " ".join(one.message for one in found)
    assert [words for words in case.words if words not in messages] == []
    assert [words for words in case.unsaid if words in messages] == []


def _inputs(folder: str) -> list[str]:
    return [f"{folder}/{path.name}" for path in Path(CASES / folder).iterdir() if path.name != "README.md"]


def test_every_input_is_held() -> None:
    assert sorted(case.path for case in ROWS) == sorted([*_inputs("audits"), *_inputs("gitops")])

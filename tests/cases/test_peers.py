"""Small inputs of which the meshes' own code, or another checker, says what is right, and what meshlint says.

The first line of each file tells what is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen

from meshlint.api import AccessRequest, Project, Request, Verdict, check, load
from meshlint.engine.finding import Finding
from meshlint.engine.rule import Severity
from meshlint.resources import Resource
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
PEERS = SHARED / "cases" / "peers"


@frozen
class Case:
    """What must and must not be said of one file.

    `refused` names the objects that the cluster does not take, `told` pairs of a rule and a part of what it
    is told of, where an empty rule is any that warns, and `silent` the rules that must not speak. `left_out`
    are pairs that the first line asks for and nothing tells.
    """

    file: str
    refused: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    silent: tuple[str, ...] = ()
    unsaid: str = ""
    left_out: tuple[tuple[str, str], ...] = ()
    complete: bool = False
    istio: str = ""
    mesh_config: str = ""


def _refused(file: str, count: int, *, istio: str = "") -> Case:
    return Case(file, tuple(f"{file}-{number}" for number in range(count)), istio=istio)


# The verdicts were recorded with the development branch of 1.32, which has fields that no release knows.
RECORDED = "1.32"
CASES = (
    Case(
        "auto-mtls-off-policy",
        told=(("AUTHZ085", "AuthorizationPolicy shop/only-web"),),
        mesh_config="enableAutoMtls: false",
    ),
    _refused("connection-pool", 7, istio=RECORDED),
    _refused("delegate-shape", 2),
    Case("envoyfilter-shape", refused=("shapes",)),
    Case(
        "false-gateway-credential-and-certificate",
        taken=("false-gateway-credential-and-certificate-0",),
        silent=("GATEWAY053",),
    ),
    Case(
        "false-static-without-endpoints",
        taken=("false-static-without-endpoints-0",),
        told=(("EGRESS001", "ServiceEntry shop/false-static-without-endpoints-0"),),
        unsaid="rejects",
    ),
    Case("flow-ipv6", taken=("v6",), silent=("HYGIENE001",)),
    Case("gateway-api-backend-kinds", told=(("", "HTTPRoute shop/bucket"),)),
    Case("gateway-api-missing-secret", told=(("", "Gateway "),), complete=True),
    Case(
        "gateway-api-references",
        told=tuple(
            ("", f"Gateway edge/{name}")
            for name in ("cert-kind", "route-kind", "protocol-case", "parameters-kind")
        ),
        # Istio deploys a Gateway with one IP address itself (Istio: `IsManaged`), and refuses an address that
        # is no host only where it does not; so too the status that the recorded conditions have of one.
        left_out=(("", "Gateway edge/address-type"),),
    ),
    Case("gateway-api-released-fields", silent=("SCHEMA001",)),
    _refused("gateway-server-ports", 4),
    _refused("gateway-tls-files", 5),
    Case("injector-configmap", told=(("INJECT016", "Namespace plain"),)),
    Case("istio-gateway-secret-missing", told=(("GATEWAY066", "Gateway edge/shop"),), complete=True),
    Case("linkerd-egress-route-kinds", told=(("ROUTE173", "HTTPRoute shop/two"),)),
    Case("linkerd-known-by-parent", told=(("ROUTE110", "TLSRoute"), ("ROUTE110", "TCPRoute"))),
    Case("linkerd-limit-target-kind", refused=("of-deployment",), silent=("AUTHZ386",)),
    Case(
        "listenerset-semantics",
        told=(
            ("GATEWAY146", "ListenerSet edge/guest"),
            ("GATEWAY110", "ListenerSet edge/twice"),
            ("GATEWAY140", "ListenerSet edge/twice"),
        ),
    ),
    _refused("locality-settings", 8, istio=RECORDED),
    Case("mtls-disabled-without-services", told=(("MTLS004", "DestinationRule shop/plain"),)),
    _refused("outlier-percent", 3),
    Case(
        "policy-in-empty-namespace",
        told=(("AUTHZ031", "AuthorizationPolicy attic/all"),),
        complete=True,
    ),
    _refused("request-authentication-rule", 2),
    _refused("serviceentry-dynamic-dns", 4),
    _refused("sidecar-default-endpoint", 4),
    Case(
        "sidecar-egress-proxy",
        refused=("sidecar-egress-proxy-0", "sidecar-egress-proxy-1"),
        taken=("sidecar-egress-proxy-2",),
        told=(("", "Sidecar shop/sidecar-egress-proxy-2"),),
    ),
    _refused("sidecar-host-parts", 2),
    _refused("sidecar-ingress-tls", 5),
    _refused("sidecar-listener-ports", 3),
    _refused("target-reference-kind", 4),
    Case("telemetry-filter-without-provider", told=(("OBSERVE040", "Telemetry istio-system/logs"),)),
    Case("trust-domain-suffix-wildcard"),
    Case(
        "unknown-and-misplaced-annotations",
        told=(
            ("SCHEMA011", "Service shop/till"),
            ("SCHEMA011", "Ingress shop/door"),
            ("SCHEMA012", "Namespace shop"),
            ("SCHEMA012", "Deployment shop/till"),
        ),
    ),
    _refused("virtualservice-headers", 3),
    _refused("virtualservice-malformed-names", 4),
    _refused("virtualservice-rewrite", 3),
    _refused("virtualservice-status-codes", 7),
    _refused("virtualservice-without-routes", 3),
    _refused("workloadgroup", 2),
)


def _request(case: Case, tmp_path: Path) -> Request:
    config = tmp_path / "mesh.yaml"
    config.write_text(case.mesh_config)
    return Request(
        profile="pedantic",
        no_config=True,
        gitignore=False,
        assume="complete" if case.complete else None,
        mesh_config=(config,) if case.mesh_config else (),
        versions={"istio": case.istio} if case.istio else {},
    )


def _named(project: Project, names: tuple[str, ...]) -> Iterator[tuple[str, Resource]]:
    for name in names:
        yield name, next(one for one in project.resources.resources if one.name == name)


def _is_about(finding: Finding, about: str) -> bool:
    return about in str(finding.object) and finding.severity >= Severity.INFO


def _wrong(case: Case, request: Request) -> list[str]:
    """What is not as it must be."""
    paths = [str(PEERS / f"{case.file}.yaml")]
    project, findings = load(paths, request), check(paths, request).findings
    errors = {str(one.object) for one in findings if one.severity is Severity.ERROR}
    wrong = []
    for name, resource in _named(project, case.refused):
        if project.admission.of(resource).is_taken or str(resource) not in errors:
            wrong.append(f"{name} is not refused")
    for name, resource in _named(project, case.taken):
        if not project.admission.of(resource).is_taken:
            wrong.append(f"{name} is refused")
    for rule, about in (*case.told, *case.left_out):
        said = any(one.rule in (rule or one.rule,) and _is_about(one, about) for one in findings)
        if said is ((rule, about) in case.left_out):
            wrong.append(f"{rule or 'any rule'} says {'something' if said else 'nothing'} of {about}")
    wrong += [f"{one.rule} speaks: {one.message}" for one in findings if one.rule in case.silent]
    wrong += [one.message for one in findings if case.unsaid and case.unsaid in one.message]
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_what_is_right_is_said(case: Case, tmp_path: Path) -> None:
    assert _wrong(case, _request(case, tmp_path)) == []


def test_every_file_is_held() -> None:
    assert [case.file for case in CASES] == sorted(path.stem for path in PEERS.glob("*.yaml"))


@cache
def _suffixed() -> Project:
    return load([str(PEERS / "trust-domain-suffix-wildcard.yaml")], Request(no_config=True, gitignore=False))


@pytest.mark.parametrize(
    ("caller", "verdict"),
    [
        ("other.local/ns/foo/sa/client", Verdict.ALLOW),
        ("cluster.local/ns/foo/sa/client", Verdict.ALLOW),
        ("local.other/ns/foo/sa/client", Verdict.DENY),
        ("other.local/ns/foo/sa/server", Verdict.DENY),
    ],
)
def test_a_trust_domain_with_a_leading_star_admits_all_that_end_so(caller: str, verdict: Verdict) -> None:
    assert _suffixed().access(AccessRequest("foo/till", port=80, principal=caller)).verdict is verdict

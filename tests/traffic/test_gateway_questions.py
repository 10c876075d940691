"""What servers of gateways make use of and open up, where the files show it and where they do not."""

from __future__ import annotations

import pytest

from meshlint.mesh import MeshSettings
from meshlint.mesh.questions.credentials import incomplete_secrets, secrets_without_ca
from meshlint.traffic.destinations.idle_services import idle_services
from meshlint.traffic.followers.mixed_routes import mixed_routes
from meshlint.traffic.gateways.exposure import optional_identities, unbound, weak_ciphers
from meshlint.traffic.gateways.sections import idle_sections
from meshlint.traffic.status.classes import unknown_classes
from meshlint.traffic.status.failures import failures
from meshlint.traffic.status.grants import lost_grants
from meshlint.traffic.status.statuses import Statuses
from tests.traffic.worlds import mesh

GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  selector: {istio: edge}
  servers:
    - {port: {number: 443, name: main, protocol: PROTOCOL}, hosts: ["HOST"], tls: SETTINGS}
"""
ROUTES = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [GATEWAYS]
  SECTION: [{match: [{port: 443}], route: [{destination: {host: web}}]}]
"""
PODS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: shop}
spec:
  selector: {matchLabels: {istio: edge}}
  template:
    metadata: {labels: {istio: edge}}
    spec: {containers: [{name: main, image: registry.example.com/proxy}]}
"""


def gateway(protocol: str = "HTTPS", tls: str = "{mode: PASSTHROUGH}", host: str = "*.example.com") -> str:
    return GATEWAY.replace("PROTOCOL", protocol).replace("SETTINGS", tls).replace("HOST", host)


def routes(section: str = "http", gateways: str = "edge") -> str:
    return ROUTES.replace("SECTION", section).replace("GATEWAYS", gateways)


@pytest.mark.parametrize(
    ("protocol", "tls", "used"),
    [
        ("HTTP", "{httpsRedirect: true}", "http"),
        ("GRPC", "{httpsRedirect: false}", "http"),
        ("HTTPS", "{mode: SIMPLE, credentialName: a}", "http"),
        ("HTTPS", "{mode: ISTIO_MUTUAL}", "http"),
        ("HTTPS", "{mode: PASSTHROUGH}", "tls"),
        ("TLS", "{mode: PASSTHROUGH}", "tls"),
        ("TLS", "{mode: MUTUAL, credentialName: a}", "tcp"),
        ("TCP", "{}", "tcp"),
        ("MONGO", "{}", "tcp"),
        ("TLS", "{mode: AUTO_PASSTHROUGH}", ""),
        ("HTTPS", "{credentialName: a}", "http tls tcp"),
        ("WHATEVER", "{}", "http tls tcp"),
    ],
)
@pytest.mark.parametrize("section", ["http", "tls", "tcp"])
def test_a_server_uses_the_routes_that_it_can_tell_apart(
    protocol: str, tls: str, used: str, section: str
) -> None:
    found = [one.section for one in idle_sections(mesh(gateway(protocol, tls), routes(section)))]
    assert found == ([] if section in used.split() else [section])


@pytest.mark.parametrize(
    ("gateways", "host"),
    [("edge, mesh", "*.example.com"), ("edge, other", "*.example.com"), ("edge", "shop.example.org")],
)
def test_routes_of_sidecars_or_of_gateways_out_of_view_may_be_used(gateways: str, host: str) -> None:
    assert list(idle_sections(mesh(gateway(host=host), routes("http", gateways)))) == []


@pytest.mark.parametrize(
    ("keys", "more", "lacks_ca"),
    [
        ("tls.crt: a, tls.key: b", "", True),
        ("tls.crt: a, tls.key: b, ca.crt: c", "", False),
        ("cert: a, key: b, cacert: c", "", False),
        ("tls.crt: a, tls.key: b", "-cacert", False),
        ("tls.crt: a", "", False),
    ],
)
def test_the_ca_of_a_mutual_server_is_in_its_secret_or_beside_it(
    keys: str, more: str, lacks_ca: bool
) -> None:
    secret = (
        "\napiVersion: v1\nkind: Secret\nmetadata: {{name: cert{}, namespace: shop}}\nstringData: {{{}}}\n"
    )
    texts = [gateway(tls="{mode: MUTUAL, credentialName: cert}"), PODS, secret.format("", keys)]
    texts += [secret.format(more, "ca.crt: c")] if more else []
    assert bool(list(secrets_without_ca(mesh(*texts)))) is lacks_ca


@pytest.mark.parametrize(
    ("value", "complete"),
    [
        ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==", True),
        ("aHVzaCBodXNoIGh1c2gK", False),
        ("ENC[AES256_GCM,data:abc]", True),
        ("{{ .Values.cert }}", True),
    ],
)
def test_a_certificate_is_in_pem(value: str, complete: bool) -> None:
    secret = f"""
apiVersion: v1
kind: Secret
metadata: {{name: cert, namespace: shop}}
data: {{tls.crt: "{value}", tls.key: "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCg=="}}
"""
    found = list(incomplete_secrets(mesh(gateway(tls="{mode: SIMPLE, credentialName: cert}"), PODS, secret)))
    assert (not found) is complete


CERTIFICATE = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
    - name: https
      port: 443
      protocol: HTTPS
      tls: {certificateRefs: [{name: cert, namespace: PLACE}]}
"""
GRANT = """
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: any, namespace: safe}
spec:
  from: [{group: gateway.networking.k8s.io, kind: KIND, namespace: shop}]
  to: [{group: "", kind: Secret, name: NAME}]
"""


@pytest.mark.parametrize(
    ("place", "kind", "name", "found"),
    [
        ("shop", "Gateway", "cert", False),
        ("safe", "Gateway", "cert", False),
        ("safe", "Gateway", "other", True),
        ("safe", "HTTPRoute", "cert", True),
        ("unseen", "Gateway", "cert", False),
    ],
)
def test_a_certificate_elsewhere_needs_a_grant(place: str, kind: str, name: str, found: bool) -> None:
    grant = GRANT.replace("kind: KIND", f"kind: {kind}").replace("NAME", name)
    here = mesh(CERTIFICATE.replace("PLACE", place), grant)
    reasons = [one.condition.reason for one in failures(Statuses(here))]
    assert ("RefNotPermitted" in reasons) is found


@pytest.mark.parametrize(
    ("name", "complete", "found"),
    [
        ("istio", True, False),
        ("istoi", False, True),
        ("nginx", False, False),
        ("nginx", True, True),
        ("own", True, False),
    ],
)
def test_classes_that_nobody_runs(name: str, complete: bool, found: bool) -> None:
    own = "\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: own}\n"
    text = CERTIFICATE.replace("gatewayClassName: istio", f"gatewayClassName: {name}")
    assert bool(list(unknown_classes(mesh(text, own, settings=MeshSettings(complete=complete))))) is found


@pytest.mark.parametrize(
    ("gateways", "found"),
    [("edge", False), ("shop/edge", False), ("mesh", True), ("elsewhere/edge", False)],
)
def test_a_gateway_that_nobody_names_is_idle(gateways: str, found: bool) -> None:
    assert bool(list(unbound(mesh(gateway(), routes("tls", gateways))))) is found


def test_a_gateway_without_any_routes_in_view_is_left_alone() -> None:
    assert list(unbound(mesh(gateway()))) == []


@pytest.mark.parametrize(
    ("action", "source", "found"),
    [
        ("DENY", "principals: [a/ns/b/sa/c]", True),
        ("ALLOW", "principals: [a/ns/b/sa/c]", False),
        ("ALLOW", "notPrincipals: [a/ns/b/sa/c]", True),
        ("ALLOW", "principals: ['*'], notPrincipals: [a/ns/b/sa/c]", False),
        ("DENY", "ipBlocks: [192.0.2.0/24]", False),
    ],
)
def test_identities_that_clients_may_leave_out(action: str, source: str, found: bool) -> None:
    policy = f"""
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: edge, namespace: shop}}
spec:
  selector: {{matchLabels: {{istio: edge}}}}
  action: {action}
  rules: [{{from: [{{source: {{{source}}}}}]}}]
"""
    here = mesh(gateway(tls="{mode: OPTIONAL_MUTUAL, credentialName: a}"), PODS, policy)
    assert bool(list(optional_identities(here))) is found
    strict = mesh(gateway(tls="{mode: MUTUAL, credentialName: a}"), PODS, policy)
    assert list(optional_identities(strict)) == []


@pytest.mark.parametrize(
    ("suite", "weak"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256", False),
        ("ECDHE-RSA-CHACHA20-POLY1305", False),
        ("TLS_AES_128_GCM_SHA256", False),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", False),
        ("ECDHE-RSA-AES128-SHA", True),
        ("AES128-GCM-SHA256", True),
        ("DES-CBC3-SHA", True),
        ("RC4-SHA", True),
    ],
)
def test_weak_cipher_suites(suite: str, weak: bool) -> None:
    tls = f"{{mode: SIMPLE, credentialName: a, cipherSuites: [{suite}]}}"
    assert bool(list(weak_ciphers(mesh(gateway(tls=tls))))) is weak


WAYPOINT = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {istio.io/use-waypoint: waypoint}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
"""
MACHINE = """
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: machine, namespace: shop}
spec: {address: 192.0.2.1}
"""


@pytest.mark.parametrize(
    ("selector", "name", "found"),
    [("{app: edge}", "edge", True), ("{istio: edge}", "edge", False), ("{app: edge}", "other", False)],
)
def test_services_named_like_a_workload_that_they_do_not_select(
    selector: str, name: str, found: bool
) -> None:
    service = f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {selector}, ports: [{{name: http, port: 80}}]}}
---
"""
    together = mesh(service + PODS)
    assert bool(list(idle_services(together))) is found
    assert list(idle_services(mesh(service + PODS + MACHINE))) == []


@pytest.mark.parametrize(
    ("place", "export", "found"), [("shop", "'*'", True), ("web", "'*'", False), ("shop", ".", False)]
)
def test_two_kinds_of_routes_for_one_service(place: str, export: str, found: bool) -> None:
    route = f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: web, namespace: {place}}}
spec:
  parentRefs: [{{group: "", kind: Service, name: web, namespace: shop}}]
  rules: [{{backendRefs: [{{name: web, port: 80}}]}}]
"""
    virtual_service = f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: web, namespace: shop}}
spec: {{hosts: [web], exportTo: [{export}], http: [{{route: [{{destination: {{host: web}}}}]}}]}}
"""
    assert bool(list(mixed_routes(mesh(route, virtual_service)))) is found
    assert list(mixed_routes(mesh(route, virtual_service, WAYPOINT))) == []


@pytest.mark.parametrize(("name", "complete", "found"), [("web", False, []), ("web", True, ["web"])])
def test_namespaces_of_grants_are_missing_in_complete_files_only(
    name: str, complete: bool, found: list[str]
) -> None:
    grant = (
        GRANT.replace("KIND", "Gateway").replace("NAME", "a").replace("namespace: shop", f"namespace: {name}")
    )
    here = mesh(grant, settings=MeshSettings(complete=complete))
    assert [str(one.name) for one in lost_grants(here)] == found

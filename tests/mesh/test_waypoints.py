"""Which waypoint serves what: labels, namespaces, listeners and kinds of traffic."""

from __future__ import annotations

import pytest

from meshlint.api import read_texts
from meshlint.mesh import Mesh
from meshlint.mesh.workloads.waypoints import Enrolled
from meshlint.resources.istio.service_entry import service_entry

WAYPOINT = "istio.io/use-waypoint: wp"
ALL = "allowedRoutes: {namespaces: {from: All}}"
BY_LABEL = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {uses: wp}}}}"


def namespace(name: str, *labels: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{', '.join(labels)}}}}}\n"


def gateway(name: str, where: str, listener: str = "", labels: str = "", kind: str = "istio-waypoint") -> str:
    more = f", {listener}" if listener else ""
    return (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        f"metadata: {{name: {name}, namespace: {where}, labels: {{{labels}}}}}\n"
        f"spec: {{gatewayClassName: {kind}, "
        f"listeners: [{{name: mesh, port: 15008, protocol: HBONE{more}}}]}}\n"
    )


def service(*labels: str, where: str = "shop") -> str:
    return (
        "apiVersion: v1\nkind: Service\n"
        f"metadata: {{name: cart, namespace: {where}, labels: {{{', '.join(labels)}}}}}\n"
        "spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}\n"
    )


def pod(*labels: str) -> str:
    own = ", ".join(("app: cart", *labels))
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: cart, namespace: shop, labels: {{{own}}}}}\n"
        "spec: {containers: [{name: cart, image: cart}]}\n"
    )


def entry(*labels: str) -> str:
    return (
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n"
        f"metadata: {{name: out, namespace: shop, labels: {{{', '.join(labels)}}}}}\n"
        "spec: {hosts: [out.example.com], ports: [{number: 80, name: http, protocol: HTTP}]}\n"
    )


def mesh(*documents: str) -> Mesh:
    return read_texts({"mesh.yaml": "---\n".join(documents)}).mesh


SHOP, ENROLLED = namespace("shop"), namespace("shop", WAYPOINT)
OWN = gateway("wp", "shop")

SERVICES = {
    "no label": ((SHOP, service(), OWN), Enrolled.NOT_ASKED),
    "the namespace is not in the files": ((service(), OWN), Enrolled.UNKNOWN),
    "its own label": ((SHOP, service(WAYPOINT), OWN), Enrolled.SERVED),
    "its own label where the namespace is not in the files": ((service(WAYPOINT), OWN), Enrolled.SERVED),
    "the namespace's label": ((ENROLLED, service(), OWN), Enrolled.SERVED),
    "opted out": ((ENROLLED, service("istio.io/use-waypoint: none"), OWN), Enrolled.OPTED_OUT),
    "its own label wins, and there is no way back from a missing waypoint": (
        (ENROLLED, service("istio.io/use-waypoint: wpp"), OWN),
        Enrolled.MISSING,
    ),
    "a waypoint that nothing shows to be missing": ((ENROLLED, service()), Enrolled.UNKNOWN),
    "a waypoint of that name in another namespace": (
        (ENROLLED, service(), gateway("wp", "infra", ALL)),
        Enrolled.MISSING,
    ),
    "the other namespace named beside": (
        (
            SHOP,
            service(WAYPOINT, "istio.io/use-waypoint-namespace: infra"),
            gateway("wp", "infra", ALL),
        ),
        Enrolled.SERVED,
    ),
    "the other namespace named by the namespace": (
        (
            namespace("shop", WAYPOINT, "istio.io/use-waypoint-namespace: infra"),
            service(),
            gateway("wp", "infra", ALL),
        ),
        Enrolled.SERVED,
    ),
    "the namespace's place does not go with the service's own label": (
        (
            namespace("shop", "istio.io/use-waypoint-namespace: infra"),
            service(WAYPOINT),
            gateway("wp", "infra", ALL),
            gateway("other", "shop"),
        ),
        Enrolled.MISSING,
    ),
    "a listener takes its own namespace alone by default": (
        (SHOP, service(WAYPOINT, "istio.io/use-waypoint-namespace: infra"), gateway("wp", "infra")),
        Enrolled.REFUSED,
    ),
    "a listener takes namespaces by label": (
        (
            namespace("shop", "uses: wp"),
            service(WAYPOINT, "istio.io/use-waypoint-namespace: infra"),
            gateway("wp", "infra", BY_LABEL),
        ),
        Enrolled.SERVED,
    ),
    "a listener refuses namespaces by label": (
        (SHOP, service(WAYPOINT, "istio.io/use-waypoint-namespace: infra"), gateway("wp", "infra", BY_LABEL)),
        Enrolled.REFUSED,
    ),
    "labels that a listener asks for are not in the files": (
        (service(WAYPOINT, "istio.io/use-waypoint-namespace: infra"), gateway("wp", "infra", BY_LABEL)),
        Enrolled.UNKNOWN,
    ),
    "a waypoint for workloads": (
        (ENROLLED, service(), gateway("wp", "shop", labels="istio.io/waypoint-for: workload")),
        Enrolled.OTHER_TRAFFIC,
    ),
    "a waypoint for all": (
        (ENROLLED, service(), gateway("wp", "shop", labels="istio.io/waypoint-for: all")),
        Enrolled.SERVED,
    ),
    "a waypoint for none": (
        (ENROLLED, service(), gateway("wp", "shop", labels="istio.io/waypoint-for: none")),
        Enrolled.OTHER_TRAFFIC,
    ),
    "any class of gateway may be named": (
        (ENROLLED, service(), gateway("wp", "shop", kind="other")),
        Enrolled.SERVED,
    ),
    "the service of a waypoint": (
        (ENROLLED, service("gateway.istio.io/managed: istio.io-mesh-controller"), OWN),
        Enrolled.NOT_ASKED,
    ),
}


@pytest.mark.parametrize("case", SERVICES)
def test_what_serves_a_service(case: str) -> None:
    documents, state = SERVICES[case]
    world = mesh(*documents)
    assert world.waypoints.of_service(world.services.all[0]).state is state


WORKLOADS = {
    "waypoints are for services unless they say otherwise": ((ENROLLED, pod(), OWN), Enrolled.OTHER_TRAFFIC),
    "a waypoint for workloads": (
        (ENROLLED, pod(), gateway("wp", "shop", labels="istio.io/waypoint-for: workload")),
        Enrolled.SERVED,
    ),
    "the pod's own label": (
        (SHOP, pod(WAYPOINT), gateway("wp", "shop", labels="istio.io/waypoint-for: all")),
        Enrolled.SERVED,
    ),
    "the pods of a gateway": (
        (
            ENROLLED,
            pod("gateway.networking.k8s.io/gateway-name: wp"),
            gateway("wp", "shop", labels="istio.io/waypoint-for: all"),
        ),
        Enrolled.NOT_ASKED,
    ),
}


@pytest.mark.parametrize("case", WORKLOADS)
def test_what_serves_a_workload(case: str) -> None:
    documents, state = WORKLOADS[case]
    world = mesh(*documents)
    assert world.waypoints.of_workload(world.workloads.all[0]).state is state


def test_a_service_entry_is_served_like_a_service() -> None:
    for documents, state in (
        ((SHOP, entry(WAYPOINT), OWN), Enrolled.SERVED),
        ((ENROLLED, entry(), OWN), Enrolled.SERVED),
        ((ENROLLED, entry("istio.io/use-waypoint: none"), OWN), Enrolled.OPTED_OUT),
    ):
        world = mesh(*documents)
        found = world.views("networking.istio.io", "ServiceEntry", service_entry)[0]
        assert world.waypoints.of_entry(found).state is state


def test_a_missing_waypoint_is_told_with_what_may_be_meant() -> None:
    world = mesh(ENROLLED, service(), gateway("wp", "infra", ALL))
    found = world.waypoints.of_service(world.services.all[0])
    assert (found.waypoint, found.nearest) == (None, ("infra/wp",))


def test_the_class_says_what_its_waypoints_are_for_unless_they_do() -> None:
    made_of = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
        "metadata: {name: own, labels: {istio.io/waypoint-for: workload}}\n"
        "spec: {controllerName: istio.io/mesh-controller}\n"
    )
    world = mesh(
        made_of,
        gateway("a", "shop", kind="own"),
        gateway("b", "shop", labels="istio.io/waypoint-for: all", kind="own"),
    )
    assert [(one.serves, one.is_istio) for one in world.waypoints.all] == [("workload", True), ("all", True)]


@pytest.mark.parametrize(
    ("annotation", "account"),
    [
        ("", "wp"),
        ("gateway.istio.io/service-account: sa", "sa"),
        ("gateway.istio.io/name-override: own", "own"),
    ],
)
def test_the_account_of_a_waypoint(annotation: str, account: str) -> None:
    text = gateway("wp", "shop").replace("labels: {}", f"annotations: {{{annotation}}}")
    assert mesh(text).waypoints.all[0].account == account


def test_the_account_of_a_waypoint_whose_pods_are_in_the_files() -> None:
    pods = pod("gateway.networking.k8s.io/gateway-name: wp").replace(
        "containers:", "serviceAccountName: mine, containers:"
    )
    assert mesh(OWN, pods).waypoints.all[0].account == "mine"


@pytest.mark.parametrize(
    ("labels", "on_namespace", "uses"),
    [
        ("", None, None),
        ("", "", False),
        ("", 'istio.io/ingress-use-waypoint: "True"', True),
        ('istio.io/ingress-use-waypoint: "true"', None, True),
        ('istio.io/ingress-use-waypoint: "false"', 'istio.io/ingress-use-waypoint: "true"', False),
    ],
)
def test_whether_ingress_gateways_use_the_waypoint(
    labels: str, on_namespace: str | None, uses: bool | None
) -> None:
    above = () if on_namespace is None else (namespace("shop", on_namespace),)
    world = mesh(service(labels), *above)
    assert world.waypoints.ingress_uses(world.services.all[0]) is uses

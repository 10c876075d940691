"""What a Sidecar leaves out, and listeners that nobody calls."""

from __future__ import annotations

from meshlint.mesh import Mesh
from meshlint.traffic.followers.sidecar_gaps import hidden_calls, idle_ingress
from tests.security.istio_worlds import mesh, namespace, service, workload

CALLS = "env: [{name: ORDERS, value: 'http://orders.back'}], "


def sidecar(spec: str, name: str = "default") -> str:
    return (
        "apiVersion: networking.istio.io/v1\nkind: Sidecar\n"
        f"metadata: {{name: {name}, namespace: shop}}\nspec: {spec}\n"
    )


def world(*more: str, container: str = "web") -> Mesh:
    web = workload("web", "shop").replace("image: web, ", f"image: web, {CALLS}")
    web = web.replace("[{name: web,", f"[{{name: {container},")
    return mesh(
        namespace("shop", "istio-injection: enabled"),
        namespace("back"),
        web,
        service("web", "shop"),
        service("orders", "back"),
        *more,
    )


def hidden(found: Mesh) -> list[str]:
    return [one.host for one in hidden_calls(found)]


def test_a_called_host_that_is_left_out_is_told() -> None:
    only_own = sidecar("{egress: [{hosts: ['./*']}]}")
    assert hidden(world(only_own)) == ["orders.back.svc.cluster.local"]
    assert hidden(world()) == []
    assert hidden(world(sidecar("{egress: [{hosts: ['back/*']}]}"))) == []


def test_a_proxys_own_calls_do_not_count() -> None:
    only_own = sidecar("{egress: [{hosts: ['./*']}]}")
    assert hidden(world(only_own, container="istio-proxy")) == []


def test_what_a_route_leads_to_is_let_in() -> None:
    route = (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: shop}\n"
        "spec: {hosts: [web], http: [{route: [{destination: {host: orders.back.svc.cluster.local}}]}]}\n"
    )
    assert hidden(world(sidecar("{egress: [{hosts: ['./*']}]}"), route)) == []


def test_several_sidecars_and_like_names_leave_it_open() -> None:
    only_own = "{egress: [{hosts: ['./*']}]}"
    assert hidden(world(sidecar(only_own), sidecar(only_own, "other"))) == []
    assert hidden(world(sidecar("{egress: [{hosts: ['./orders.elsewhere.svc.cluster.local']}]}"))) == []


def test_an_ingress_listener_is_for_a_port_of_the_container() -> None:
    def idle(port: int) -> list[int | None]:
        spec = f"{{ingress: [{{port: {{number: {port}, name: http, protocol: HTTP}}}}]}}"
        return [listener.port.number for _, listener, _ in idle_ingress(world(sidecar(spec)))]

    assert idle(80) == [80]
    assert idle(8080) == []

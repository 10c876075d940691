from __future__ import annotations

from meshlint.resources.istio.service_entry import ServiceEntry, service_entry
from meshlint.resources.istio.workload_entry import workload_entry
from meshlint.resources.istio.workload_group import workload_group
from tests.resources.istio.build import an_istio, line, plain
from tests.resources.reading import made_of


def view(spec: str) -> ServiceEntry:
    return service_entry(an_istio("ServiceEntry", spec))


def test_service_entry() -> None:
    found = view(
        """
        hosts: [a.com]
        addresses: [10.0.0.0/8]
        ports:
        - {number: 443, name: https, protocol: TLS, targetPort: 8443}
        location: MESH_INTERNAL
        resolution: STATIC
        endpoints:
        - address: 10.0.0.1
          ports: {https: 1443, other: x}
          labels: {version: v1}
          network: net
          locality: r/z
          weight: 3
          serviceAccount: sa
        workloadSelector: {labels: {app: web}}
        subjectAltNames: [s]
        exportTo: [.]
        """
    )
    assert plain(found) == {
        "hosts": ["a.com"],
        "addresses": ["10.0.0.0/8"],
        "ports": [{"number": 443, "name": "https", "protocol": "TLS", "target_port": 8443}],
        "location": "MESH_INTERNAL",
        "resolution": "STATIC",
        "endpoints": [
            {
                "address": "10.0.0.1",
                "ports": {"https": 1443},
                "labels": {"version": "v1"},
                "network": "net",
                "locality": "r/z",
                "weight": 3,
                "service_account": "sa",
            }
        ],
        "workload_selector": {"labels": {"app": "web"}},
        "subject_alt_names": ["s"],
        "export_to": ["."],
    }
    assert not found.is_external
    assert found.endpoints[0].address is not None
    assert line(found.endpoints[0].address.field) == 8


def test_a_service_entry_is_external_and_unresolved_by_default() -> None:
    bare = view("hosts: [a.com]")
    assert (bare.location, bare.resolution, bare.is_external) == ("MESH_EXTERNAL", "NONE", True)
    assert bare.workload_selector is None


def test_labels_of_a_workload_entrys_metadata_win() -> None:
    metadata = {"name": "x", "labels": {"a": "metadata", "b": "metadata"}}
    spec = {"address": "10.0.0.1", "labels": {"a": "spec", "c": "spec"}}
    found = workload_entry(made_of("networking.istio.io/v1", "WorkloadEntry", spec, metadata=metadata))
    assert found.labels == {"a": "metadata", "b": "metadata", "c": "spec"}
    assert found.address == "10.0.0.1"


def test_workload_group() -> None:
    found = workload_group(
        an_istio(
            "WorkloadGroup",
            """
            metadata: {labels: {app: web}, annotations: {a: b}}
            template: {serviceAccount: sa, ports: {http: 80}}
            probe: {tcpSocket: {port: 1}}
            """,
        )
    )
    assert found.labels == {"app": "web"}
    assert found.annotations == {"a": "b"}
    assert plain(found.template) == {"service_account": "sa", "ports": {"http": 80}}
    assert plain(found.probe) == {"tcpSocket": {"port": 1}}
    assert workload_group(an_istio("WorkloadGroup", "{}")).probe is None

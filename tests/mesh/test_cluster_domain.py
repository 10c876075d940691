from __future__ import annotations

from typing import Any

from meshlint.documents import Field
from meshlint.mesh.settings.reading import read_settings
from meshlint.resources import ResourceSet
from tests.resources.reading import made_of


def values(domain: str) -> dict[str, Any]:
    return {"global": {"proxy": {"clusterDomain": domain}}}


def operator(domain: str) -> ResourceSet:
    return ResourceSet((made_of("install.istio.io/v1alpha1", "IstioOperator", {"values": values(domain)}),))


def named(domain: str) -> Field:
    return made_of("a/v1", "Any", values(domain)).spec


def test_an_installer_gives_the_cluster_domain() -> None:
    settings = read_settings(operator("corp.local"), {})
    assert settings.cluster_domain == "corp.local"
    assert "cluster_domain" in settings.declared


def test_values_that_the_user_names_win_over_an_installer_and_configuration_over_both() -> None:
    found = operator("corp.local")
    assert read_settings(found, {}, mesh_configs=[named("named.local")]).cluster_domain == "named.local"
    configured = {"cluster-domain": "configured.local"}
    settings = read_settings(found, configured, mesh_configs=[named("named.local")])
    assert settings.cluster_domain == "configured.local"


def test_without_either_it_is_the_usual_one() -> None:
    assert read_settings(ResourceSet(()), {}).cluster_domain == "cluster.local"
    assert read_settings(ResourceSet(()), {}, mesh_configs=[named("")]).cluster_domain == "cluster.local"

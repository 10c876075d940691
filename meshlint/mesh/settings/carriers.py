"""Which kinds of objects hold the mesh-wide settings of Istio."""

from __future__ import annotations

from meshlint.resources.releases import RELEASING

CARRIERS = (
    ("", "ConfigMap"),
    ("install.istio.io", "IstioOperator"),
    ("sailoperator.io", "Istio"),
    *RELEASING,
)
"""The kinds that may hold a MeshConfig, as (group, kind)."""

"""Which kinds of objects hold the mesh-wide settings of Istio."""

from __future__ import annotations

CARRIERS = (
    ("", "ConfigMap"),
    ("install.istio.io", "IstioOperator"),
    ("sailoperator.io", "Istio"),
)
"""The kinds that may hold a MeshConfig, as (group, kind)."""

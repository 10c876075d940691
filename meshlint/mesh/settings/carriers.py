"""Which kinds of objects hold the mesh-wide settings of Istio."""

from __future__ import annotations

CARRIERS = (
    ("", "ConfigMap"),
    ("install.istio.io", "IstioOperator"),
    ("sailoperator.io", "Istio"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ("argoproj.io", "Application"),
)
"""The kinds that may hold a MeshConfig, as (group, kind)."""

"""Why a kustomization is not built."""

from __future__ import annotations


class CannotBuild(Exception):
    """kustomize itself would refuse this, or it asks for what is not in the files."""

"""Projects whose cluster takes everything that is written.

Random objects are made to try what proxies do with any configuration. Envoy is given what a control plane
makes of them, and is not asked whether a webhook would have let them in.
"""

from __future__ import annotations

from attrs import evolve

from meshlint.api import Project


def as_if_taken(project: Project) -> Project:
    """The project, its mesh made of all objects."""
    return evolve(project, mesh=project.as_written)

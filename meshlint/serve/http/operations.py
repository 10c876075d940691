"""The operations of the service: one table for the routes, the roles, and the OpenAPI document."""

from __future__ import annotations

from meshlint.serve.questions.verbs import verbs
from meshlint.serve.security.tokens import Role
from meshlint.values import frozen


@frozen
class Operation:
    """A method on a path: what it is for, who may call it, and the question that it asks, if one."""

    id: str
    method: str
    path: str
    about: str
    role: Role = Role.READ
    verb: str = ""
    takes_files: bool = False


def operations() -> tuple[Operation, ...]:
    """All operations, in the order in which the document has them."""
    questions = (
        Operation(one.name, "POST", f"/v1/{one.name}", one.about, verb=one.name, takes_files=True)
        for one in verbs().values()
    )
    path = "/v1/workspaces/{name}"
    return (
        *questions,
        Operation("listWorkspaces", "GET", "/v1/workspaces", "The workspaces."),
        Operation("getWorkspace", "GET", path, "A workspace: how many files and objects it has."),
        Operation("putWorkspace", "PUT", path, "Keep files under a name.", Role.WRITE, takes_files=True),
        Operation("deleteWorkspace", "DELETE", path, "Forget an upload.", Role.WRITE),
        Operation("listRules", "GET", "/v1/rules", "All rules."),
        Operation("getRule", "GET", "/v1/rules/{id}", "All that is written about a rule."),
        Operation("listNeeds", "GET", "/v1/needs", "The needs that advice may be asked for."),
        Operation(
            "review", "POST", "/admission", "Review an object for the API server (AdmissionReview v1)."
        ),
        Operation("health", "GET", "/healthz", "Whether the service runs."),
        Operation("ready", "GET", "/readyz", "Whether the service answers questions."),
        Operation("metrics", "GET", "/metrics", "Counters for Prometheus."),
        Operation("openapi", "GET", "/openapi.json", "This document."),
    )

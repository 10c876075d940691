"""What `meshlint access` takes, in a process of its own.

Usage: python -m bench.access DIRECTORY QUESTION, where QUESTION is `check`, `to`, `matrix` or `decisions`;
prints one JSON object. The first three read the manifests below DIRECTORY and answer; `decisions` asks one
workload with 50 policies many times, and needs no manifests.
"""

from __future__ import annotations

import json
import sys
from time import process_time

from attrs import asdict, frozen

from meshlint.api import AccessQuestion, AccessRequest, Project, Request, access, check, read_texts
from meshlint.cli import leave_garbage
from meshlint.reports import ReportOptions
from meshlint.reports.access.report import write_access

POLICIES = 50
REQUESTS = 4000
ONE = "team-0/service-0"
"""A workload that every mesh of `bench.generate` has."""
_OPEN = frozenset({"headers", "claims", "metadata", "sni"})

_WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: shop}
spec: {serviceAccountName: client, containers: [{name: client, image: client}]}
---
apiVersion: v1
kind: Pod
metadata: {name: server, namespace: shop, labels: {app: server}}
spec: {containers: [{name: server, image: server, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: server, namespace: shop}
spec: {selector: {app: server}, ports: [{name: http, port: 80, targetPort: 8080}]}
"""
_POLICY = """
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: policy-{number}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: server}}}}
  action: {action}
  rules:
  - from: [{{source: {{{source}}}}}]
    to: [{{operation: {{methods: [GET, POST], paths: ["/v{number}/*", "/items/{{*}}/{number}"]}}}}]
    when: [{{key: "request.headers[x-role]", values: ["admin*", "role-{number}"]}}]
"""

_NAMED = "principals: [cluster.local/ns/shop/sa/a{number}]"


@frozen
class Asked:
    """What one question took: seconds of the processor, and how many edges or decisions it came to."""

    seconds: float
    answers: int


def ask(directory: str, question: str) -> Asked:
    """Read the manifests, answer the question, and write the answer."""
    if question == "decisions":
        return decide(crowded(), REQUESTS)
    started = process_time()
    if question == "check":
        found = len(check([directory], Request(no_config=True)).findings)
        return Asked(process_time() - started, found)
    asked = AccessQuestion(ONE if question == "to" else None, request=AccessRequest("", left_open=_OPEN))
    answer = access([directory], Request(no_config=True), asked)
    lines = sum(1 for _line in write_access(answer, "text", ReportOptions()))
    return Asked(process_time() - started, len(answer.edges) if lines else 0)


def crowded() -> Project:
    """A workload with many policies; one in five denies, and half of them ask for nobody in particular."""
    policies = (
        _POLICY.format(
            number=number,
            action="ALLOW" if number % 5 else "DENY",
            source=f"principals: [cluster.local/ns/shop/sa/a{number}]"
            if number % 2
            else "namespaces: [shop]",
        )
        for number in range(POLICIES)
    )
    return read_texts({"mesh.yaml": _WORLD + "".join(policies)})


def decide(project: Project, requests: int) -> Asked:
    """Decide on many different requests, after the first has made the policies ready."""
    asked = [
        AccessRequest(
            "shop/server",
            port=80,
            source="shop/client",
            source_ip="10.0.0.1",
            destination_ip="10.0.0.2",
            host="server",
            method="GET" if number % 2 else "PUT",
            path=f"/v{number % 60}/{number}",
            headers={"x-role": f"role-{number % 70}"},
        )
        for number in range(requests)
    ]
    project.access(asked[0])
    started = process_time()
    for request in asked:
        project.access(request)
    return Asked(process_time() - started, requests)


if __name__ == "__main__":
    leave_garbage()
    print(json.dumps(asdict(ask(sys.argv[1], sys.argv[2]))))

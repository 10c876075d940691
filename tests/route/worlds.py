"""Small meshes for questions about routes."""

from __future__ import annotations

from typing import Any

from meshlint.api import Project, RouteRequest, read_texts
from meshlint.reports.route.answer import RouteAnswer
from tests.traffic.worlds import deployment, service

NAMESPACE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
"""
LINKERD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, annotations: {linkerd.io/inject: enabled}}
"""
WEB = deployment("web")
REVIEWS = service("reviews") + "---" + deployment("reviews-v1", app="reviews", version="v1")


def project(*texts: str) -> Project:
    return read_texts({f"{number}.yaml": text for number, text in enumerate(texts)})


def istio(*texts: str) -> Project:
    return project(NAMESPACE, WEB, REVIEWS, *texts)


def linkerd(*texts: str) -> Project:
    return project(LINKERD, WEB, REVIEWS, *texts)


def ask(at: Project, host: str = "reviews", client: str = "web", **more: Any) -> RouteAnswer:
    return at.route(RouteRequest(client=client, host=host, **more))


def in_force(answer: RouteAnswer) -> dict[str, str]:
    return {one.kind: one.text for one in answer.in_force}

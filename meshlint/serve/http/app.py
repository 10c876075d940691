"""The application: from requests to questions, and from replies to responses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from meshlint.serve.admission.endpoint import reviewed
from meshlint.serve.faults import Fault, Problem
from meshlint.serve.http.edge import Edge, answer_of
from meshlint.serve.http.openapi import document
from meshlint.serve.http.operations import Operation, operations
from meshlint.serve.http.page import PAGE_PATHS, page_routes
from meshlint.serve.http.reading import body_of_request
from meshlint.serve.http.service import Service
from meshlint.serve.questions.verbs import verbs, wanted_media
from meshlint.serve.security.gate import Gate
from meshlint.serve.security.tokens import TokenFile
from meshlint.serve.settings import Settings
from meshlint.serve.uploads.body import sent_in

_JSON = "application/json"
Handler = Callable[[Request], Awaitable[Response]]


def application(settings: Settings) -> tuple[ASGIApp, Service]:
    """The application, and the service behind it; raises `UsageError` for tokens that cannot be read."""
    service = Service(settings)
    handlers = _handlers(service)
    routes = [Route(one.path, _routed(one, handlers[one.id]), methods=[one.method]) for one in operations()]
    app = Starlette(
        routes=[*routes, *page_routes()],
        lifespan=service.lifespan,
        exception_handlers={HTTPException: _plain_problem},
    )
    app.router.redirect_slashes = False
    tokens = None if settings.tokens is None else TokenFile(settings.tokens)
    if tokens is not None:
        tokens.current()
    gate = Gate(tokens, settings.open_paths | PAGE_PATHS, is_local=settings.is_local)
    return Edge(app, service.metrics, gate), service


def _routed(operation: Operation, handler: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        request.state.route = operation.path
        try:
            return await handler(request)
        except Fault as fault:
            return answer_of(fault.problem, request.state.request_id)

    return handle


async def _plain_problem(request: Request, error: Exception) -> Response:
    """What the router says itself: no such path, no such method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    detail = {404: "there is nothing at this path", 405: "this method is not for this path"}
    problem = Problem(status, detail.get(status, "the request cannot be answered"), headers)
    return answer_of(problem, request.state.request_id)


def _handlers(service: Service) -> dict[str, Handler]:
    """What answers each operation."""

    def asking(verb: str) -> Handler:
        async def ask(request: Request) -> Response:
            return await service.ask(request, verb)

        return ask

    return {
        **{name: asking(name) for name in verbs()},
        **_about_workspaces(service),
        **_about_service(service),
        "review": lambda request: reviewed(service, request),
        "listRules": _list_rules,
        "getRule": _get_rule,
        "listNeeds": _list_needs,
    }


def _about_workspaces(service: Service) -> dict[str, Handler]:
    async def listed(request: Request) -> Response:
        found = sorted(service.workspaces.by_name.values(), key=lambda one: one.name)
        return JSONResponse({"workspaces": [one.told for one in found]})

    async def got(request: Request) -> Response:
        return JSONResponse(service.workspaces.get(request.path_params["name"]).told)

    async def put(request: Request) -> Response:
        limits = service.settings.limits
        body = await body_of_request(request, limits)
        sent = await sent_in(request.headers.get("content-type", ""), body, limits)
        if sent.files is None or sent.parameters or sent.workspace is not None or sent.before is not None:
            raise Fault(400, "send files, and nothing else")
        workspace = await service.workspaces.put(request.path_params["name"], sent.files)
        return JSONResponse(workspace.told)

    async def deleted(request: Request) -> Response:
        await service.workspaces.delete(request.path_params["name"])
        return Response(status_code=204)

    return {
        "listWorkspaces": listed,
        "getWorkspace": got,
        "putWorkspace": put,
        "deleteWorkspace": deleted,
    }


def _about_service(service: Service) -> dict[str, Handler]:
    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        if not service.is_ready:
            raise Fault(503, "the service is starting or ending", Retry_After="1")
        return JSONResponse({"status": "ok"})

    async def metrics(request: Request) -> Response:
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        text = generate_latest(service.metrics.registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def openapi(request: Request) -> Response:
        return JSONResponse(document(service.settings.limits))

    return {"health": health, "ready": ready, "metrics": metrics, "openapi": openapi}


async def _list_rules(request: Request) -> Response:
    from meshlint.api import rules
    from meshlint.reports import ReportOptions
    from meshlint.reports.rules.lists import write_rules

    return Response("\n".join(write_rules(rules(), "json", ReportOptions())), media_type=_JSON)


async def _list_needs(request: Request) -> Response:
    from meshlint.advisor import load_needs

    return JSONResponse({"needs": [{"id": one.id, "title": one.title} for one in load_needs().values()]})


async def _get_rule(request: Request) -> Response:
    from meshlint.api import UsageError, explain
    from meshlint.reports import ReportOptions
    from meshlint.reports.rules.page import write_page

    offered = {_JSON: "json", "text/markdown": "markdown", "text/plain": "text"}
    media = wanted_media(request.headers.get("accept", ""), offered)
    try:
        page = await asyncio.to_thread(explain, request.path_params["id"])
    except UsageError as error:
        raise Fault(404, "there is no rule of that id or name") from error
    return Response("\n".join(write_page(page, offered[media], ReportOptions())), media_type=media)

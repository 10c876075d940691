"""The OpenAPI document, generated from the table of operations and the parameters of the questions."""

from __future__ import annotations

from typing import Any

from meshlint import __version__
from meshlint.serve.http.operations import Operation, operations
from meshlint.serve.limits import Limits
from meshlint.serve.questions.parameters import Kind, Parameter
from meshlint.serve.questions.verbs import verbs
from meshlint.serve.settings import OPEN_TO_ALL
from meshlint.serve.uploads.body import ARCHIVES, FORM, JSON

_TEXT = {"type": "string", "maxLength": 4096}
_AMOUNT = {"type": "number", "minimum": 0, "maximum": 10**12}
_KINDS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: _TEXT,
    Kind.WORDS: {"type": "array", "items": _TEXT, "maxItems": 1000},
    Kind.TEXTS: {"type": "array", "items": _TEXT, "maxItems": 1000},
    Kind.NUMBER: {"type": "integer"},
    Kind.AMOUNT: _AMOUNT,
    Kind.FLAG: {"type": "boolean"},
    Kind.OBJECT: {"type": "object"},
    Kind.AMOUNTS: {"type": "object", "additionalProperties": _AMOUNT},
}
_STATUSES = {
    "400": "The request is broken.",
    "401": "A token is needed.",
    "403": "The token does not allow it.",
    "404": "There is no such thing.",
    "406": "The answer cannot be had in that form.",
    "408": "The body did not come in time.",
    "409": "The workspace does not allow it.",
    "413": "The request or its answer is too large.",
    "415": "The body cannot be read in that form.",
    "421": "Only this machine may ask, by its own name.",
    "422": "The question makes no sense of these files.",
    "429": "Too many questions are waiting.",
    "503": "The question took down its worker.",
    "504": "The answer would take too long.",
}


def document(limits: Limits) -> dict[str, Any]:
    """The document (OpenAPI 3.1)."""
    paths: dict[str, Any] = {}
    for one in operations():
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, limits)
    return {
        "openapi": "3.1.0",
        "info": {"title": "meshlint", "version": __version__},
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _problem()},
        },
        "security": [{"token": []}],
    }


def _operation(one: Operation, limits: Limits) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": one.id, "summary": one.about, "responses": _responses(one)}
    if "{" in one.path:
        name = one.path.partition("{")[2].partition("}")[0]
        told["parameters"] = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}]
    if one.takes_files:
        told["requestBody"] = {"required": True, "content": _content(one, limits)}
        told.setdefault("parameters", []).extend(_query(one))
    elif one.method == "POST":
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": {"type": "object"}}}}
    if one.path in OPEN_TO_ALL:
        told["security"] = []
    return told


def _query(one: Operation) -> list[dict[str, Any]]:
    """The parameters that may stand in the query, for bodies that are archives: those that are plain."""
    plain = [each for each in _parameters(one) if each.kind not in (Kind.OBJECT, Kind.AMOUNTS)]
    return [
        {"name": each.name, "in": "query", "description": each.about, "schema": _schema(each)}
        for each in plain
    ]


def _parameters(one: Operation) -> tuple[Parameter, ...]:
    return verbs()[one.verb].parameters if one.verb else ()


def _content(one: Operation, limits: Limits) -> dict[str, Any]:
    files = {
        "type": "object",
        "description": "Texts by file name.",
        "maxProperties": limits.files,
        "additionalProperties": {"type": "string", "maxLength": limits.file},
    }
    properties: dict[str, Any] = {"files": files}
    if one.verb:
        properties["workspace"] = {"type": "string"}
        if verbs()[one.verb].compares:
            properties["before"] = {**files, "description": "Texts by file name, as they were."}
        properties |= {each.name: _schema(each) for each in _parameters(one)}
    body = {"type": "object", "properties": properties, "additionalProperties": False}
    form: dict[str, Any] = {
        "type": "object",
        "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
    }
    if one.verb and verbs()[one.verb].compares:
        form["properties"]["before"] = form["properties"]["file"]
    archive = {"type": "string", "format": "binary"}
    return {JSON: {"schema": body}, FORM: {"schema": form}, ARCHIVES[0]: {"schema": archive}}


def _schema(one: Parameter) -> dict[str, Any]:
    schema = {**_KINDS[one.kind], "description": one.about}
    if one.choices:
        schema["enum"] = list(one.choices)
    if one.kind is Kind.NUMBER:
        schema |= {"minimum": one.least, "maximum": one.most}
    return schema


def _responses(one: Operation) -> dict[str, Any]:
    media = list(verbs()[one.verb].formats) if one.verb else [JSON]
    if one.id == "metrics":
        media = ["text/plain"]
    found: dict[str, Any] = {"200": {"description": "The answer.", "content": {each: {} for each in media}}}
    if one.id == "deleteWorkspace":
        found = {"204": {"description": "It is gone."}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return found | {code: {"description": text, "content": problem} for code, text in _STATUSES.items()}


def _problem() -> dict[str, Any]:
    names = ("type", "title", "detail", "request_id")
    texts: dict[str, Any] = {name: {"type": "string"} for name in names}
    return {"type": "object", "properties": {**texts, "status": {"type": "integer"}}}

"""What an HTTP route does to requests besides sending them on."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import (
    Duration,
    Number,
    StringMatch,
    duration,
    number,
    part,
    parts,
    string_match,
)
from meshlint.resources.view import filled_or
from meshlint.resources.view_class import view


@view
class Redirect:
    """An answer that sends the client elsewhere, by default with status 301."""

    field: Field
    uri: Text | None
    prefix_rewrite: Text | None
    authority: Text | None
    scheme: Text | None
    port: int | None
    derive_port: Text | None
    redirect_code: int


@view
class DirectResponse:
    """An answer given by the proxy itself; `body` is its text, or base64 where it is written as `bytes`."""

    field: Field
    status: int | None
    body: Text | None


@view
class Delay:
    """A wait before requests go on, for `percentage` of them; none without a percentage (Istio: faults)."""

    field: Field
    percentage: Number
    fixed_delay: Duration | None
    exponential_delay: Duration | None


@view
class Abort:
    """An error instead of an answer, for `percentage` of them; none without a percentage (Istio: faults)."""

    field: Field
    percentage: Number
    http_status: int | None
    grpc_status: Text | None
    http2_error: Text | None


@view
class Fault:
    """Faults that the client's proxy injects."""

    field: Field
    delay: Delay | None
    abort: Abort | None


@view
class Retries:
    """How often and when a request is tried again; `retry_on` is a list with commas.

    None for `attempts` is 0, which turns retries off.
    """

    field: Field
    attempts: int | None
    per_try_timeout: Duration | None
    backoff: Duration | None
    retry_on: Text | None
    retry_remote_localities: bool | None
    retry_ignore_previous_hosts: bool | None


@view
class Rewrite:
    """Changes to the path (the matched prefix, or all of it by a regular expression) and the authority."""

    field: Field
    uri: Text | None
    authority: Text | None
    regex_match: Text | None
    regex_rewrite: Text | None


@view
class HeaderOperations:
    """Headers to set, to add and to remove."""

    field: Field
    set: Mapping[str, Text]
    add: Mapping[str, Text]
    remove: tuple[Text, ...]


@view
class Headers:
    """Changes to the headers of requests and of responses."""

    field: Field
    request: HeaderOperations | None
    response: HeaderOperations | None


@view
class CorsPolicy:
    """Which pages of other origins may call; `allow_origin` is the old list of exact origins."""

    field: Field
    allow_origins: tuple[StringMatch, ...]
    allow_origin: tuple[Text, ...]
    allow_methods: tuple[Text, ...]
    allow_headers: tuple[Text, ...]
    expose_headers: tuple[Text, ...]
    max_age: Duration | None
    allow_credentials: bool
    unmatched_preflights: Text


def redirect(field: Field) -> Redirect:
    """The redirect written at `field`."""
    code = field.integer("redirectCode")
    return Redirect(
        field,
        uri=field.text("uri"),
        prefix_rewrite=field.text("prefixRewrite"),
        authority=field.text("authority"),
        scheme=field.text("scheme"),
        port=field.integer("port"),
        derive_port=field.text("derivePort"),
        redirect_code=code or 301,
    )


def direct_response(field: Field) -> DirectResponse:
    """The direct response written at `field`."""
    body = field / "body"
    text = body.text("string")
    return DirectResponse(field, field.integer("status"), body.text("bytes") if text is None else text)


def fault(field: Field) -> Fault:
    """The faults written at `field`."""
    return Fault(field, part(field, "delay", _delay), part(field, "abort", _abort))


def retries(field: Field) -> Retries:
    """The retry policy written at `field`."""
    return Retries(
        field,
        attempts=field.integer("attempts"),
        per_try_timeout=duration(field, "perTryTimeout"),
        backoff=duration(field, "backoff"),
        retry_on=field.text("retryOn"),
        retry_remote_localities=field.boolean("retryRemoteLocalities"),
        retry_ignore_previous_hosts=field.boolean("retryIgnorePreviousHosts"),
    )


def rewrite(field: Field) -> Rewrite:
    """The rewrite written at `field`."""
    regex = field / "uriRegexRewrite"
    return Rewrite(
        field,
        uri=field.text("uri"),
        authority=field.text("authority"),
        regex_match=regex.text("match"),
        regex_rewrite=regex.text("rewrite"),
    )


def headers(field: Field) -> Headers:
    """The header changes written at `field`."""
    return Headers(field, part(field, "request", _operations), part(field, "response", _operations))


def cors_policy(field: Field) -> CorsPolicy:
    """The CORS policy written at `field`."""
    return CorsPolicy(
        field,
        allow_origins=parts(field, "allowOrigins", string_match),
        allow_origin=field.texts("allowOrigin"),
        allow_methods=field.texts("allowMethods"),
        allow_headers=field.texts("allowHeaders"),
        expose_headers=field.texts("exposeHeaders"),
        max_age=duration(field, "maxAge"),
        allow_credentials=field.boolean("allowCredentials") or False,
        unmatched_preflights=filled_or(field, "unmatchedPreflights", "FORWARD"),
    )


def _delay(field: Field) -> Delay:
    share = (number(field / "percentage", "value") or 0) if field / "percentage" else field.integer("percent")
    return Delay(
        field,
        percentage=share or 0,
        fixed_delay=duration(field, "fixedDelay"),
        exponential_delay=duration(field, "exponentialDelay"),
    )


def _abort(field: Field) -> Abort:
    return Abort(
        field,
        percentage=number(field / "percentage", "value") or 0,
        http_status=field.integer("httpStatus"),
        grpc_status=field.text("grpcStatus"),
        http2_error=field.text("http2Error"),
    )


def _operations(field: Field) -> HeaderOperations:
    return HeaderOperations(field, field.mapping("set"), field.mapping("add"), field.texts("remove"))

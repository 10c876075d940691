"""Which requests an HTTP route is for."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import StringMatch, named_parts, part, string_match
from meshlint.resources.view_class import view


@view
class HttpMatch:
    """Conditions that must all hold.

    Where `gateways` is set, the two conditions on the source do not count (Istio: HTTP match).
    """

    field: Field
    name: Text | None
    uri: StringMatch | None
    scheme: StringMatch | None
    method: StringMatch | None
    authority: StringMatch | None
    headers: Mapping[str, StringMatch]
    without_headers: Mapping[str, StringMatch]
    query_params: Mapping[str, StringMatch]
    port: int | None
    ignore_uri_case: bool
    source_labels: Mapping[str, Text]
    source_namespace: Text | None
    gateways: tuple[Text, ...]


def http_match(field: Field) -> HttpMatch:
    """The match written at `field`."""
    return HttpMatch(
        field,
        name=field.text("name"),
        uri=part(field, "uri", string_match),
        scheme=part(field, "scheme", string_match),
        method=part(field, "method", string_match),
        authority=part(field, "authority", string_match),
        headers=named_parts(field, "headers", string_match),
        without_headers=named_parts(field, "withoutHeaders", string_match),
        query_params=named_parts(field, "queryParams", string_match),
        port=field.integer("port"),
        ignore_uri_case=field.boolean("ignoreUriCase") or False,
        source_labels=field.mapping("sourceLabels"),
        source_namespace=field.text("sourceNamespace"),
        gateways=field.texts("gateways"),
    )

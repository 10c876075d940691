"""How an endpoint is picked for a request."""

from __future__ import annotations

from collections.abc import Mapping

from meshlint.documents import Field, Text
from meshlint.resources.istio.parts import Duration, Number, duration, number, part, parts
from meshlint.resources.view import mapping_at
from meshlint.resources.view_class import view

_HASHED = ("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName")


@view
class ConsistentHash:
    """Sends equal requests to one endpoint; `keys` say what is hashed, and one is allowed."""

    field: Field
    keys: tuple[Field, ...]
    http_header_name: Text | None
    http_query_parameter_name: Text | None
    http_cookie: Field | None
    use_source_ip: bool
    ring_hash: Field | None
    maglev: Field | None
    minimum_ring_size: int | None


@view
class Distribution:
    """Which percentage of the traffic from one locality goes to which localities."""

    field: Field
    from_: Text | None
    to: Mapping[str, Number]


@view
class Failover:
    """The region that takes over when another one fails."""

    field: Field
    from_: Text | None
    to: Text | None


@view
class LocalityLbSetting:
    """Preference for near endpoints; `enabled` is None where the mesh decides."""

    field: Field
    enabled: bool | None
    distribute: tuple[Distribution, ...]
    failover: tuple[Failover, ...]
    failover_priority: tuple[Text, ...]


@view
class LoadBalancer:
    """The picking rule: `simple` or `consistent_hash`; with neither of them, the least busy endpoint."""

    field: Field
    simple: Text | None
    consistent_hash: ConsistentHash | None
    locality_lb_setting: LocalityLbSetting | None
    zone_aware_lb_setting: Field | None
    warmup_duration: Duration | None


def load_balancer(field: Field) -> LoadBalancer:
    """The load balancer written at `field`."""
    return LoadBalancer(
        field,
        simple=field.text("simple"),
        consistent_hash=part(field, "consistentHash", _consistent_hash),
        locality_lb_setting=part(field, "localityLbSetting", locality_lb_setting),
        zone_aware_lb_setting=mapping_at(field, "zoneAwareLbSetting"),
        warmup_duration=duration(field / "warmup", "duration") or duration(field, "warmupDurationSecs"),
    )


def locality_lb_setting(field: Field) -> LocalityLbSetting:
    """The locality setting written at `field`, in a load balancer or in the mesh's settings."""
    return LocalityLbSetting(
        field,
        enabled=field.boolean("enabled"),
        distribute=parts(field, "distribute", _distribution),
        failover=parts(field, "failover", _failover),
        failover_priority=field.texts("failoverPriority"),
    )


def _consistent_hash(field: Field) -> ConsistentHash:
    return ConsistentHash(
        field,
        keys=tuple(field / key for key in _HASHED if field / key),
        http_header_name=field.text("httpHeaderName"),
        http_query_parameter_name=field.text("httpQueryParameterName"),
        http_cookie=mapping_at(field, "httpCookie"),
        use_source_ip=field.boolean("useSourceIp") or False,
        ring_hash=mapping_at(field, "ringHash"),
        maglev=mapping_at(field, "maglev"),
        minimum_ring_size=field.integer("minimumRingSize"),
    )


def _distribution(field: Field) -> Distribution:
    shares = {inner.name: number(field / "to", inner.name) for inner in field.fields("to")}
    to = {locality: share for locality, share in shares.items() if share is not None}
    return Distribution(field, field.text("from"), to)


def _failover(field: Field) -> Failover:
    return Failover(field, field.text("from"), field.text("to"))

"""When an endpoint that fails is put aside for a while."""

from __future__ import annotations

from meshlint.documents import Field
from meshlint.resources.istio.parts import Duration, duration
from meshlint.resources.view_class import view


@view
class OutlierDetection:
    """Thresholds and times as written; None leaves Envoy's: 5 errors, every 10 s, for 30 s, 10 percent."""

    field: Field
    consecutive_5xx_errors: int | None
    consecutive_gateway_errors: int | None
    consecutive_local_origin_failures: int | None
    consecutive_errors: int | None
    split_external_local_origin_errors: bool
    interval: Duration | None
    base_ejection_time: Duration | None
    max_ejection_percent: int | None
    min_health_percent: int | None


def outlier_detection(field: Field) -> OutlierDetection:
    """The outlier detection written at `field`."""
    return OutlierDetection(
        field,
        consecutive_5xx_errors=field.integer("consecutive5xxErrors"),
        consecutive_gateway_errors=field.integer("consecutiveGatewayErrors"),
        consecutive_local_origin_failures=field.integer("consecutiveLocalOriginFailures"),
        consecutive_errors=field.integer("consecutiveErrors"),
        split_external_local_origin_errors=field.boolean("splitExternalLocalOriginErrors") or False,
        interval=duration(field, "interval"),
        base_ejection_time=duration(field, "baseEjectionTime"),
        max_ejection_percent=field.integer("maxEjectionPercent"),
        min_health_percent=field.integer("minHealthPercent"),
    )

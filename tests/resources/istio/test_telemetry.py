from __future__ import annotations

from meshlint.resources.istio.telemetry import telemetry
from tests.resources.istio.build import an_istio, line, plain

SPEC = """
selector: {matchLabels: {a: b}}
tracing:
- match: {mode: CLIENT}
  providers: [{name: zipkin}, {}, 1]
  randomSamplingPercentage: 0
  disableSpanReporting: false
  enableIstioTags: true
  useRequestIdForTraceSampling: true
  customTags: {t: {literal: {value: v}}}
metrics:
- providers: [{name: prometheus}]
  reportingInterval: 5s
  overrides:
  - match: {metric: REQUEST_COUNT, mode: SERVER}
    disabled: true
    tagOverrides: {t: {operation: REMOVE}, u: {value: v}}
  - match: {customMetric: c}
accessLogging:
- providers: [{name: envoy}]
  disabled: true
  filter: {expression: e}
"""


def test_telemetry() -> None:
    found = telemetry(an_istio("Telemetry", SPEC, "telemetry.istio.io/v1"))
    (tracing,) = found.tracing
    assert tracing.disable_span_reporting is False
    assert plain(tracing) == {
        "mode": "CLIENT",
        "providers": ["zipkin"],
        "random_sampling_percentage": 0,
        "enable_istio_tags": True,
        "use_request_id_for_trace_sampling": True,
        "custom_tags": [{"literal": {"value": "v"}}],
    }
    assert line(tracing.mode.field) == 3
    assert plain(found.metrics) == [
        {
            "providers": ["prometheus"],
            "reporting_interval": {"text": "5s", "nanoseconds": 5 * 10**9},
            "overrides": [
                {
                    "metric": "REQUEST_COUNT",
                    "mode": "SERVER",
                    "disabled": True,
                    "tag_overrides": {
                        "t": {"operation": "REMOVE"},
                        "u": {"operation": "UPSERT", "value": "v"},
                    },
                },
                {"custom_metric": "c", "mode": "CLIENT_AND_SERVER"},
            ],
        }
    ]
    assert plain(found.access_logging) == [
        {"providers": ["envoy"], "mode": "CLIENT_AND_SERVER", "disabled": True, "filter": "e"}
    ]


def test_what_is_absent_is_inherited() -> None:
    bare = telemetry(an_istio("Telemetry", "{tracing: [{}]}"))
    assert (bare.metrics, bare.access_logging, bare.selector) == ((), (), None)
    assert bare.tracing[0].random_sampling_percentage is None
    assert bare.tracing[0].disable_span_reporting is None

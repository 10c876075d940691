"""What is counted while serving, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from meshlint.values import field, frozen

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


def _counter(name: str, about: str, *labels: str) -> Counter:
    return Counter(f"meshlint_{name}", about, labels, registry=None)


def _gauge(name: str, about: str, *labels: str) -> Gauge:
    return Gauge(f"meshlint_{name}", about, labels, registry=None)


def _seconds() -> Histogram:
    about = "Time to answer requests."
    return Histogram("meshlint_request_seconds", about, ("route",), buckets=_BUCKETS, registry=None)


@frozen(eq=False)
class Metrics:
    """All counters of one service, in a registry of its own."""

    registry: CollectorRegistry = field(factory=CollectorRegistry)
    requests: Counter = field(
        factory=lambda: _counter("requests", "Requests answered.", "route", "method", "status")
    )
    seconds: Histogram = field(factory=_seconds)
    waiting: Gauge = field(factory=lambda: _gauge("questions_waiting", "Questions that wait for a worker."))
    refused: Counter = field(factory=lambda: _counter("refused", "Questions refused because too many wait."))
    died: Counter = field(factory=lambda: _counter("worker_deaths", "Questions that took down their worker."))
    objects: Gauge = field(
        factory=lambda: _gauge("workspace_objects", "Objects in a workspace.", "workspace")
    )
    reviews: Counter = field(factory=lambda: _counter("reviews", "Admission reviews.", "verdict"))

    def __attrs_post_init__(self) -> None:
        for one in (
            self.requests,
            self.seconds,
            self.waiting,
            self.refused,
            self.died,
            self.objects,
            self.reviews,
        ):
            self.registry.register(one)

"""Measurements of the service itself for Prometheus: requests, latency, its state. No figure of any list."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.state_metrics import StateMetrics
from waitlists.store.read import DatasetVersion

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The measurements of one application; each has its own registry, so several can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "waitlists_requests",
            "Requests answered, by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "waitlists_request_seconds",
            "Seconds from the first byte of a request to the end of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._version = Gauge("waitlists_dataset_version", "Dataset version shown.", registry=self._registry)
        self._age = Gauge(
            "waitlists_dataset_age_seconds", "Seconds since the shown version was published.", registry=self._registry
        )
        self.state = StateMetrics(self._registry)
        self._of_answers: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._is_ready = Gauge("waitlists_ready", "1 while the database can be asked, else 0.", registry=self._registry)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        kind = route, method, status
        requests, took = self._of_answers.get(kind) or self._first(*kind)
        requests.inc()
        took.observe(seconds)

    def _first(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        """The measurements of answers of a kind, found once: looking them up costs more than counting."""
        found = self._requests.labels(route, method, str(status)), self._seconds.labels(route)
        self._of_answers[route, method, status] = found
        return found

    def shown(self, version: DatasetVersion | None, now: datetime) -> None:
        """Note which dataset version is shown, and its age."""
        self._version.set(version.version if version else 0)
        self._age.set((now - version.published_at).total_seconds() if version else float("nan"))

    def ready(self, *, is_ready: bool) -> None:
        """Note whether the database can be asked."""
        self._is_ready.set(int(is_ready))

    def text(self) -> bytes:
        """All measurements in the text format that Prometheus reads."""
        return generate_latest(self._registry)

"""The state of the service for Prometheus: ages, depths and what is the matter. No figure of any list, no name."""

from collections import Counter

from prometheus_client import CollectorRegistry, Gauge

from waitlists.alerts import KINDS, State, alerts, slots_late
from waitlists.running.timetable import SLOTS

_UNKNOWN = float("nan")


class StateMetrics:
    """Gauges of the state of the service as it was read last; those of a database that is away are not known."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(f"waitlists_{name}", what, labels, registry=registry)

        self._alert = gauge("alert", "How often something of a kind is the matter now.", "code", "urgency")
        self._source_age = gauge("source_age_days", "Days since the end of a source's newest period.", "source")
        self._slot_late = gauge("slot_late_seconds", "Seconds by which a job of the clock is late, else 0.", "job")
        self._queued = gauge("outbox_queued", "Mails that wait to be sent.")
        self._oldest = gauge("outbox_oldest_seconds", "Seconds for which the oldest of them has waited, else 0.")
        self._dead = gauge("outbox_dead", "Mails that were given up in the last week.")
        self._backup_age = gauge("backup_age_seconds", "Seconds since the last backup.")
        self._held = gauge("deliveries_held", "Deliveries that wait for approval.")
        self._put_aside = gauge("deliveries_with_rows_put_aside", "Deliveries of the last week with rows put aside.")
        self._free = gauge("disk_free_bytes", "Bytes free where the SQLite file is.")

    def show(self, state: State) -> None:
        """Take over what was read."""
        counts = Counter(alert.code for alert in alerts(state))
        for code, kind in KINDS.items():
            self._alert.labels(code, kind.urgency.value).set(counts[code])
        today, late = state.today, slots_late(state)
        for source, period_end in state.sources.items():
            self._source_age.labels(source).set((today - period_end).days)
        for job in SLOTS:
            self._slot_late.labels(job).set(late[job][1].total_seconds() if job in late else 0)
        oldest = state.mail.oldest_at
        self._queued.set(state.mail.queued)
        self._oldest.set((state.now - oldest).total_seconds() if oldest else 0)
        self._dead.set(state.mail.dead)
        self._backup_age.set((state.now - state.backup_at).total_seconds() if state.backup_at else _UNKNOWN)
        self._held.set(len(state.held))
        self._put_aside.set(state.quarantined[1])
        self._free.set(state.space.free if state.space else _UNKNOWN)

    def hide(self) -> None:
        """Forget what was read: old ages must not look like new ones."""
        for gauge in (self._alert, self._source_age, self._slot_late):
            gauge.clear()
        for gauge in (
            self._queued,
            self._oldest,
            self._dead,
            self._backup_age,
            self._held,
            self._put_aside,
            self._free,
        ):
            gauge.set(_UNKNOWN)

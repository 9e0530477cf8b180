"""What ran, how old the figures are, what the clock and the outbox did, and what needs a person.

Only looks; nothing is written. What is the matter is judged by `waitlists.alerts`, here as in the API and its metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from waitlists.alerts import Alert, Mail, RefusedFile, SlotRun, Urgency, alerts
from waitlists.periods import LONDON
from waitlists.store import read
from waitlists.store.session import reading
from waitlists.store.state import state
from waitlists.store.stored import StoredDelivery, StoredRun

ALL = 1_000_000
"""More records of provenance than this store will ever hold: they are counted in hundreds a year."""

SHOWN_RUNS = 10


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """The newest delivery of a source: the week or month it is about and the day it counts as known from."""

    source: str
    period_end: date
    known_from: date
    received_at: datetime
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class StatusOutcome:
    """The state of the service at a moment; `needs` is empty when nobody has to do anything."""

    now: datetime
    dataset_version: int | None
    sources: tuple[SourceFreshness, ...]
    runs: tuple[StoredRun, ...]
    refused: tuple[RefusedFile, ...]
    slots: Mapping[str, tuple[SlotRun, ...]]
    mail: Mail
    backup_at: datetime | None
    restored_of: datetime | None
    alerts: tuple[Alert, ...]

    @property
    def needs(self) -> tuple[Alert, ...]:
        """What a person has to act on."""
        return tuple(alert for alert in self.alerts if alert.kind.urgency is not Urgency.NOTE)

    @property
    def notes(self) -> tuple[Alert, ...]:
        """What is good to know and asks for nothing."""
        return tuple(alert for alert in self.alerts if alert.kind.urgency is Urgency.NOTE)

    @property
    def exit_code(self) -> int:
        """1 when a person has to do something."""
        return 1 if self.needs else 0

    def as_json(self) -> dict[str, Any]:
        """Every fact, dates and times in ISO form."""
        return {
            "needs_a_person": bool(self.needs),
            "needs": [_alert_as_json(need) for need in self.needs],
            "notes": [_alert_as_json(note) for note in self.notes],
            "dataset_version": self.dataset_version,
            "sources": [_source_as_json(source) for source in self.sources],
            "runs": [_run_as_json(run) for run in self.runs],
            "refusals": [_refused_as_json(one) for one in self.refused],
            "slots": {job: [_slot_as_json(slot) for slot in slots] for job, slots in self.slots.items()},
            "mail": {
                "queued": self.mail.queued,
                "oldest_at": self.mail.oldest_at.isoformat() if self.mail.oldest_at else None,
                "dead": self.mail.dead,
                "unmade": self.mail.unmade,
                "held": self.mail.held,
            },
            "backup_at": self.backup_at.isoformat() if self.backup_at else None,
            "restored_of": self.restored_of.isoformat() if self.restored_of else None,
        }


def status(engine: Engine, *, now: datetime, zone: ZoneInfo = LONDON) -> StatusOutcome:
    """What ran, what is late and what is stuck, as of now; `zone` is that of the clock's slots."""
    with reading(engine) as connection:
        found = state(connection, now=now, zone=zone)
        version = read.latest_version(connection)
        sources, runs = _freshness(connection), _latest_runs(connection)
    return StatusOutcome(
        now,
        version.version if version else None,
        sources,
        runs,
        found.refused,
        found.slots,
        found.mail,
        found.backup_at,
        found.restored_of,
        alerts(found),
    )


def _freshness(connection: Connection) -> tuple[SourceFreshness, ...]:
    newest: dict[str, StoredDelivery] = {}
    for item in read.deliveries(connection, limit=ALL):
        seen = newest.get(item.source)
        if seen is None or (item.period_end, item.known_from) >= (seen.period_end, seen.known_from):
            newest[item.source] = item
    return tuple(
        SourceFreshness(source, item.period_end, item.known_from, item.received_at, item.is_synthetic)
        for source, item in sorted(newest.items())
    )


def _latest_runs(connection: Connection) -> tuple[StoredRun, ...]:
    """The newest runs first, and the latest of every command even where others came after it."""
    runs = sorted(read.runs(connection, limit=ALL), key=lambda run: run.id, reverse=True)
    latest = {run.command: run for run in reversed(runs)}.values()
    return tuple(
        run for place, run in enumerate(runs) if place < SHOWN_RUNS or run in latest or run.status == "running"
    )


def _source_as_json(source: SourceFreshness) -> dict[str, Any]:
    return {
        "source": source.source,
        "period_end": source.period_end.isoformat(),
        "known_from": source.known_from.isoformat(),
        "received_at": source.received_at.isoformat(),
        "is_synthetic": source.is_synthetic,
    }


def _run_as_json(run: StoredRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "command": run.command,
        "as_of": run.as_of.isoformat() if run.as_of else None,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "status": run.status,
        "summary": dict(run.summary),
    }


def _alert_as_json(alert: Alert) -> dict[str, Any]:
    return {"code": alert.code, "urgency": alert.kind.urgency.value, "sentence": alert.sentence}


def _refused_as_json(one: RefusedFile) -> dict[str, Any]:
    return {
        "id": one.id,
        "file": one.file_name,
        "received_at": one.received_at.isoformat(),
        "code": one.code,
        "reason": one.reason,
    }


def _slot_as_json(one: SlotRun) -> dict[str, Any]:
    return {
        "slot": one.slot.isoformat(),
        "state": one.state.value,
        "since": one.since.isoformat() if one.since else None,
        "lease_until": one.lease_until.isoformat() if one.lease_until else None,
        "reason": one.reason,
        "problems": list(one.problems),
    }

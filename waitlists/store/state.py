"""The state of the service, read from the store for `waitlists.alerts` to judge.

The user that serves may read all of this, and of outbox and quarantine no more than this: counts and moments.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from waitlists.alerts import HeldFile, LastRun, Mail, PartFile, RefusedFile, SlotRun, Space, State
from waitlists.mail.outgoing import MailState
from waitlists.periods import LONDON
from waitlists.quality.late import late_returns
from waitlists.running.ledger import JobRun
from waitlists.running.ledger import State as SlotState
from waitlists.running.timetable import SLOTS
from waitlists.store import ledger, read
from waitlists.store.grants import missing_grants
from waitlists.store.outbox import unmade as still_unmade
from waitlists.store.restored import restored_of
from waitlists.store.returns_in_part import returns_in_part
from waitlists.store.tables import delivery, job_run, outbox, quarantine, refusal, run
from waitlists.store.unread import is_mended, waiting_deliveries

RECENT: Final = timedelta(days=7)
"""How long a refused file, rows put aside or mail given up are worth a line: by then the next delivery is here."""

WEEKLY_RETURN: Final = "weekly_return"
_NEWEST_SLOTS = 8


def state(connection: Connection, *, now: datetime, zone: ZoneInfo = LONDON) -> State:
    """The state of the service at a moment; `zone` is that of the clock's slots."""
    today = now.astimezone(zone).date()
    sent = read.periods_sent(connection, WEEKLY_RETURN)
    by_clock = select(func.min(job_run.c.claimed_at)).where(job_run.c.is_asked.is_(False))
    backed_up = select(func.max(run.c.finished_at)).where(run.c.command == "backup", run.c.status == "done")
    return State(
        now=now,
        sources=_sources(connection),
        late_returns=tuple(late.sentence for late in late_returns(sent, now=now)),
        runs=_last_runs(connection),
        refused=_refused(connection, since=now - RECENT, today=today),
        held=_held(connection, today),
        in_part=_in_part(connection, today),
        quarantined=_quarantined(connection, since=now - RECENT),
        slots={job: _slots(connection, job) for job in SLOTS},
        clock_since=connection.execute(by_clock).scalar(),
        mail=_mail(connection, since=now - RECENT, monday=today - timedelta(days=today.weekday())),
        backup_at=connection.execute(backed_up).scalar(),
        restored_of=restored_of(connection),
        began_at=connection.execute(select(func.min(run.c.started_at))).scalar(),
        space=_space(connection),
        zone=zone,
        ungranted=missing_grants(connection),
    )


def _sources(connection: Connection) -> dict[str, date]:
    newest = select(delivery.c.source, func.max(delivery.c.period_end)).group_by(delivery.c.source)
    return {row[0]: row[1] for row in connection.execute(newest)}


def _last_runs(connection: Connection) -> tuple[LastRun, ...]:
    newest = select(func.max(run.c.id)).group_by(run.c.command)
    rows = connection.execute(select(run).where(run.c.id.in_(newest)).order_by(run.c.id.desc()))
    return tuple(LastRun(row.id, row.command, row.status, row.started_at, row.summary.get("reason")) for row in rows)


def _refused(connection: Connection, *, since: datetime, today: date) -> tuple[RefusedFile, ...]:
    """Each file once: not where the same bytes, a later file of that name, or what it was about, were loaded."""
    same = delivery.c.sha256 == refusal.c.sha256
    mended = (delivery.c.file_name == refusal.c.file_name) & (delivery.c.received_at >= refusal.c.received_at)
    is_loaded = select(1).select_from(delivery).where(same | mended).exists()
    query = select(refusal, run.c.as_of).join(run, run.c.id == refusal.c.run_id).order_by(refusal.c.id)
    rows = connection.execute(query.where(refusal.c.received_at >= since, ~is_loaded)).all()
    latest = {(row.file_name, row.sha256): row for row in rows if not is_mended(connection, row, as_of=today)}
    return tuple(RefusedFile(row.id, row.file_name, row.received_at, row.code, row.reason) for row in latest.values())


def _held(connection: Connection, today: date) -> tuple[HeldFile, ...]:
    waiting = waiting_deliveries(connection, today=today)
    return tuple(HeldFile(row.file_name, row.snapshot_date, tuple(row.reasons)) for row in waiting)


def _in_part(connection: Connection, today: date) -> tuple[PartFile, ...]:
    found = returns_in_part(connection, source=WEEKLY_RETURN, on=today)
    return tuple(PartFile(one.file_name, one.org, one.rows) for one in found)


def _quarantined(connection: Connection, *, since: datetime) -> tuple[int, int]:
    counted = select(func.count(quarantine.c.delivery_id), func.count(quarantine.c.delivery_id.distinct()))
    recent = counted.join(delivery, delivery.c.id == quarantine.c.delivery_id).where(delivery.c.received_at >= since)
    rows, files = connection.execute(recent.where(quarantine.c.state == "held")).one()
    return rows, files


def _slots(connection: Connection, job: str) -> tuple[SlotRun, ...]:
    return tuple(map(_slot, ledger.job_runs(connection, job=job, limit=_NEWEST_SLOTS)))


def _slot(one: JobRun) -> SlotRun:
    told = SlotRun(one.slot, one.state, one.detail.get("reason"), _problems(one.detail))
    return replace(told, since=one.claimed_at, lease_until=one.lease_until) if one.state is SlotState.RUNNING else told


def _problems(detail: Mapping[str, Any]) -> tuple[str, ...]:
    """The night names its problems; a week only counts them, its run and its files tell the rest."""
    told = detail.get("problems")
    return tuple(map(str, cast(list[Any], told))) if isinstance(told, list) else ()


def _mail(connection: Connection, *, since: datetime, monday: date) -> Mail:
    counted = select(func.count(outbox.c.state), func.min(outbox.c.queued_at))
    is_queued, is_free = outbox.c.state == MailState.QUEUED.value, outbox.c.held_at.is_(None)
    queued, oldest = connection.execute(counted.where(is_queued, is_free)).one()
    held, _ = connection.execute(counted.where(is_queued, ~is_free)).one()
    is_dead = outbox.c.state == MailState.DEAD.value
    dead = connection.execute(select(func.count(outbox.c.state)).where(is_dead, outbox.c.settled_at >= since))
    unmade = sum(map(len, still_unmade(connection, since=monday).values()))
    return Mail(queued, oldest, dead.scalar_one(), unmade, held)


def _space(connection: Connection) -> Space | None:
    if connection.dialect.name != "sqlite":
        return None
    file = Path(str(connection.engine.url.database))
    disk, log = os.statvfs(file.parent), file.with_name(f"{file.name}-wal")
    used = sum(one.stat().st_size for one in (file, log) if one.exists())
    return Space(disk.f_bavail * disk.f_frsize, used)

"""The ledger of jobs in the database: slots claimed, kept alive, finished and passed over.

Every function works in the caller's writing transaction, of which there is one at a time on either engine. So what is
read here still holds when it is written, and a slot is finished together with what it did or not at all.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select, update

from waitlists.errors import LeaseLost
from waitlists.running.ledger import SETTLED, Claim, JobRun, State, may_claim, next_try
from waitlists.store.tables import job_run


def claim(
    connection: Connection,
    job: str,
    slot: date,
    *,
    worker: str,
    now: datetime,
    lease: timedelta,
    is_asked: bool = False,
) -> Claim | None:
    """The right to do a slot until the lease ends; None where it is done, or somebody is at it, or it is too early."""
    found = find(connection, job, slot)
    if not may_claim(found, now=now, is_asked=is_asked):
        return None
    taken = {"worker": worker, "claimed_at": now, "heartbeat_at": now, "lease_until": now + lease}
    mine: dict[str, Any] = taken | {"state": State.RUNNING, "finished_at": None, "superseded_by": None}
    if found is None:
        new = {"job": job, "slot": slot, "attempt": 1, "failures": 0, "is_asked": is_asked}
        connection.execute(insert(job_run).values(**new, **mine, detail={}))
        return Claim(job, slot, 1)
    claimed = Claim(job, slot, found.attempt + 1)
    connection.execute(update(job_run).where(*_of(job, slot)).values(**mine, attempt=claimed.attempt))
    return claimed


def beat(connection: Connection, claim: Claim, *, now: datetime, lease: timedelta) -> None:
    """Keep a claim for another lease.

    Raises
    ------
    LeaseLost
        Somebody else has the slot by now.
    """
    _change(connection, claim, {"heartbeat_at": now, "lease_until": now + lease})


def finish(
    connection: Connection,
    claim: Claim,
    *,
    state: State,
    now: datetime,
    detail: Mapping[str, Any],
    run_id: int | None = None,
) -> None:
    """Record how a slot ended, in the transaction of what it did.

    Raises
    ------
    LeaseLost
        Somebody else has the slot by now: the whole transaction has to go.
    """
    ended = {"state": state, "finished_at": now, "heartbeat_at": now, "lease_until": now, "detail": dict(detail)}
    done = {"run_id": run_id, "done_at": func.coalesce(job_run.c.done_at, now)} if state in SETTLED else {}
    _change(connection, claim, ended | done)


def fail(connection: Connection, claim: Claim, *, now: datetime, kind: str) -> None:
    """Record that a try broke off, and from when on the next one may begin; of the error only its kind is kept.

    Raises
    ------
    LeaseLost
        Somebody else has the slot by now.
    """
    found = find(connection, claim.job, claim.slot)
    failures = found.failures + 1 if found else 1
    finish(connection, claim, state=State.FAILED, now=now, detail={**(found.detail if found else {}), "reason": kind})
    _next = {"failures": failures, "lease_until": next_try(failures, now=now)}
    connection.execute(update(job_run).where(*_of(claim.job, claim.slot)).values(**_next))


def release(connection: Connection, claim: Claim, *, now: datetime) -> None:
    """Let go of a claim that is not finished, so that the next look takes it; its holder may finish nothing any more.

    Raises
    ------
    LeaseLost
        Somebody else has the slot by now.
    """
    _change(connection, claim, {"attempt": claim.attempt + 1, "lease_until": now})


def supersede(connection: Connection, job: str, slots: Iterable[date], *, by: date, now: datetime) -> list[date]:
    """Record slots that nobody did as missed for a newer one, and say which; those that were done stay done."""
    ended = {"finished_at": now, "heartbeat_at": now, "lease_until": now}
    missed = ended | {"state": State.MISSED, "superseded_by": by}
    passed_over: list[date] = []
    for slot in slots:
        found = find(connection, job, slot)
        if found is None:
            new = {"job": job, "slot": slot, "attempt": 0, "failures": 0, "is_asked": False}
            connection.execute(insert(job_run).values(**new, **missed, worker="", claimed_at=now, detail={}))
        elif found.state not in SETTLED:
            becomes = ended | {"state": State.DONE} if found.done_at else missed
            # The next number: whoever stalled over the slot may not finish it any more.
            values = becomes | {"attempt": found.attempt + 1}
            connection.execute(update(job_run).where(*_of(job, slot)).values(**values))
        if found is None or not (found.done_at or found.state in SETTLED):
            passed_over.append(slot)
    return passed_over


def find(connection: Connection, job: str, slot: date) -> JobRun | None:
    """A slot as the ledger has it."""
    row = connection.execute(select(job_run).where(*_of(job, slot))).mappings().first()
    return _job_run(row) if row else None


def newest(connection: Connection, job: str) -> JobRun | None:
    """The newest slot that the clock, and no person, has begun or passed over."""
    query = select(job_run).where(job_run.c.job == job, job_run.c.is_asked.is_(False))
    row = connection.execute(query.order_by(job_run.c.slot.desc()).limit(1)).mappings().first()
    return _job_run(row) if row else None


def others_since(connection: Connection, job: str, slot: date, *, since: date) -> list[JobRun]:
    """Every other slot of a job, from a day on."""
    query = select(job_run).where(job_run.c.job == job, job_run.c.slot != slot, job_run.c.slot >= since)
    return [_job_run(row) for row in connection.execute(query.order_by(job_run.c.slot)).mappings()]


def unsettled(connection: Connection, job: str, *, before: date) -> list[JobRun]:
    """Older slots that somebody began and nobody ended well, the oldest first."""
    settled = [state.value for state in SETTLED]
    query = select(job_run).where(job_run.c.job == job, job_run.c.slot < before, job_run.c.state.not_in(settled))
    return [_job_run(row) for row in connection.execute(query.order_by(job_run.c.slot)).mappings()]


def job_runs(connection: Connection, *, job: str | None = None, limit: int = 100) -> list[JobRun]:
    """What the ledger has, the newest slots first."""
    query = select(job_run).order_by(job_run.c.slot.desc(), job_run.c.job).limit(limit)
    if job is not None:
        query = query.where(job_run.c.job == job)
    return [_job_run(row) for row in connection.execute(query).mappings()]


def _change(connection: Connection, claim: Claim, values: Mapping[str, Any]) -> None:
    holds = (job_run.c.attempt == claim.attempt, job_run.c.state == State.RUNNING)
    changed = connection.execute(update(job_run).where(*_of(claim.job, claim.slot), *holds).values(**values))
    if changed.rowcount != 1:
        raise LeaseLost(f"another process has {claim.job} of {claim.slot} by now; this one stores nothing of it")


def _of(job: str, slot: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return job_run.c.job == job, job_run.c.slot == slot


def _job_run(row: RowMapping) -> JobRun:
    values: dict[str, Any] = {**row, "state": State(row["state"])}
    return JobRun(**values)

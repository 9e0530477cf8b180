"""Rebases and targets recorded, listed and removed: each act is a run, a new dataset version and a line of the audit.

A new version, because what charts say changes with it: no answer kept from before may be given again.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from jobs.runs import Clock, concluded, running
from waitlists.errors import BadArgument, NotFound
from waitlists.organisations import find_organisation
from waitlists.periods import london_date
from waitlists.security.audit import Look
from waitlists.store import audit, write
from waitlists.store.decisions import Stamp, add_decision, history_of
from waitlists.store.judged import carry_over
from waitlists.store.read import known_organisations
from waitlists.store.session import reading
from waitlists.trends.decisions import Decision, Recorded, What, Words, check_words, in_force

ROLE = "admin"


def add(engine: Engine, decision: Decision, *, clock: Clock) -> int:
    """Record a decision; its number.

    Raises
    ------
    BadArgument
        The organisation is unknown, the decision was taken in the future, or one of the same series and day holds.
    """
    _check_day(decision.words.decided_on, clock)
    with reading(engine) as connection:
        _check_organisation(connection, decision.about.org)
        standing = in_force(history_of(connection, service=decision.about.service), london_date(clock()))
    same = (decision.what, decision.about, decision.since)
    if any((one.decision.what, one.decision.about, one.decision.since) == same for one in standing):
        raise BadArgument("this series has one from that day already: remove it first", field="--date")
    return _recorded(engine, f"{decision.what}s add", decision, clock=clock)


def remove(engine: Engine, what: What, number: int, words: Words, *, clock: Clock) -> int:
    """Record that a decision no longer holds; the number of that row.

    Raises
    ------
    BadArgument
        No such decision holds, the words do not say why, or it was taken in the future.
    """
    check_words(words)
    _check_day(words.decided_on, clock)
    with reading(engine) as connection:
        standing = in_force(history_of(connection), london_date(clock()))
    found = next((one for one in standing if (one.number, one.decision.what) == (number, what)), None)
    if found is None:
        raise BadArgument(f"no {what} of this number holds; see `waitlists {what}s list`", field="NUMBER")
    return _recorded(engine, f"{what}s remove", replace(found.decision, words=words), clock=clock, removes=number)


def listed(engine: Engine, what: What, *, on: date, has_history: bool) -> list[Recorded]:
    """What holds on a day, or everything ever recorded with what removed it."""
    with reading(engine) as connection:
        history = history_of(connection)
    found = history if has_history else in_force(history, on)
    return [one for one in found if one.decision.what == what]


def as_json(one: Recorded) -> dict[str, Any]:
    """Every fact of a decision."""
    decision, about = one.decision, one.decision.about
    return {
        "number": one.number,
        "service": about.service,
        "org": about.org,
        "measure": about.measure.value,
        "standard": about.standard,
        "basis": about.basis,
        "freq": about.freq,
        "source": about.source,
        "date": decision.since.isoformat(),
        "value": decision.value,
        "reason": decision.words.reason,
        "role": decision.words.role,
        "decided_on": decision.words.decided_on.isoformat(),
        "known_from": one.known_from.isoformat(),
        "removes": one.removes,
    }


def _recorded(engine: Engine, command: str, decision: Decision, *, clock: Clock, removes: int | None = None) -> int:
    with running(engine, command=command, as_of=None, clock=clock) as run_id:

        def record(connection: Connection) -> int:
            now, about = clock(), decision.about
            number = add_decision(connection, decision, Stamp(now, london_date(now), run_id), removes=removes)
            look = Look(now, "command", ROLE, f"{command} {number}", about.service, about.org, 0)
            audit.append(connection, [look])
            version = write.publish(connection, run_id=run_id, now=now)
            carry_over(connection, version, but=about.service)
            write.finish_run(connection, run_id, status="done", summary={"decision": number}, now=now)
            return number

        return concluded(engine, run_id, record)


def _check_day(decided_on: date, clock: Clock) -> None:
    if decided_on > london_date(clock()):
        raise BadArgument("a decision cannot have been taken in the future", field="--decided-on")


def _check_organisation(connection: Connection, code: str) -> None:
    try:
        find_organisation(code)
    except NotFound:
        if all(one.code != code for one in known_organisations(connection)):
            raise

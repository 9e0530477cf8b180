"""Three small providers whose lists are counted, loads that change them, and everything counted from all records."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from jobs.records.basis import Change
from jobs.records.snapshots import count_again
from tests.referrals import Rows, deliver
from waitlists.clock import clocks
from waitlists.counts.begun import begun_of
from waitlists.counts.counted import SOURCE_OF
from waitlists.counts.counting import Cover, counted, covers_of
from waitlists.counts.due import due
from waitlists.details import Detail
from waitlists.domain import ParsedVintage
from waitlists.ingest.mapping import Kind
from waitlists.record.schema import AGE_BANDS, STAGES
from waitlists.snapshot import listed_of
from waitlists.sources import Freq
from waitlists.store import tables
from waitlists.store.counted import counted_before, extract_days, standing, standing_vintages
from waitlists.store.details import detail_of
from waitlists.store.referrals import READ_SCHEMA, read_referrals

FIRST = date(2026, 5, 31)
PROVIDERS = ("RAT", "RXY", "NQ7")
LONG_AGO = date(2024, 1, 1)
WEEKS = 22
IDS = 8
"""Referrals of each provider that change, come back and join spells; the others only make lists long enough."""


def sunday(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def described(number: int, provider: str) -> dict[str, Any]:
    """What a row says of its child on the day, which stays: another value says nothing of earlier weeks."""
    return {
        "organisation_identifier_code_of_provider": provider,
        "service_request_identifier": f"{provider}-{number}",
        "organisation_identifier_code_of_commissioner": ("QKS", "91Q", "E10000016", "QKS")[number % 4],
        "waiting_for": STAGES[number % len(STAGES)],
        "age_band": AGE_BANDS[-1 - number % 3],
        "imd_decile": 1 + number % 10,
        "clinical_response_priority_type": (None, "urgent", "routine")[number % 3],
    }


def usual(provider: str) -> list[dict[str, Any]]:
    """Somebody a week who is seen ten days later, and some who wait."""
    rows: list[dict[str, Any]] = []
    for week in range(-WEEKS, 0):
        came = sunday(week) - timedelta(days=3)
        seen = min(came + timedelta(days=10), FIRST)
        rows.append({
            **described(100 - week, provider),
            "pseudonym_id": f"child-of-{provider}-{-week:08}",
            "service": "SALT",
            "waiting_for": "first_contact",
            "referral_request_received_date": came,
            "first_care_contact_date": seen,
            "service_discharge_date": seen if week % 2 else None,
        })  # fmt: skip
    for number, service in enumerate(("CAMHS", "ASD", "WHEELCHAIR", "ADHD") * 4):
        ended = {"first_care_contact_date": LONG_AGO, "service_discharge_date": LONG_AGO + timedelta(weeks=1)}
        child = {"pseudonym_id": f"child-long-ago-{number:06}", "service": service}
        came = {"referral_request_received_date": LONG_AGO, "assessment_started_date": LONG_AGO}
        rows.append({**described(200 + number, provider), **child, **came, **ended, "waiting_for": STAGES[number // 4]})
    for number in range(0, IDS, 2):
        came = sunday(-2 * number - 1)
        rows.append({
            **described(number, provider),
            "pseudonym_id": f"child-that-changes-{number % 3:04}",
            "service": ("CAMHS", "ASD", "CAMHS", "WHEELCHAIR")[number // 2],
            "referral_request_received_date": came,
            "service_discharge_date": came + timedelta(days=4) if number == 4 else None,
        })  # fmt: skip
    return rows


class Sent(NamedTuple):
    """A delivery of one provider about the Sunday of a week."""

    provider: str
    week: int
    rows: Rows
    refused: Rows = ()
    kind: Kind = "delta"


def take(connection: Connection, *several: Sent) -> date:
    """One load of some deliveries, counted once; the day from which it is known."""
    newest = max(sunday(one.week) for one in several) + timedelta(days=1)
    last = connection.execute(select(func.max(tables.referral_delivery.c.known_from))).scalar() or date.min
    known = max(newest, last)
    changes: list[Change] = []
    for one in several:
        how: Mapping[str, Any] = {"provider": one.provider, "kind": one.kind, "refused": one.refused}
        merged = deliver(connection, one.rows, rows_at_once=1000, day=sunday(one.week), known=known, **how)
        number = connection.execute(select(func.max(tables.delivery.c.id))).scalar_one()
        changes.append(Change(number, merged))
    count_again(connection, changes, known_from=known)
    return known


Place = tuple[str, str, date, str, bool]
"""Source, scope, period and service, and whether it is about its groups."""


def told(parts: Sequence[ParsedVintage]) -> dict[Place, list[str]]:
    """All that vintages say, by service, in one order."""
    found: dict[Place, list[str]] = {}
    for part in parts:
        for one in (*part.figures, *part.details):
            place = part.source, part.scope, part.period_end, one.service, bool(getattr(one, "cut", ""))
            figure = (one.org, one.kind, one.band, one.value) if hasattr(one, "kind") else one
            found.setdefault(place, []).append(repr(figure))
    return {place: sorted(several) for place, several in found.items()}


def stands(connection: Connection) -> dict[Place, list[str]]:
    """What was counted, as it stands."""
    return told([part for source in SOURCE_OF.values() for part in _standing(connection, source).values()])


def _standing(connection: Connection, source: str) -> dict[tuple[str, date], ParsedVintage]:
    """Vintages with the groups of their lists."""
    ends = {end for _, end in counted_before(connection, source)}
    numbers = standing_vintages(connection, source, ends)
    groups: dict[int, list[Detail]] = {number: [] for number in numbers.values()}
    for row in connection.execute(select(tables.detail).where(tables.detail.c.cut != "")):
        groups.get(row.vintage_id, []).append(detail_of(row))
    return {
        place: replace(part, details=(*part.details, *groups[numbers[place]]))
        for place, part in standing(connection, source, ends).items()
    }


def whole_since(connection: Connection, known: date) -> dict[str, date]:
    """From when on each provider's records are whole, as all that is known says it."""
    table = read_referrals(connection, as_of=known, columns=READ_SCHEMA.names)
    days = extract_days(connection, known_on=known)
    ended = clocks(table, on=max(last for _, last in days.values())).stop
    return {name: cover.since for name, cover in covers_of(table, ended, days).items()}


def everything(connection: Connection, known: date, since: Mapping[str, date]) -> dict[Place, list[str]]:
    """All periods counted from all records, as if nothing had been counted before."""
    table = read_referrals(connection, as_of=known, columns=READ_SCHEMA.names)
    covers = {name: Cover(since[name], *days) for name, days in extract_days(connection, known_on=known).items()}
    ticking = clocks(table, on=max(cover.until for cover in covers.values()))
    listed, begun = listed_of(table, ticking), begun_of(table, ticking)
    found: list[ParsedVintage] = []
    for freq in SOURCE_OF:
        grouped = _grouped(connection, freq)
        found += counted(listed, covers, begun, freq=freq, since=min(since.values()), with_groups=grouped)
    return told(found)


def _grouped(connection: Connection, freq: Freq) -> set[date]:
    parts = _standing(connection, SOURCE_OF[freq])
    return {end for (_, end), part in parts.items() if any(detail.cut for detail in part.details)}


def due_stands(connection: Connection) -> list[tuple[Any, ...]]:
    """Who crosses a threshold when, as it stands."""
    return sorted(map(tuple, connection.execute(select(tables.referral_due))), key=repr)


def due_of_all(connection: Connection, known: date) -> list[tuple[Any, ...]]:
    """The same worked out from all records, as if nothing had been worked out before."""
    found: list[tuple[Any, ...]] = []
    for name, (_, last) in extract_days(connection, known_on=known).items():
        table = read_referrals(connection, as_of=known, providers=[name], columns=READ_SCHEMA.names)
        found += (tuple(row.values()) for row in due(table, clocks(table, on=last), on=last).to_pylist())
    return sorted(((*row[:-1], json.loads(row[-1])) for row in found), key=repr)


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """What is done in it is taken back."""
    savepoint = connection.begin_nested()
    yield
    savepoint.rollback()

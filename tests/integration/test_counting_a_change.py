"""Counting what a delivery of changes can touch gives, to the byte, what counting everything again gives."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from jobs.records import basis
from jobs.records.basis import Change
from jobs.records.snapshots import count_again
from tests.referrals import deliver
from waitlists.counts.counted import SOURCE_OF
from waitlists.counts.counting import Cover, counted
from waitlists.domain import ParsedVintage
from waitlists.record.schema import AGE_BANDS, REASONS, STAGES
from waitlists.store import tables
from waitlists.store.counted import counted_before, extract_days, standing
from waitlists.store.referral_covers import kept_covers
from waitlists.store.session import writing

FIRST = date(2026, 5, 31)
PROVIDERS = ("RAT", "RXY", "NQ7")
LONG_AGO = date(2024, 1, 1)
WEEKS = 22
IDS = 8
"""Referrals of each provider that change, come back and join spells; the others only make lists long enough."""


def sunday(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def described(number: int, provider: str) -> dict[str, object]:
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


def usual(provider: str) -> list[dict[str, object]]:
    """Somebody a week who is seen ten days later, and some who wait."""
    rows: list[dict[str, object]] = []
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


@st.composite
def changes(draw):
    """A provider's changes: new rows, changed ones, ones that end, open again or go over to another provider."""
    provider, week = draw(st.sampled_from(PROVIDERS)), draw(st.integers(0, 2))
    last = (sunday(week) - FIRST).days
    rows = []
    for number in draw(st.sets(st.integers(0, IDS - 1), min_size=1, max_size=4)):
        received = draw(st.integers(-7 * WEEKS, last))

        def later(received=received):
            days = draw(st.none() | st.integers(0, 60))
            return None if days is None else FIRST + timedelta(days=min(received + days, last))

        stopped, original = later(), draw(st.none() | st.integers(0, 90))
        began = FIRST + timedelta(days=received)
        rows.append({
            **described(number, provider),
            "pseudonym_id": f"child-that-changes-{draw(st.integers(0, 2)):04}",
            "service": draw(st.sampled_from(["CAMHS", "CAMHS", "ASD", "WHEELCHAIR", "ADHD"])),
            "referral_spell_id": draw(st.sampled_from([None, None, "S1"])),
            "referral_request_received_date": began,
            "original_referral_request_received_date": None if original is None else began - timedelta(days=original),
            "first_care_contact_date": later(),
            "baseline_outcome_date": later(),
            "plan_or_intervention_date": later(),
            "assessment_started_date": later(),
            "clock_stop_date": stopped,
            "clock_stop_reason": None if stopped is None else draw(st.sampled_from([*REASONS, "transferred"])),
            "referral_rejection_date": draw(st.none()) or (later() if draw(st.booleans()) else None),
            "service_discharge_date": later() if draw(st.booleans()) else None,
            "wait_adjustment_days": draw(st.none() | st.integers(0, 200)),
        })  # fmt: skip
    refused = [{"service_request_identifier": f"{provider}-{draw(st.integers(0, IDS))}"}] if draw(st.booleans()) else []
    return provider, week, rows, refused


def take(connection, provider, week, rows, *, kind="delta", refused=()):
    known = max(sunday(week) + timedelta(days=1), _newest_known(connection))
    how = {"day": sunday(week), "known": known, "provider": provider, "kind": kind, "refused": refused}
    merged = deliver(connection, rows, rows_at_once=1000, **how)
    number = connection.execute(select(func.max(tables.delivery.c.id))).scalar_one()
    count_again(connection, [Change(number, merged)], known_from=known)
    return known


def _newest_known(connection) -> date:
    return connection.execute(select(func.max(tables.referral_delivery.c.known_from))).scalar() or date.min


def told(parts) -> dict[tuple[str, date], tuple[object, ...]]:
    """All that vintages say, in one order."""
    return {
        (part.scope, part.period_end): (
            sorted((one.service, one.org, one.kind, one.band, one.value) for one in part.figures),
            sorted(map(repr, part.details)),
        )
        for part in parts
    }


def everything(connection, freq, known) -> list[ParsedVintage]:
    """All periods counted from all records, of which nothing was counted before."""
    days, kept = extract_days(connection, known_on=known), kept_covers(connection)
    covers = {name: Cover(kept.since[name], *days[name]) for name in days}
    table = basis.read_referrals(connection, as_of=known, columns=basis._COLUMNS)
    earliest = min(cover.since for cover in covers.values())
    stands = counted_before(connection, SOURCE_OF[freq])
    grouped = {end for (_, end), part in standing(connection, SOURCE_OF[freq], {end for _, end in stands}).items()
               if any(detail.cut for detail in part.details)}  # fmt: skip
    return list(counted(table, covers, freq=freq, since=earliest, with_groups=grouped))


@contextmanager
def undone(connection):
    savepoint = connection.begin_nested()
    yield
    savepoint.rollback()


@pytest.fixture
def kent(database):
    """Three providers' whole lists, counted."""
    with writing(database) as connection:
        for provider in PROVIDERS:
            take(connection, provider, 0, usual(provider), kind="snapshot")
        yield connection


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(several=st.lists(changes(), min_size=1, max_size=2))
def test_a_change_is_counted_as_everything_is(kent, several):
    with undone(kent):
        for provider, week, rows, refused in sorted(several, key=lambda one: one[1]):
            known = take(kent, provider, week, rows, refused=refused)
        for freq, source in SOURCE_OF.items():
            stands = standing(kent, source, {end for _, end in counted_before(kent, source)})
            assert told(stands.values()) == told(everything(kent, freq, known))

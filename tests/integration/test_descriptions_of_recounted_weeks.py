"""By what a past week describes its children: as known when it was counted, and each count stays under its day."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import Connection, select

from tests.counted_kent import Sent, described, sunday, take, usual
from waitlists.counts.groups import NOT_SAID
from waitlists.store import tables
from waitlists.store.referrals import read_referrals
from waitlists.store.session import writing

WEEK = sunday(-1)
CANTERBURY, SWALE = "E07000106", "E07000113"


def row(number: int, **changes: object) -> dict[str, object]:
    """A child who waits for autism, of Kent and Medway's board."""
    came = sunday(-8)
    about = {"pseudonym_id": f"child-described-{number:04}", "service": "ASD", "referral_request_received_date": came}
    return {
        **described(4 * number, "RAT"),
        **about,
        "waiting_for": "first_contact",
        "district_code": CANTERBURY,
    } | changes


def groups(connection: Connection, *, as_of: date) -> dict[str, int]:
    """The board's districts of autism in the week, of the newest count known on a day, where they are said."""
    detail, vintage = tables.detail, tables.vintage
    newest = (
        select(vintage.c.id)
        .where(vintage.c.source == "referral_extract", vintage.c.scope == "", vintage.c.period_end == WEEK)
        .where(vintage.c.known_from <= as_of)
        .order_by(vintage.c.known_from.desc(), vintage.c.id.desc())
        .limit(1)
    )
    of_board = (detail.c.service == "ASD", detail.c.org == "QKS", detail.c.stage == "list", detail.c.cut == "district")
    found = select(detail.c.cut_group, detail.c.list_size).where(detail.c.vintage_id == newest.scalar_subquery())
    return {name: size for name, size in connection.execute(found.where(*of_board)) if size and name != NOT_SAID}


def by_hand(connection: Connection, *, as_of: date) -> dict[str, int]:
    """The same from the records as known on the day: who came by then and had not left, where it lives by them."""
    counts: Counter[str] = Counter()
    for one in read_referrals(connection, as_of=as_of).to_pylist():
        left = one["service_discharge_date"] or date.max
        if one["service"] == "ASD" and one["district_code"] and one["referral_request_received_date"] <= WEEK < left:
            counts[one["district_code"]] += 1
    return dict(counts)


def test_a_move_leaves_past_weeks_and_a_week_counted_again_takes_what_is_known_then(database):
    first, moved, ended = (sunday(week) + timedelta(days=1) for week in (0, 1, 2))
    with writing(database) as connection:
        take(connection, Sent("RAT", 0, [*usual("RAT"), *(row(number) for number in (100, 101, 102))], kind="snapshot"))
        assert groups(connection, as_of=first) == by_hand(connection, as_of=first) == {CANTERBURY: 3}
        take(connection, Sent("RAT", 1, [row(100, district_code=SWALE)]))
        assert groups(connection, as_of=moved) == {CANTERBURY: 3}
        take(connection, Sent("RAT", 2, [row(101, service_discharge_date=sunday(-3))]))
        assert groups(connection, as_of=ended) == by_hand(connection, as_of=ended) == {SWALE: 1, CANTERBURY: 1}
        assert [groups(connection, as_of=day) for day in (first, moved)] == [{CANTERBURY: 3}] * 2

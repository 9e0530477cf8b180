"""What stands of a list after each delivery of records: figures of the weeks in force, as one follows the other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from jobs.records.basis import Change
from jobs.records.snapshots import count_again
from tests.referrals import deliver
from waitlists.store import tables
from waitlists.store.erase import erase_expired, erase_pseudonyms, whole_from
from waitlists.store.in_force import in_force
from waitlists.store.session import writing

FIRST = date(2026, 5, 31)
MONDAY = timedelta(days=1)


def sunday(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def coming(provider: str, until: int, *, each: int = 3, since: int = -8, seen_after: int | None = None):
    """Rows of so many referrals a week; who was seen after some days is discharged then."""
    rows = []
    for week in range(since, until + 1):
        received = sunday(week) - timedelta(days=3)
        seen = received + timedelta(days=seen_after) if seen_after else date.max
        ended = {"first_care_contact_date": seen, "service_discharge_date": seen} if seen <= sunday(until) else {}
        rows += [
            {
                "pseudonym_id": f"{provider}-child-{week + 100:04}{number:04}",
                "service_request_identifier": f"{provider}-{week + 100}-{number}",
                "referral_request_received_date": received,
                **ended,
            }
            for number in range(each)
        ]
    return rows


class Book:
    """Deliveries merged and counted, each known from the Monday after its Sunday, and what then stands."""

    def __init__(self, connection) -> None:
        self.connection = connection

    def take(self, provider, week, rows=None, *, kind="snapshot"):
        known = sunday(week) + MONDAY
        rows = coming(provider, week) if rows is None else rows
        how = {"day": sunday(week), "known": known, "provider": provider, "kind": kind}
        merged = deliver(self.connection, rows, rows_at_once=1000, **how)
        number = self.connection.execute(select(func.max(tables.delivery.c.id))).scalar_one()
        count_again(self.connection, [Change(number, merged)], known_from=known)
        return merged

    def figures(self, org, kind="waiting", *, as_of=date.max, source="referral_extract") -> dict[date, int]:
        """Whole counts of an organisation by period."""
        current, figure, series = in_force(as_of, source=source), tables.figure, tables.series
        query = (
            select(current.c.period_end, figure.c.value)
            .join(figure, figure.c.vintage_id == current.c.id)
            .join(series, series.c.id == figure.c.series_id)
            .where(series.c.org == org, series.c.kind == kind, series.c.band == "total")
            .order_by(current.c.period_end)
        )
        return dict(tuple(row) for row in self.connection.execute(query))

    def groups(self) -> set[date]:
        """Weeks whose groups are known now."""
        current, detail = in_force(date.max, source="referral_extract"), tables.detail
        query = select(current.c.period_end).join(detail, detail.c.vintage_id == current.c.id)
        return set(self.connection.execute(query.where(detail.c.cut != "")).scalars())

    def vintages(self) -> int:
        return self.connection.execute(select(func.count()).select_from(tables.vintage)).scalar_one()


@pytest.fixture
def book(sqlite_database):
    with writing(sqlite_database) as connection:
        yield Book(connection)


def test_a_count_knows_nothing_of_extracts_that_are_known_later(book: Book):
    for week in range(4):
        book.take("NQ7", week)
    before = book.figures("NQ7")
    book.take("RYY", 1)
    assert book.figures("NQ7") == before
    assert max(book.figures("RYY")) == sunday(1)


def test_what_a_board_was_said_to_be_stays_when_another_provider_joins(book: Book):
    for week in range(4):
        book.take("NQ7", week)
    asked = sunday(4) + MONDAY
    before = book.figures("QKS", as_of=asked)
    joined = coming("RYY", 8, each=5, since=-30, seen_after=35)
    book.take("RYY", 8, joined)
    assert book.figures("QKS", as_of=asked)[sunday(2)] == before[sunday(2)]
    assert book.figures("QKS")[sunday(2)] > before[sunday(2)]
    assert book.figures("RYY", as_of=asked)[sunday(2)] > 0


def test_changes_alone_are_no_list_and_a_list_begins_with_the_first_whole_one(book: Book):
    book.take("NQ7", 0, coming("NQ7", 0)[-4:], kind="delta")
    assert book.figures("NQ7") == {}
    book.take("NQ7", 1)
    assert book.figures("NQ7") == {sunday(1): 30}
    book.take("NQ7", 2, coming("NQ7", 2)[-3:], kind="delta")
    assert book.figures("NQ7") == {sunday(1): 30, sunday(2): 33}


SPELL = {"service": "CAMHS", "referral_request_received_date": date(2026, 5, 1)}


@pytest.mark.parametrize(("spell", "received"), [(None, date(2026, 6, 10)), ("S1", date(2026, 6, 20))])
def test_a_referral_that_continues_a_spell_changes_the_weeks_before_it(book: Book, spell, received):
    other = SPELL | {"pseudonym_id": "child-other-00001", "service_request_identifier": "O"}
    first = SPELL | {"service_request_identifier": "A", "referral_spell_id": spell}
    book.take("NQ7", 0, [first, other])
    ended = first | {"service_discharge_date": date(2026, 6, 6)}
    book.take("NQ7", 1, [ended, other])
    assert (book.figures("NQ7")[sunday(1)], book.figures("NQ7", "removals")[sunday(1)]) == (1, 1)
    later = first | {"service_request_identifier": "B", "referral_request_received_date": received}
    assert book.take("NQ7", 3, [ended, other, later]).affected_from <= date(2026, 6, 6)
    assert book.figures("NQ7") == dict.fromkeys(map(sunday, range(4)), 2)
    assert set(book.figures("NQ7", "removals").values()) == {0}


def test_a_referral_that_leaves_its_spell_changes_the_weeks_before_it(book: Book):
    first = SPELL | {"service_request_identifier": "A", "referral_spell_id": "S1"}
    ended = first | {"service_discharge_date": date(2026, 6, 6)}
    later = first | {"service_request_identifier": "B", "referral_request_received_date": date(2026, 6, 20)}
    book.take("NQ7", 3, [ended, later])
    book.take("NQ7", 4, [ended, later])
    merged = book.take("NQ7", 5, [ended, later | {"referral_spell_id": "S2"}])
    assert merged.affected_from == date(2026, 6, 6)


def test_an_old_referral_that_comes_late_takes_no_groups_away(book: Book):
    for week in (0, 15, 16):
        book.take("NQ7", week)
    before = book.groups()
    assert sunday(0) in before
    late = {
        "service_request_identifier": "LATE",
        "pseudonym_id": "child-late-000001",
        "referral_request_received_date": sunday(16),
        "original_referral_request_received_date": sunday(-8),
    }
    vintages = book.vintages()
    book.take("NQ7", 17, [*coming("NQ7", 17), late])
    assert book.groups() == before | {sunday(17)}
    # Of the provider and its board, the newest week and the one that the late one entered.
    assert book.vintages() - vintages == 4
    seen, *others = coming("NQ7", 18)
    book.take("NQ7", 18, [seen | {"first_care_contact_date": sunday(3)}, *others, late])
    assert book.figures("NQ7")[sunday(3)] == 35
    assert book.groups() == before | {sunday(17), sunday(18)}


def test_groups_follow_from_their_list_and_are_no_reason_to_count_it_again(book: Book):
    rows = coming("NQ7", 1)
    book.take("NQ7", 1, rows)
    vintages = book.vintages()
    book.take("NQ7", 1, [one | {"person_stated_gender_code": "1"} for one in rows])
    assert book.vintages() == vintages


def test_weeks_before_an_expiry_stay_as_they_were_counted(book: Book):
    for week in range(3):
        book.take("NQ7", week, coming("NQ7", week, each=5, since=-30, seen_after=70))
    before, months = book.figures("NQ7"), book.figures("NQ7", source="referral_extract_monthly")
    assert erase_expired(book.connection, before=sunday(-4) + MONDAY).versions > 0
    late = {
        "service_request_identifier": "LATE",
        "pseudonym_id": "child-late-000001",
        "referral_request_received_date": sunday(-26),
    }
    book.take("NQ7", 3, [late], kind="delta")
    after = book.figures("NQ7")
    assert {week: count for week, count in after.items() if week <= sunday(-4)} == {
        week: count for week, count in before.items() if week <= sunday(-4)
    }
    assert after[sunday(-3)] == before[sunday(-3)] + 1
    april, march = date(2026, 4, 30), date(2026, 3, 31)
    assert {month: book.figures("NQ7", source="referral_extract_monthly")[month] for month in (march, april)} == {
        month: months[month] for month in (march, april)
    }


def test_weeks_counted_before_a_child_was_erased_stay_as_they_were(book: Book):
    book.take("NQ7", 0)
    book.take("NQ7", 1)
    before = book.figures("NQ7")
    erased, *others = coming("NQ7", 2)
    assert erase_pseudonyms(book.connection, ["child-nobody-00001"]).versions == 0
    assert whole_from(book.connection) is None
    assert erase_pseudonyms(book.connection, [str(erased["pseudonym_id"])]).versions == 1
    seen = others[0] | {"first_care_contact_date": sunday(0)}
    book.take("NQ7", 2, [seen, *others[1:]])
    assert book.figures("NQ7") == before | {sunday(2): 31}
    book.take("RYY", 2, coming("RYY", 2, each=5, since=-30, seen_after=35))
    assert book.figures("RYY")[sunday(1)] > 0
    assert book.figures("QKS")[sunday(1)] == before[sunday(1)]


def test_a_clock_that_differs_is_said_of_the_newest_week_of_its_provider(book: Book):
    rows = coming("NQ7", 2)
    rows[0] |= {"clock_start_date": sunday(-7)}
    book.take("RYY", 2)
    book.take("NQ7", 2, rows)
    finding, vintage = tables.finding, tables.vintage
    query = select(finding, vintage.c.scope).join(vintage, vintage.c.id == finding.c.vintage_id)
    (found,) = book.connection.execute(query.where(finding.c.code == "clock_differs"))
    assert (found.scope, found.period_end, found.severity, found.service) == ("NQ7", sunday(2), "info", "SALT")
    assert found.sentence == (
        "NQ7 gives another clock start for some referrals of SALT than the rule of the service; ours is used."
    )
    assert found.details == {}

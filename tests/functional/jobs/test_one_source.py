"""A list that comes both as records and as returns: pages, answers and mail tell of one source of it, on any day."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from api.app import create_app
from jobs.ahead import judge_ahead
from jobs.forecast import known_histories
from jobs.keys import Wanted, create
from jobs.load import Moment, load
from jobs.mail.breach_caveats import NEWER
from jobs.mail.parts import text_of
from jobs.mail.queueing import queue_mail
from jobs.records.files import Approval, Asked
from jobs.warning_week import told_of, warn_of
from tests.extracts import csv_of, row
from tests.functional.api.conftest import Client, settings_of
from tests.functional.api.keyed import PEPPER, bearer
from tests.returns import as_csv, waiting
from waitlists.mail.subscribers import Subscription
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store.session import writing
from waitlists.store.subscribers import add_subscriber
from waitlists.store.tables import outbox
from waitlists.suppression import Rule
from waitlists.trends.telling import FILE_OUT

SUNDAY, MONDAY = date(2026, 11, 15), date(2026, 11, 16)
WEEK = timedelta(weeks=1)
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
BETTER = "real change for the better"
RECORDS, RETURN = "referral_extract", "weekly_return"


class Told(NamedTuple):
    """What the three say of the list on one day."""

    listed: dict[str, Any]
    trend: dict[str, Any]
    row: dict[str, Any]
    warning: dict[str, Any]
    page: str
    first: str
    mail: str

    @property
    def sources(self) -> set[str]:
        """From where each of the answers is."""
        return {one["source"] for one in (self.listed, self.trend, self.row, self.warning)}


class Kent:
    """One provider's speech therapy in a small database, with what comes of it and what is told."""

    def __init__(self, engine, folder):
        self.engine, self.folder, self.number = engine, folder, 0
        wants = Subscription(Role.BOARD, ("SALT",), ("RYY",))
        with writing(engine) as connection:
            add_subscriber(connection, "salt@example.org", wants, now=NOW)
        self.now = NOW
        self.app = create_app(settings_of(engine, key_pepper=PEPPER), clock=lambda: self.now)
        self.by = bearer(str(create(engine, Wanted(Role.COMMISSIONER, ("QKS",)), now=NOW, pepper=PEPPER)[0]))

    def load(self, content: bytes, *, now=NOW, approval=None):
        self.number += 1
        path = self.folder / f"file-{self.number}.csv"
        path.write_bytes(content)
        moment, records = Moment(lambda: now), Asked(approval=approval)
        return load(self.engine, [path], moment=moment, source=None, records=records, on_progress=lambda _: None)

    def returns(self, *over: int, until=SUNDAY, now=NOW):
        """So many over 18 weeks, in the weeks until a Sunday."""
        for back, count in enumerate(reversed(over)):
            week = until - back * WEEK
            rows = waiting(week=week, counts=(30, 30, 60, 200, 80, count, 0, 0))
            assert self.load(as_csv(rows), now=min(now, NOW - (back - 1) * WEEK)).exit_code == 0

    def records(self, count: int, *, on=SUNDAY, now=NOW, **asked):
        told = {"snapshot_date": on.isoformat(), "service": "SALT"}
        every = (row(n, pseudonym_id=f"child-{n:026}", **told) for n in range(1, count + 1))
        return self.load(csv_of(every), now=now, **asked)

    def warned(self, day=MONDAY):
        warn_of(self.engine, Settings(), as_of=day, clock=lambda: NOW + WEEK, on_progress=lambda _: None)

    def told(self, day=MONDAY) -> Told:
        self.now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        asked = {"as_of": day, "clock": lambda: self.now, "on_progress": lambda _: None}
        ((_, mail),) = told_of(self.engine, Settings(), **asked)
        with Client(self.app) as client:
            ask = partial(client.json, headers=self.by)
            (warning,) = ask("/v1/breaches?service=SALT&org=RYY&standard=CHS_18W")["items"]
            every = ask("/v1/trends/summary?service=SALT&org=RYY")["items"]
            return Told(
                ask("/v1/waiting-lists/SALT/RYY"),
                ask("/v1/trends/SALT/RYY/over_18_weeks"),
                next(one for one in every if one["measure"] == "over_18_weeks"),
                warning,
                " ".join(client.get("/lists/SALT/RYY", headers=self.by).text.split()),
                " ".join(client.get("/?org=RYY", headers=self.by).text.split()),
                text_of(mail),
            )


@pytest.fixture
def kent(sqlite_database, tmp_path):
    return Kent(sqlite_database, tmp_path)


USUAL = tuple(200 + 5 * (n * 37 % 11 % 4) for n in range(20))
FALLEN = (*USUAL, 150, 140, 130, 120)
"""So many over 18 weeks that the trend engine calls the fall a real change for the better."""


def test_a_return_answers_everywhere_where_records_are_behind_it(kent):
    kent.records(400, on=SUNDAY - WEEK, now=NOW - WEEK)
    kent.returns(*FALLEN)
    kent.warned()
    told = kent.told()
    assert told.sources == {RETURN}
    assert {told.listed["period_end"], told.warning["period_end"], told.trend["period_end"]} == {SUNDAY.isoformat()}
    assert told.warning["over_now"] == told.listed["over_18_weeks"] == 120
    assert told.trend["real_change"] is told.row["real_change"] is told.warning["real_change"] is True
    assert BETTER in told.warning["sentence"]
    assert "Real change for the better" in told.page
    assert "for the better" in told.mail
    assert "from the providers' own weekly returns" in " ".join(told.mail.split())
    assert not told.warning["newer_figures"]
    (history,) = known_histories(kent.engine, as_of=MONDAY, on_progress=lambda _: None)
    assert (history.source, history.orgs) == (RETURN, ["QKS", "RYY"])


def test_while_records_are_held_nobody_reads_a_fall_as_better(kent):
    kent.records(400, on=SUNDAY - WEEK, now=NOW - WEEK)
    kent.returns(*FALLEN)
    assert kent.records(200).exit_code == 15
    kent.warned()
    told = kent.told()
    assert told.sources == {RETURN}
    assert told.trend["real_change"] is told.row["real_change"] is told.warning["real_change"] is None
    for said in (told.trend["sentence"], told.row["sentence"], told.page):
        assert FILE_OUT in said.lower()
    for said in (*told[:4], told.page, told.first, told.mail):
        assert "for the better" not in str(said).lower()
    assert "no fall is an improvement" in told.warning["sentence"]
    assert "Till then no fall is progress" in " ".join(told.mail.split())


def test_an_answer_of_before_a_file_was_held_is_not_given_again(kent):
    kent.returns(*FALLEN)
    kent.records(400, on=SUNDAY - WEEK, now=NOW - WEEK)
    kent.warned()
    judge = partial(judge_ahead, kent.engine, Rule.HES, day=MONDAY, on_progress=lambda _: None)
    assert (judge(), judge()) == (1, 0)
    assert kent.told().row["real_change"]
    assert kent.records(200).dataset_version is None
    assert kent.told().trend["real_change"] is kent.told().row["real_change"] is None
    assert judge() == 1
    assert kent.told().row["real_change"] is None
    kent.records(200, now=NOW + timedelta(hours=1), approval=Approval.of("data manager", "a closed clinic"))
    kent.warned(MONDAY + timedelta(days=1))
    assert kent.told(MONDAY + timedelta(days=1)).sources == {RECORDS}


def test_held_files_are_listed_until_they_are_let_in_without_their_counts(kent):
    kent.records(400, on=SUNDAY - WEEK, now=NOW - WEEK)
    kent.records(200)
    with Client(kent.app) as client:
        ask = partial(client.json, headers=kent.by)
        (held,) = ask("/v1/deliveries?status=held")["items"]
        assert (held["status"], held["source"], held["period_end"]) == ("held", RECORDS, SUNDAY.isoformat())
        assert "is held and not in these figures" in held["sentence"]
        assert not any(count in str(held["sentence"]) for count in ("200", "400"))
        assert ask("/v1/deliveries?status=held&source=weekly_return")["items"] == []
        after = ask("/v1/deliveries?status=held&limit=1")
        assert (after["items"], after["next_cursor"]) == ([held], None)
        table = client.get("/v1/deliveries?status=held", headers={**kent.by, "Accept": "text/csv"}).text
        assert table.splitlines()[1].startswith("held,1,referral_extract,")
        kent.records(200, now=NOW + timedelta(hours=1), approval=Approval.of("data manager", "a closed clinic"))
        assert ask("/v1/deliveries?status=held")["items"] == []
        assert [one["source"] for one in ask("/v1/deliveries?status=taken")["items"]] == [RECORDS, RECORDS]


def test_a_mail_made_after_a_newer_file_of_another_source_came_says_that_it_has_not_seen_it(kent):
    kent.returns(*USUAL, until=SUNDAY - WEEK)
    kent.records(400, on=SUNDAY - WEEK, now=NOW - timedelta(hours=1))
    kent.warned()
    kent.returns(180)
    with writing(kent.engine) as connection:
        wants = Subscription(Role.BOARD, ("SALT",), ("RYY",), wants_csv=True)
        add_subscriber(connection, "later@example.org", wants, now=NOW)
        assert queue_mail(connection, Settings(), as_of=MONDAY, now=NOW).mails == 1
        content = connection.execute(select(outbox.c.content).order_by(outbox.c.subscriber_id)).scalars().all()
    texts = [message_from_bytes(one, policy=policy.default).get_body(("plain",)).get_content() for one in content]
    assert [NEWER in " ".join(one.split()) for one in texts] == [False, True]


def test_a_warning_beside_figures_of_another_source_says_on_which_it_rests(kent):
    kent.returns(*USUAL, until=SUNDAY - WEEK)
    kent.records(400)
    kent.warned()
    assert kent.told().sources == {RECORDS}
    kent.returns(180, until=SUNDAY + WEEK, now=NOW + WEEK)
    told = kent.told(MONDAY + WEEK)
    assert (told.listed["source"], told.warning["source"]) == (RETURN, RECORDS)
    said = (
        "This warning rests on referral records of 15 November 2026; the list is shown from weekly returns of "
        "22 November 2026."
    )
    assert told.warning["sentence"].endswith(said)
    assert said in told.page
    assert told.warning["newer_figures"]
    kent.warned(MONDAY + WEEK)
    assert kent.told(MONDAY + WEEK).sources == {RETURN}

"""A week with new files becomes visible at once: whoever looks at any step sees the week before or all of it."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import NamedTuple

import pytest
import structlog
from sqlalchemy import func, select

from forecasting.engine import Contest
from forecasting.warnings.kept import warning_of
from jobs import load as storing
from jobs.decide import decide_weeks
from jobs.forecast import Ask, foresee
from jobs.inbox import Inbox
from jobs.mail.breach_caveats import NEWER
from jobs.rehearsed import work_out
from jobs.weekly import JOB, Around, asked_week
from tests.databases import shared_database
from tests.extracts import csv_of, row
from tests.functional.jobs.kit import content_hash, count, load_files
from tests.returns import WEEK, as_csv, flows, waiting
from waitlists.errors import DatabaseUnavailable
from waitlists.mail.subscribers import Subscription
from waitlists.running.ledger import State
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store import ledger as slots
from waitlists.store import tables
from waitlists.store.newer import shown_beside
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.standing import without_losses
from waitlists.store.subscribers import add_subscriber
from waitlists.store.warnings import Assessed, load_assessment
from waitlists.suppression import Rule

SLOT = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 6, 1, tzinfo=UTC)
WEEK_AGO = timedelta(weeks=1)
NAIVE = Contest((), ())
STEPS = [
    "weekly.read", "rehearsal.begun", "weekly.tried", "weekly.foreseen", "weekly.stored", "weekly.saved",
    "weekly.queued", "weekly.finishing", "weekly.ended",
]  # fmt: skip


class Seen(NamedTuple):
    """What readers see of one moment."""

    version: int
    figures: str
    forecasts: int
    clearances: int
    warnings: int
    mails: int


def seen(engine) -> Seen:
    with reading(engine) as connection:
        version = connection.execute(select(func.max(tables.dataset_version.c.version))).scalar() or 0
        warned = load_assessment(connection)
    found = (tables.forecast, tables.clearance, tables.outbox)
    forecasts, clearances, mails = (count(engine, table) for table in found)
    return Seen(version, content_hash(engine), forecasts, clearances, warned.id if warned else 0, mails)


def returns(folder, weeks):
    folder.mkdir(exist_ok=True)
    for n in weeks:
        sunday = WEEK - n * WEEK_AGO
        rows = [*waiting(week=sunday, counts=[40 - n, 30, 20, 10, 9, 8, 7, 6]), *flows(week=sunday, referrals=20 + n)]
        (folder / f"{sunday}.csv").write_bytes(as_csv(rows))
    return folder


def records(folder, sunday, children=20):
    told = {"snapshot_date": sunday.isoformat(), "service": "ASD"}
    rows = (row(n, pseudonym_id=f"child-{n:026}", **told) for n in range(1, children + 1))
    (folder / f"records-{sunday}.csv").write_bytes(csv_of(rows))


def week(engine, inbox, slot=SLOT):
    settings = Settings(database_url="sqlite:///unused.db", inbox=inbox)
    now = NOW + (slot - SLOT)
    around = Around(engine, settings, Ask(slot, lambda: now, jobs=1, seed=1, contest=NAIVE), lambda _: None)
    return asked_week(around, lambda: Inbox(inbox).look_twice(lambda: None))


def filled(engine, folder):
    """A database with the week before, and an inbox with what came since, of returns and of records."""
    with writing(engine) as connection:
        add_subscriber(connection, "board@example.org", Subscription(Role.BOARD, ("SALT", "ASD"), ("QKS",)), now=NOW)
    before = returns(folder / "before", range(1, 12))
    records(before, WEEK - WEEK_AGO)
    week(engine, before, SLOT - WEEK_AGO)
    inbox = returns(folder / "inbox", range(1))
    records(inbox, WEEK, 21)
    return inbox


def text_of(mail):
    return message_from_bytes(mail, policy=policy.default).get_body(("plain",)).get_content()


def answers(engine):
    """What a week comes to, without moments."""
    with reading(engine) as connection:
        slot = slots.find(connection, JOB, SLOT)
        warned = select(tables.breach_assessment.c.digest).where(tables.breach_assessment.c.as_of == SLOT)
        mails = select(tables.outbox.c.message_id, tables.outbox.c.content).where(tables.outbox.c.slot == SLOT)
        return {
            "figures": content_hash(engine),
            "forecasts": slot.detail["digest"],
            "warnings": list(connection.execute(warned).scalars()),
            "mails": [tuple(one) for one in connection.execute(mails)],
        }


def watched(engine, inbox):
    """A week, what it came to, and what readers see at each of its steps, from before the first to after the last."""
    reader, steps = make_engine(engine.url.render_as_string(hide_password=False)), []
    looks = [seen(reader)]

    def look(_logger, _method, event):
        steps.append(event["event"])
        looks.append(seen(reader))
        raise structlog.DropEvent

    # What another test of this process set up may leave some lines out.
    structlog.reset_defaults()
    structlog.configure(processors=[look])
    try:
        outcome = week(engine, inbox)
    finally:
        structlog.reset_defaults()
        reader.dispose()
    return outcome, [step for step in steps if step in STEPS], [*looks, seen(engine)]


def test_readers_see_the_week_before_or_all_of_the_week_and_what_a_load_before_it_gives(database, tmp_path):
    inbox = filled(database, tmp_path)
    outcome, steps, looks = watched(database, inbox)
    before, after = looks[0], looks[-1]
    assert steps == STEPS
    assert list(dict.fromkeys(looks)) == [before, after], "one change, from the one to the other"
    assert (after.version, outcome.dataset_version) == (before.version + 1,) * 2
    assert all(one != other for one, other in zip(before, after, strict=True)), "each part of it is new"
    assert (outcome.files, outcome.state) == ({"loaded": 2}, State.DONE)
    with reading(database) as connection:
        kept = load_assessment(connection, as_of=SLOT)
        newest = Assessed(kept.id, kept.as_of, kept.run_id)
        assert not shown_beside(connection, newest, kept.warnings, as_of=SLOT), "none is without these figures"
    assert not decide_weeks(database, Rule.HES, on_progress=lambda _: None).weeks, "what was decided came with it"

    (folder := tmp_path / "plain").mkdir()
    with shared_database("sqlite", folder) as plain:
        load_files(plain, sorted(filled(plain, folder).iterdir()), now=NOW, as_of=SLOT)
        week(plain, folder / "inbox")
        assert answers(database) == answers(plain)

    again = week(database, inbox)
    assert (again.is_same, again.files, seen(database)) == (True, {}, after)


def test_warnings_know_their_figures_by_the_numbers_they_have_though_others_came_first(
    sqlite_database, tmp_path, monkeypatch
):
    inbox, other = filled(sqlite_database, tmp_path), tmp_path / "other.csv"
    other.write_bytes(as_csv(waiting("CAMHS", provider="RXY")))

    def meanwhile(*given, **options):
        worked = work_out(*given, **options)
        load_files(sqlite_database, [other], now=NOW)
        return worked

    monkeypatch.setattr("jobs.weekly.work_out", meanwhile)
    outcome = week(sqlite_database, inbox)
    assert (outcome.state, outcome.files, len(outcome.problems)) == (State.PARTIAL, {"loaded": 2}, 1)
    with reading(sqlite_database) as connection:
        kept = load_assessment(connection, as_of=SLOT)
        periods = dict(connection.execute(select(tables.vintage.c.id, tables.vintage.c.period_end)).all())
        newest = connection.execute(select(tables.series.c.org, tables.figure.c.vintage_id).distinct().join(
            tables.figure, tables.figure.c.series_id == tables.series.c.id)).all()  # fmt: skip
    counted = [one for kept_one in kept.warnings for one in warning_of(kept_one.content).figures.counted]
    assert counted
    for one in counted:
        assert periods[one.vintage_id] == one.period_end
        assert (one.org, one.vintage_id) in newest
    # Decisions made by other numbers are of no week that is there.
    assert decide_weeks(sqlite_database, Rule.HES, on_progress=lambda _: None).weeks


def test_a_mail_says_which_list_has_figures_that_its_week_has_not_seen(sqlite_database, tmp_path, monkeypatch):
    inbox = filled(sqlite_database, tmp_path)
    with writing(sqlite_database) as connection:
        add_subscriber(connection, "asd@example.org", Subscription(Role.BOARD, ("ASD",), ("QKS",)), now=NOW)
    (mine,) = inbox.glob("2*.csv")
    newer = mine.rename(tmp_path / "newer.csv")

    def meanwhile(*given, **options):
        found = foresee(*given, **options)
        load_files(sqlite_database, [newer], now=NOW, as_of=SLOT)
        return found

    with monkeypatch.context() as patched:
        patched.setattr("jobs.rehearsed.foresee", meanwhile)
        assert week(sqlite_database, inbox).mails == 2
    with reading(sqlite_database) as connection:
        queued = select(tables.outbox.c.content).where(tables.outbox.c.slot == SLOT)
        mails = connection.execute(queued.order_by(tables.outbox.c.subscriber_id)).scalars()
        told = [NEWER in " ".join(text_of(one).split()) for one in mails]
    assert told == [True, False]


def test_the_same_file_loaded_by_hand_meanwhile_is_already_there(sqlite_database, tmp_path, monkeypatch):
    inbox = filled(sqlite_database, tmp_path)
    (mine,) = inbox.glob("2*.csv")

    def meanwhile(*given, **options):
        found = foresee(*given, **options)
        load_files(sqlite_database, [mine], now=NOW, as_of=SLOT)
        return found

    monkeypatch.setattr("jobs.rehearsed.foresee", meanwhile)
    outcome = week(sqlite_database, inbox)
    assert (outcome.files, outcome.state) == ({"already_loaded": 1, "loaded": 1}, State.PARTIAL)
    assert outcome.problems[0].startswith("files were loaded while this was worked out")


def test_a_file_that_breaks_the_storing_is_refused_and_costs_no_other(sqlite_database, tmp_path, monkeypatch):
    inbox = filled(sqlite_database, tmp_path)
    (inbox / "breaks.csv").write_bytes(as_csv(waiting("CAMHS", provider="RXY")))

    def breaking(connection, delivery):
        if any(part.scope.startswith("RXY") for part in delivery.vintages):
            raise ZeroDivisionError("a value")
        return without_losses(connection, delivery)

    with monkeypatch.context() as patched:
        patched.setattr("jobs.load.without_losses", breaking)
        outcome = week(sqlite_database, inbox)
    assert (outcome.files, outcome.state) == ({"loaded": 2, "refused": 1}, State.PARTIAL)
    with reading(sqlite_database) as connection:
        assert connection.execute(select(tables.refusal.c.sender)).scalar_one()["providers"] == ["RXY"]
    (problem,) = outcome.problems
    assert problem.startswith("breaks.csv: storing the file broke this program (ZeroDivisionError)")
    assert "a value" not in problem
    # It may be right another time.
    assert week(sqlite_database, inbox).files == {"loaded": 1}


def test_files_that_break_the_storing_only_together_are_stored_apart(sqlite_database, tmp_path, monkeypatch):
    inbox, ordinary = filled(sqlite_database, tmp_path), storing.store_files

    def breaking(connection, arrived, run):
        if arrived.understood and arrived.extracts:
            raise ZeroDivisionError
        return ordinary(connection, arrived, run)

    for module in ("load", "rehearsed", "weekly"):
        monkeypatch.setattr(f"jobs.{module}.store_files", breaking)
    outcome = week(sqlite_database, inbox)
    assert (outcome.files, outcome.state) == ({"loaded": 2}, State.DONE)


@pytest.mark.parametrize("broken", [1, 2])
def test_a_database_that_goes_away_is_no_fault_of_a_file(sqlite_database, tmp_path, monkeypatch, broken):
    inbox, tries = filled(sqlite_database, tmp_path), []

    def breaking(_connection, _delivery):
        tries.append(1)
        if len(tries) == broken:
            raise DatabaseUnavailable("away")
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("jobs.load.without_losses", breaking)
        with pytest.raises(DatabaseUnavailable):
            week(sqlite_database, inbox)
    assert week(sqlite_database, inbox).files == {"loaded": 2}

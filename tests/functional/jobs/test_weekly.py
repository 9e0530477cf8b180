"""The week: loaded, forecast and finished in one transaction, in part where a file fails, the same when done again."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Event

import pytest
import structlog
from jinja2 import TemplateError
from sqlalchemy import select

from forecasting.engine import Contest
from forecasting.store import load_forecast
from forecasting.warnings.assess import looked_at
from forecasting.warnings.kept import warning_of
from jobs import ledger
from jobs.backup import backup
from jobs.commands.weekly_screen import week_screen
from jobs.forecast import Ask, foresee
from jobs.inbox import Inbox
from jobs.load import Moment, load
from jobs.mail.breach_email import compose
from jobs.mail.parts import mail_of
from jobs.mail.queueing import queue_unmade
from jobs.outcomes import WeekOutcome
from jobs.restore import Asked, restore
from jobs.status import status
from jobs.timetable import make_mail_again
from jobs.weekly import JOB, Around, asked_week, weekly
from tests.functional.jobs.kit import count
from tests.returns import WEEK, as_csv, flows, waiting
from waitlists.errors import BadArgument, DatabaseUnavailable, LeaseLost
from waitlists.mail.subscribers import Subscription
from waitlists.periods import london_time
from waitlists.running.ledger import State
from waitlists.running.timetable import SLOTS
from waitlists.security.access import Role
from waitlists.settings import Settings
from waitlists.store import ledger as slots
from waitlists.store import read, tables
from waitlists.store.session import reading, writing
from waitlists.store.subscribers import add_subscriber, remove_subscriber
from waitlists.store.warnings import kept_warnings, newest_assessment

SLOT = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 6, 1, tzinfo=UTC)
NAIVE = Contest((), ())


def fill(folder, weeks=12, last=WEEK):
    """Returns of a provider for some weeks up to a Sunday, each as a file."""
    folder.mkdir(exist_ok=True)
    for n in range(weeks):
        week = last - timedelta(weeks=n)
        rows = [*waiting(week=week, counts=[40 - n, 30, 20, 10, 9, 8, 7, 6]), *flows(week=week, referrals=20 + n)]
        (folder / f"{week}.csv").write_bytes(as_csv(rows))
    return folder


@pytest.fixture
def inbox(tmp_path):
    return fill(tmp_path / "inbox")


def around(engine, inbox, *, as_of=SLOT, now=NOW):
    settings = Settings(database_url="sqlite:///unused.db", inbox=inbox)
    return Around(engine, settings, Ask(as_of, lambda: now, jobs=1, seed=1, contest=NAIVE), lambda _: None)


def week(engine, inbox, **options):
    return asked_week(around(engine, inbox, **options), lambda: Inbox(inbox).look_twice(lambda: None))


def slot_of(engine, slot=SLOT):
    with reading(engine) as connection:
        return slots.find(connection, JOB, slot)


def runs(engine):
    with reading(engine) as connection:
        return [(run.command, run.status) for run in read.runs(connection, limit=50)]


def stored_forecast(engine):
    with reading(engine) as connection:
        return load_forecast(connection, service="SALT", org="RYY", measure="list_size", as_of=SLOT)


def test_a_week_loads_forecasts_and_finishes_its_slot(database, inbox):
    outcome = week(database, inbox)
    assert (outcome.exit_code, outcome.problems, outcome.files) == (0, (), {"loaded": 12})
    row = slot_of(database)
    assert (row.state, row.run_id, row.finished_at) == (State.DONE, outcome.run_id, NOW)
    assert stored_forecast(database).run_id == outcome.run_id
    assert stored_forecast(database).trained_until == WEEK
    assert runs(database) == [("weekly", "done")]
    with reading(database) as connection:
        assert read.latest_version(connection).version == outcome.dataset_version == 1


def test_a_week_done_again_is_the_same_and_stores_nothing(database, inbox):
    first = week(database, inbox)
    before = [count(database, table) for table in (tables.forecast, tables.clearance, tables.dataset_version)]
    again = week(database, inbox, now=NOW + timedelta(weeks=9))
    assert (again.is_same, again.dataset_version, again.files) == (True, None, {})
    assert [count(database, table) for table in (tables.forecast, tables.clearance, tables.dataset_version)] == before
    assert slot_of(database).detail["digest"]
    assert slot_of(database).done_at == NOW
    assert first.forecasts == again.forecasts


def test_the_mail_of_a_week_is_queued_with_it_and_once(database, inbox):
    with writing(database) as connection:
        add_subscriber(connection, "board@example.org", Subscription(Role.BOARD, ("SALT",), ("RYY",)), now=NOW)
    first = week(database, inbox)
    with reading(database) as connection:
        (mail,) = connection.execute(select(tables.outbox)).all()
    assert (first.mails, mail.slot, mail.state) == (1, SLOT, "queued")
    again = week(database, inbox, now=NOW + timedelta(days=1))
    with reading(database) as connection:
        assert connection.execute(select(tables.outbox)).all() == [mail]
    assert (again.mails, again.is_same) == (0, True)


@pytest.fixture
def read_by_boards(sqlite_database):
    with writing(sqlite_database) as connection:
        add_subscriber(connection, "board@example.org", Subscription(Role.BOARD, ("SALT",), ("RYY",)), now=NOW)
        add_subscriber(connection, "other@example.org", Subscription(Role.BOARD, ("ASD",), ("RYY",)), now=NOW)
    return sqlite_database


def kinds(engine):
    with reading(engine) as connection:
        return sorted(map(tuple, connection.execute(select(tables.outbox.c.slot, tables.outbox.c.kind))))


def test_other_settings_double_no_mail(read_by_boards, inbox):
    assert week(read_by_boards, inbox).mails == 2
    given = around(read_by_boards, inbox)
    changed = {"base_url": "https://new.example.org", "mail_from": "waits@new.example.org"}
    settings = given.settings.model_copy(update=changed)
    again = asked_week(replace(given, settings=settings), lambda: ())
    assert (again.mails, again.is_old_news, len(kinds(read_by_boards))) == (0, False, 2)


@pytest.mark.parametrize("days", [-7, 2])
def test_old_news_is_stored_and_mailed_to_nobody(read_by_boards, inbox, days):
    """A week that was missed, or another day of a week that was written about."""
    week(read_by_boards, inbox)
    with writing(read_by_boards) as connection:
        add_subscriber(connection, "new@example.org", Subscription(Role.BOARD, ("SALT",), ("RYY",)), now=NOW)
    day = SLOT + timedelta(days=days)
    old = week(read_by_boards, inbox, as_of=day, now=NOW + timedelta(days=3))
    assert (old.mails, old.is_old_news, old.is_same, len(kinds(read_by_boards))) == (0, True, False, 2)
    assert slot_of(read_by_boards, day).state is State.DONE
    assert "Nobody is written to about this week" in "\n".join(str(one) for one in week_screen(old).renderables)


def test_a_mail_that_cannot_be_made_keeps_none_from_the_others(read_by_boards, inbox, monkeypatch):
    def broken(facts, **options):
        if facts.silent:
            raise KeyError("desk@example.org")
        return compose(facts, **options)

    with monkeypatch.context() as patched:
        patched.setattr("jobs.mail.queueing.compose", broken)
        outcome = week(read_by_boards, inbox)
    assert (outcome.mails, outcome.exit_code) == (2, 14)
    assert outcome.problems == ("the mail of subscriber 2 could not be made",)
    assert kinds(read_by_boards) == [(SLOT, "weekly"), (SLOT, "weekly_unmade")]
    with reading(read_by_boards) as connection:
        content = connection.execute(select(tables.outbox.c.content).order_by(tables.outbox.c.kind.desc())).scalar()
    assert b"it could not be made" in content
    assert b"desk" not in content
    mended = week(read_by_boards, inbox)
    assert (mended.mails, mended.state) == (1, State.DONE)
    with monkeypatch.context() as patched:
        patched.setattr("jobs.mail.queueing.compose", broken)
        assert week(read_by_boards, inbox).mails == 0


def test_a_mail_that_cannot_be_set_is_told_and_made_once_that_is_mended(read_by_boards, inbox, monkeypatch):
    """A template, the picture or the table may break one mail: it is told plainly, and tried again by the clock."""

    def broken(email, heading, attached=None):
        if heading.subscriber == 2:
            raise TemplateError("desk@example.org")
        return mail_of(email, heading, attached)

    settings, day = around(read_by_boards, inbox).settings, NOW + timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr("jobs.mail.queueing.mail_of", broken)
        outcome = week(read_by_boards, inbox)
        make_mail_again(read_by_boards, settings, lambda: day)
    assert (outcome.mails, outcome.exit_code) == (2, 14)
    assert outcome.problems == ("the mail of subscriber 2 could not be made",)
    assert kinds(read_by_boards) == [(SLOT, "weekly"), (SLOT, "weekly_unmade")]
    (need,) = (one for one in status(read_by_boards, now=day).needs if one.code == "mail_unmade")
    assert "could not be made for 1: it is tried again every hour" in need.sentence
    make_mail_again(read_by_boards, settings, lambda: day)
    assert kinds(read_by_boards) == [(SLOT, "weekly"), (SLOT, "weekly"), (SLOT, "weekly_unmade")]
    assert "mail_unmade" not in {one.code for one in status(read_by_boards, now=day).needs}
    make_mail_again(read_by_boards, settings, lambda: day)
    with reading(read_by_boards) as connection:
        assert len(connection.execute(select(tables.outbox)).all()) == 3


def test_nobody_is_needed_for_the_mail_of_who_was_removed(read_by_boards, inbox, monkeypatch):
    def broken(email, heading, attached=None):
        if heading.subscriber == 2:
            raise TemplateError("It broke.")
        return mail_of(email, heading, attached)

    monkeypatch.setattr("jobs.mail.queueing.mail_of", broken)
    assert week(read_by_boards, inbox).problems
    assert "mail_unmade" in {one.code for one in status(read_by_boards, now=NOW).needs}
    with writing(read_by_boards) as connection:
        remove_subscriber(connection, 2, now=NOW)
    assert "mail_unmade" not in {one.code for one in status(read_by_boards, now=NOW).needs}
    assert kinds(read_by_boards) == [(SLOT, "weekly")]


def test_what_could_not_be_made_last_week_is_not_made_any_more(read_by_boards, inbox, monkeypatch):
    def broken(*_):
        raise TemplateError("It broke.")

    with monkeypatch.context() as patched:
        patched.setattr("jobs.mail.queueing.mail_of", broken)
        assert week(read_by_boards, inbox).problems
    with writing(read_by_boards) as connection:
        later = {"today": SLOT + timedelta(weeks=1), "now": NOW}
        assert queue_unmade(connection, around(read_by_boards, inbox).settings, **later).mails == 0


def test_a_list_that_breaks_keeps_no_other_from_being_warned_of(sqlite_database, inbox, monkeypatch):
    first = week(sqlite_database, inbox)
    assert sum(first.warnings.values()) > 1

    def broken(past, standard, **options):
        if past.history.service == "SALT":
            raise KeyError("a name")
        return looked_at(past, standard, **options)

    monkeypatch.setattr("forecasting.warnings.every.looked_at", broken)
    outcome = week(sqlite_database, inbox, as_of=SLOT + timedelta(days=1), now=NOW + timedelta(days=1))
    assert outcome.exit_code == 14
    told = {f"SALT {org}: its warnings could not be worked out (KeyError)" for org in ("RYY", "QKS")}
    assert set(outcome.problems) == told
    # Nobody said that it is over.
    assert sum(outcome.warnings.values()) == sum(first.warnings.values())


def test_a_week_in_another_database_gives_the_same_bytes(sqlite_database, database, inbox):
    week(database, inbox)
    week(sqlite_database, inbox, now=NOW + timedelta(days=3))
    one, other = slot_of(database).detail["digest"], slot_of(sqlite_database).detail["digest"]
    assert one == other
    assert stored_forecast(database).points == stored_forecast(sqlite_database).points


def test_a_week_about_which_more_is_known_is_stored_beside(sqlite_database, inbox):
    first = week(sqlite_database, inbox)
    (inbox / "corrected.csv").write_bytes(as_csv(waiting(counts=[90] * 8)))
    again = week(sqlite_database, inbox)
    assert (again.is_same, again.files) == (False, {"loaded": 1})
    assert again.dataset_version > first.dataset_version
    assert stored_forecast(sqlite_database).run_id == again.run_id


def test_a_file_that_is_refused_marks_the_week_partial_and_the_rest_is_published(sqlite_database, inbox):
    (inbox / "bad.csv").write_bytes(b"no,such,columns\n1,2,3\n")
    outcome = week(sqlite_database, inbox)
    assert (outcome.exit_code, outcome.state, len(outcome.problems)) == (14, State.PARTIAL, 1)
    assert outcome.problems[0].startswith("bad.csv: ")
    assert slot_of(sqlite_database).state is State.PARTIAL
    assert "bad.csv" not in str(slot_of(sqlite_database).detail)
    assert stored_forecast(sqlite_database) is not None
    assert runs(sqlite_database)[0] == ("weekly", "partial")
    shown = "\n".join(str(one) for one in week_screen(outcome).renderables)
    assert "The week of 16 November 2026" in shown
    assert "Failed: bad.csv" in shown
    assert "dataset version 1" in shown


def test_a_file_that_was_refused_before_the_week_marks_it_partial_until_it_is_mended(sqlite_database, inbox):
    """The week passed known files by, so that a source without its figures was a week that is done."""
    (inbox / "bad.csv").write_bytes(b"no,such,columns\n1,2,3\n")
    before = Moment(lambda: NOW - timedelta(hours=12))
    load(sqlite_database, [inbox / "bad.csv"], moment=before, source=None, on_progress=lambda _: None)
    outcome = week(sqlite_database, inbox)
    assert (outcome.exit_code, outcome.state, outcome.files) == (14, State.PARTIAL, {"loaded": 12})
    assert outcome.problems == (
        (
            "bad.csv: A file that came on 15 November 2026 was refused and is not in these figures: its headings are "
            "not those that were agreed. Ask for a corrected one; whoever runs the service knows more (`waitlists "
            "status`)."
        ),
    )
    assert week(sqlite_database, inbox).exit_code == 14
    (inbox / "bad.csv").write_bytes(as_csv(waiting(service="ASD", counts=[9] * 8)))
    assert (week(sqlite_database, inbox).problems, week(sqlite_database, inbox).state) == ((), State.DONE)


def test_rows_put_aside_mark_the_week_partial_and_the_rest_is_published(sqlite_database, inbox):
    wrong = [*waiting("ASD", counts=["ten", *([1] * 7)]), *flows("ASD", referrals=9), *waiting("AUDIOLOGY")]
    (inbox / "wrong.csv").write_bytes(as_csv(wrong))
    outcome = week(sqlite_database, inbox)
    assert (outcome.exit_code, outcome.files) == (14, {"loaded": 13})
    (problem,) = outcome.problems
    assert problem.startswith("wrong.csv: rows put aside, of which nothing was taken: ")
    assert slot_of(sqlite_database).state is State.PARTIAL
    assert slot_of(sqlite_database).detail["problems"] == 1
    assert runs(sqlite_database) == [("weekly", "partial")]
    assert stored_forecast(sqlite_database).trained_until == WEEK
    assert f"Failed: {problem}" in "\n".join(str(one) for one in week_screen(outcome).renderables)
    assert any("`waitlists weekly`" in need.sentence for need in status(sqlite_database, now=NOW).needs)


def test_files_that_somebody_loads_meanwhile_mark_the_week_partial(sqlite_database, inbox, tmp_path, monkeypatch):
    other = tmp_path / "other.csv"
    other.write_bytes(as_csv(waiting("ASD")))

    def loaded_meanwhile(engine, ask, **options):
        found = foresee(engine, ask, **options)
        moment = Moment(lambda: NOW, SLOT)
        assert not load(sqlite_database, [other], moment=moment, source=None, on_progress=lambda _: None).exit_code
        return found

    with monkeypatch.context() as patched:
        patched.setattr("jobs.rehearsed.foresee", loaded_meanwhile)
        outcome = week(sqlite_database, inbox)
    assert (outcome.exit_code, slot_of(sqlite_database).state) == (14, State.PARTIAL)
    (problem,) = outcome.problems
    assert problem.startswith("files were loaded while this was worked out, and are not in it: run `waitlists weekly ")
    again = week(sqlite_database, inbox)
    assert (again.is_same, again.state) == (False, State.DONE)


def test_an_inbox_that_is_not_there_marks_the_week_partial(sqlite_database, tmp_path):
    outcome = week(sqlite_database, tmp_path / "nowhere")
    assert outcome.state is State.PARTIAL
    (problem,) = outcome.problems
    assert problem == (
        f"there is no inbox: expected the folder {tmp_path / 'nowhere'}; make it and put the files into it, or set"
        " WAITLISTS_INBOX to the folder where they are."
    )
    assert "Files: none loaded" in "\n".join(str(one) for one in week_screen(outcome).renderables)


def test_an_inbox_that_is_no_folder_is_said_to_be_unreadable(tmp_path):
    (tmp_path / "inbox").write_text("a file")
    with pytest.raises(BadArgument, match=r"the inbox cannot be read: .*: Not a directory; let this user read it"):
        Inbox(tmp_path / "inbox").look()


def test_a_mapping_that_cannot_be_read_marks_the_week_partial(sqlite_database, inbox, tmp_path):
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "bad.toml").write_text("this is no mapping")
    given = around(sqlite_database, inbox)
    settings = given.settings.model_copy(update={"mappings": tmp_path / "mappings"})
    outcome = asked_week(replace(given, settings=settings), lambda: Inbox(inbox).look_twice(lambda: None))
    assert (outcome.state, len(outcome.problems)) == (State.PARTIAL, 1)
    assert "bad" in outcome.problems[0]


def test_a_week_that_has_not_come_is_refused(sqlite_database, inbox):
    with pytest.raises(BadArgument, match="not come yet"):
        week(sqlite_database, inbox, as_of=SLOT + timedelta(days=1))
    assert slot_of(sqlite_database) is None


def test_a_week_that_another_process_is_at_is_left_to_it(sqlite_database, inbox):
    ledger.claim(sqlite_database, JOB, SLOT, clock=lambda: NOW)
    with pytest.raises(LeaseLost, match="another process is at the week") as refused:
        week(sqlite_database, inbox)
    free = london_time(NOW + ledger.LEASE)
    assert str(refused.value).endswith(f"asked for again at {free}; `waitlists status` shows it")
    assert count(sqlite_database, tables.run) == 0


def test_a_week_that_hangs_is_let_go_and_its_person_is_told(sqlite_database, inbox, monkeypatch):
    hung, now = Event(), [NOW]

    def hangs():
        now[0] += timedelta(hours=2, seconds=1)
        assert hung.wait(60)
        return ()

    monkeypatch.setattr("jobs.ledger.working", partial(ledger.working, lease=timedelta(seconds=0.04)))
    given = around(sqlite_database, inbox)
    given = replace(given, ask=replace(given.ask, clock=lambda: now[0]))
    with pytest.raises(LeaseLost):
        asked_week(given, hangs, on_hung=hung.set)
    assert slot_of(sqlite_database).state is not State.DONE
    assert count(sqlite_database, tables.forecast) == 0
    assert week(sqlite_database, inbox, now=now[0]).state is State.DONE


@pytest.mark.parametrize("error", [KeyError("x"), DatabaseUnavailable("away"), LeaseLost("late"), KeyboardInterrupt()])
def test_a_week_is_done_whatever_becomes_of_judging(sqlite_database, inbox, monkeypatch, error):
    """Ctrl-C among it: the week is concluded by then, its mail queued, and its claim gone."""
    seen: list[State] = []

    def breaks_off(engine, *_, **__):
        seen.append(slot_of(engine).state)
        raise error

    monkeypatch.setattr("jobs.weekly.judge_ahead", breaks_off)
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as logs:
        outcome = week(sqlite_database, inbox)
    assert (outcome.exit_code, seen) == (0, [State.DONE])
    (told,) = (one for one in logs if one["event"] == "trends.not_judged")
    assert told["kind"] == type(error).__name__
    assert slot_of(sqlite_database).failures == 0
    assert not [one for one in logs if one["event"].startswith("ledger.") and one["event"] != "ledger.claimed"]


@pytest.mark.parametrize("is_late", [True, False])
def test_judging_after_a_week_may_take_what_is_left_of_its_time(sqlite_database, inbox, monkeypatch, is_late):
    ended, told = Event(), []
    longest = timedelta(0) if is_late else timedelta(hours=2)
    monkeypatch.setattr("jobs.weekly.SLOTS", {JOB: replace(SLOTS[JOB], longest=longest)})
    monkeypatch.setattr("jobs.weekly.judge_ahead", lambda *_, **__: is_late and ended.wait(60))

    def late(outcome):
        told.append(outcome)
        ended.set()

    given = around(sqlite_database, inbox)
    outcome = asked_week(given, lambda: Inbox(inbox).look_twice(lambda: None), on_late=late)
    assert told == [outcome] * is_late
    assert (outcome.exit_code, slot_of(sqlite_database).state) == (0, State.DONE)


def test_the_command_of_a_week_whose_judging_hangs_tells_the_week_and_ends_as_it_did(waitlists, monkeypatch):
    ended: list[int] = []
    outcome = WeekOutcome(SLOT, 3, 2, {"refused": 1}, {}, {}, 1, is_same=False, problems=("bad.csv: no rows.",))

    def hangs(*_, on_late, **__):
        on_late(outcome)
        raise LeaseLost("nothing ends a thread but its process")

    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr("jobs.weekly.asked_week", hangs)
    said = waitlists("weekly", "--as-of", "2025-03-17")
    assert ended == [14]
    assert "Failed: bad.csv" in said.out
    assert "Mail: not all sent yet" in said.out
    assert "waitlists: the week is done; judging trends after it did not end in its time and was ended" in said.err


def test_the_command_of_a_week_whose_mail_meets_no_database_tells_the_week(waitlists, monkeypatch):
    outcome = WeekOutcome(SLOT, 3, 2, {"loaded": 1}, {}, {}, 1, is_same=False, problems=())

    def lost(*_, **__):
        raise DatabaseUnavailable("the database is away")

    monkeypatch.setattr("jobs.weekly.asked_week", lambda *_, **__: outcome)
    monkeypatch.setattr("jobs.mail.outbox.drain", lost)
    shown = waitlists("weekly", "--as-of", "2025-03-17")
    assert (shown.code, shown.err.splitlines()[-1]) == (12, "waitlists: the database is away")
    assert "Readers now see dataset version 2." in shown.out
    assert "Mail: not all sent yet" in shown.out
    answered = waitlists("weekly", "--as-of", "2025-03-17", "--json")
    assert (answered.code, answered.json["dataset_version"], answered.json["mail"]) == (12, 2, None)


def test_the_command_of_a_week_that_hangs_ends_with_1(waitlists, monkeypatch):
    ended: list[int] = []

    def hangs(*_, on_hung, **__):
        on_hung()
        raise LeaseLost("nothing ends a thread but its process")

    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr("jobs.weekly.asked_week", hangs)
    said = waitlists("weekly", "--as-of", "2025-03-17").err
    assert ended == [1]
    assert "waitlists: the week of 2025-03-17 did not end in its time and was ended" in said


def test_f04_a_week_whose_slot_was_taken_over_stores_nothing(database, inbox):
    """F04: the forecasts, the version and the run's end go with the refusal, and so do the files."""
    claim = ledger.claim(database, JOB, SLOT, clock=lambda: NOW)

    def taken_over_meanwhile():
        ledger.release(database, claim, clock=lambda: NOW)
        ledger.claim(database, JOB, SLOT, clock=lambda: NOW)
        return Inbox(inbox).look_twice(lambda: None)

    with pytest.raises(LeaseLost):
        weekly(around(database, inbox), claim, taken_over_meanwhile)
    for table in (tables.forecast, tables.dataset_version, tables.delivery, tables.breach_assessment, tables.outbox):
        assert count(database, table) == 0
    assert runs(database) == [("weekly", "failed")]
    assert slot_of(database).state is State.RUNNING


def test_the_command_does_a_week(waitlists):
    for path in list(fill(waitlists.folder / "inbox", weeks=3, last=date(2025, 3, 16)).iterdir()):
        path.with_name(f"{path.name}.done").touch()
    waitlists("migrate")
    waitlists("subscribers", "add", "reader@example.org", "--role", "board", "--service", "SALT", "--org", "RYY")
    ended = waitlists("weekly", "--as-of", "2025-03-17", "--jobs", "1")
    assert ended.code == 0
    assert "Files: 3 loaded" in ended.out
    assert "Mail: 1 sent, 0 later, 0 dead, 0 withdrawn" in ended.out
    assert len(list((waitlists.folder / "outbox").glob("*.eml"))) == 1
    shown = waitlists("weekly", "--as-of", "2025-03-17", "--jobs", "1")
    assert shown.code == 0
    assert "comes to the same answers" in shown.out
    assert "nothing new" in shown.out
    assert "Mail:" not in shown.out
    again = waitlists("weekly", "--as-of", "2025-03-17", "--json", "--jobs", "1")
    assert (again.json["state"], again.json["is_same"], again.json["mails_queued"]) == ("done", True, 0)
    assert again.json["mail"] == {"sent": 0, "later": 0, "dead": 0, "withdrawn": 0}


def test_who_subscribed_since_gets_the_week_when_it_is_done_again(sqlite_database, inbox):
    week(sqlite_database, inbox)
    with writing(sqlite_database) as connection:
        add_subscriber(connection, "new@example.org", Subscription(Role.BOARD, ("SALT",), ("RYY",)), now=NOW)
    again = week(sqlite_database, inbox)
    assert (again.is_same, again.mails) == (True, 1)
    assert "nothing was stored again" in str(week_screen(again).renderables[-1])


def test_the_command_leaves_a_week_to_who_is_at_it(waitlists, sqlite_database):
    url = sqlite_database.url.render_as_string()
    (waitlists.folder / "inbox").mkdir()
    ledger.claim(sqlite_database, JOB, date(2025, 3, 17), clock=lambda: datetime.now(UTC))
    ended = waitlists("weekly", "--as-of", "2025-03-17", DATABASE_URL=url)
    assert ended.code == 1
    assert "waitlists: another process is at the week of 2025-03-17" in ended.err


def test_a_week_whose_database_goes_away_can_be_asked_for_again_at_once(sqlite_database, inbox):
    def gone():
        raise DatabaseUnavailable("away")

    with pytest.raises(DatabaseUnavailable):
        asked_week(around(sqlite_database, inbox), gone)
    assert slot_of(sqlite_database).failures == 0
    assert week(sqlite_database, inbox).state is State.DONE


def lives(engine, day):
    with reading(engine) as connection:
        found = newest_assessment(connection, as_of=day, is_published=False)
        every = [warning_of(one.content) for one in kept_warnings(connection, found.id)]
    return {one.id: (one.life.state, one.life.raised_on, one.life.since) for one in every}


def test_a_restore_raises_no_warning_anew(sqlite_database, inbox, tmp_path):
    """The week done again says how warnings stand; since when they do, it takes from the backup."""
    first = week(sqlite_database, inbox)
    before = lives(sqlite_database, SLOT)
    assert {state for state, _, _ in before.values()} == {"raised"}
    made = backup(sqlite_database, tmp_path / "one.backup", clock=lambda: NOW)
    url = sqlite_database.url.render_as_string()
    restore(url, Asked(made.path, is_replacing=True, retention_weeks=None, clock=lambda: NOW + timedelta(hours=1)))
    assert status(sqlite_database, now=NOW + timedelta(hours=2)).restored_of == NOW
    again = week(sqlite_database, inbox)
    assert (again.is_same, again.warnings, again.mails) == (True, first.warnings, 0)
    assert lives(sqlite_database, SLOT) == before
    assert "Warnings as they stand: " in "\n".join(str(one) for one in week_screen(again).renderables)
    later = SLOT + timedelta(weeks=1)
    week(sqlite_database, inbox, as_of=later, now=NOW + timedelta(weeks=1))
    raised = {raised_on for _, raised_on, _ in lives(sqlite_database, later).values()}
    assert raised == {SLOT}

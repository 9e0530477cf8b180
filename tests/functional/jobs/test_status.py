"""What `waitlists status` says, from what is stored."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from jobs.commands.screens import console, status_screen
from jobs.status import status
from tests.deliveries import load, parsed
from waitlists.mail.outgoing import Outgoing
from waitlists.periods import london_time
from waitlists.running.ledger import State
from waitlists.store import ledger, outbox, tables, write
from waitlists.store.session import reading, writing
from waitlists.store.state import state

HOUR = timedelta(hours=1)
NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
MARCH = date(2025, 3, 31)


def put_march(engine):
    load(engine, parsed(MARCH, {("SALT", "QKS"): 1651}, published_on=date(2025, 5, 15)), now=NOW)


def end_run(engine, command, how, *, now=NOW):
    with writing(engine) as connection:
        run_id = write.start_run(connection, command=command, as_of=None, now=now)
        if how != "running":
            write.finish_run(connection, run_id, status=how, summary={}, now=now)
    return run_id


def refuse(engine, *, sha256="f" * 64, now=NOW):
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=now)
        write.add_refusal(
            connection,
            name="x.pdf",
            sha256=sha256,
            code="NOT_XLSX",
            reason="no workbook",
            received_at=now,
            run_id=run_id,
        )
        write.finish_run(connection, run_id, status="done", summary={}, now=now)


def screen_of(outcome) -> str:
    terminal = console()
    with terminal.capture() as captured:
        terminal.print(status_screen(outcome))
    return captured.get()


def codes(engine, *, now=NOW):
    return [need.code for need in status(engine, now=now).needs]


def test_an_empty_database_needs_figures(database):
    outcome = status(database, now=NOW)
    assert [need.code for need in outcome.needs] == ["nothing_loaded"]
    assert outcome.exit_code == 1
    assert outcome.dataset_version is None


def test_a_weekly_return_that_did_not_come_is_said_by_provider_and_service(database):
    sunday = date(2025, 5, 18)
    for service in ("SALT", "COMM_PAEDS"):
        load(database, parsed(sunday, {(service, "RYY"): 50}, source="weekly_return", scope=f"RYY/{service}"), now=NOW)
    load(database, parsed(date(2025, 5, 25), {("SALT", "RYY"): 51}, source="weekly_return", scope="RYY/SALT"), now=NOW)
    (need,) = status(database, now=NOW).needs
    assert need.code == "late_return"
    assert need.sentence.endswith("no weekly return of Community paediatrics for the week ending 25 May 2025.")
    load(
        database, parsed(date(2025, 5, 25), {("COMM_PAEDS", "RYY"): 51}, source="weekly_return", scope="RYY/COMM_PAEDS")
    )
    assert status(database, now=NOW).needs == ()


@pytest.mark.parametrize(("day", "is_overdue"), [(13, False), (14, True)])
def test_a_yearly_source_is_not_overdue_after_a_month(database, day: int, is_overdue: bool):
    load(database, parsed(date(2024, 12, 31), {("EHC", "E10000016"): 5}, source="dfe_ehc"))
    needs = codes(database, now=datetime(2026, 7, day, 9, tzinfo=UTC))
    assert ("late" in needs) is is_overdue


def test_fresh_figures_need_nobody(database):
    put_march(database)
    outcome = status(database, now=NOW)
    assert outcome.needs == ()
    assert outcome.exit_code == 0
    assert outcome.dataset_version == 1
    assert [(source.source, source.period_end) for source in outcome.sources] == [("chs_sitrep", MARCH)]


def test_figures_are_overdue_a_fortnight_after_the_usual_day(database):
    put_march(database)
    end_run(database, "backup", "done", now=datetime(2025, 6, 28, 2, tzinfo=UTC))
    assert codes(database, now=datetime(2025, 6, 28, 12, tzinfo=UTC)) == []
    assert codes(database, now=datetime(2025, 6, 29, 12, tzinfo=UTC)) == ["late"]


def test_the_newest_month_counts_not_the_last_one_loaded(database):
    put_march(database)
    load(database, parsed(date(2024, 8, 31), {("SALT", "QKS"): 1376}, published_on=date(2024, 10, 10)), now=NOW)
    assert status(database, now=NOW).sources[0].period_end == MARCH


@pytest.mark.parametrize("how", ["failed", "partial"])
def test_a_run_that_ended_badly_is_named_until_the_next_ends_well(database, how):
    put_march(database)
    end_run(database, "forecast", how)
    assert codes(database) == [how]
    end_run(database, "forecast", "done")
    assert codes(database) == []


def test_a_run_that_never_ended_is_stuck_after_an_hour_until_it_is_run_again(database):
    put_march(database)
    end_run(database, "load", "running")
    assert codes(database, now=NOW + timedelta(hours=1)) == []
    assert codes(database, now=NOW + timedelta(minutes=61)) == ["stuck"]
    end_run(database, "forecast", "done")
    assert codes(database, now=NOW + timedelta(minutes=61)) == ["stuck"]
    end_run(database, "load", "done")
    assert codes(database, now=NOW + timedelta(minutes=61)) == []


def test_a_refused_file_is_named_for_a_week_once(database):
    put_march(database)
    refuse(database)
    refuse(database)
    assert codes(database) == ["refused"]
    assert codes(database, now=NOW + timedelta(days=8)) == []


@pytest.mark.parametrize(("name", "is_mended"), [("x.pdf", True), ("other.xlsx", False)])
def test_a_refused_file_is_no_more_named_once_a_file_of_its_name_is_loaded(database, name, is_mended):
    refuse(database)
    put_march(database)
    with writing(database) as connection:
        connection.execute(tables.delivery.update().values(file_name=name))
    assert codes(database) == ([] if is_mended else ["refused"])


def test_a_backup_that_failed_or_is_old_is_said_and_a_new_one_ends_it(database):
    put_march(database)
    end_run(database, "backup", "done", now=NOW)
    later = NOW + timedelta(days=9)
    assert codes(database, now=later) == ["backup_old"]
    end_run(database, "backup", "failed", now=later)
    assert codes(database, now=later) == ["failed", "backup_old"]
    end_run(database, "backup", "done", now=later)
    outcome = status(database, now=later)
    assert (outcome.needs, outcome.backup_at) == ((), later)


def test_rows_put_aside_lately_are_a_note_and_need_nobody(database):
    put_march(database)
    with writing(database) as connection:
        row = {"delivery_id": 1, "rule": "ODD", "raw": {}, "state": "held", "released_at": None}
        connection.execute(tables.quarantine.insert(), [row, row, {**row, "state": "released", "released_at": NOW}])
    outcome = status(database, now=NOW)
    assert (outcome.needs, outcome.exit_code) == ((), 0)
    (note,) = outcome.notes
    assert note.sentence.startswith("2 rows of 1 recent delivery were put aside")
    assert status(database, now=NOW + timedelta(days=7, minutes=1)).notes == ()


def test_a_week_that_is_late_and_one_that_was_done(database):
    put_march(database)
    with writing(database) as connection:
        early = ledger.claim(
            connection, "weekly", date(2025, 5, 26), worker="w", now=NOW - timedelta(days=7), lease=HOUR
        )
        ledger.finish(connection, early, state=State.DONE, now=NOW - timedelta(days=7), detail={"problems": 2})
        ledger.claim(connection, "weekly", date(2025, 6, 2), worker="w", now=NOW - timedelta(hours=3), lease=HOUR)
    outcome = status(database, now=NOW)
    assert {need.code for need in outcome.needs} == {"slot_late"}
    assert "The weekly job of 2 June 2025 is late: it stands as running." in outcome.needs[0].sentence
    slots = outcome.as_json()["slots"]["weekly"]
    assert [(one["slot"], one["state"]) for one in slots] == [("2025-06-02", "running"), ("2025-05-26", "done")]
    assert "The weekly job of 2 June 2025: running." in screen_of(outcome)
    assert (slots[0]["since"], slots[1]["since"]) == ((NOW - timedelta(hours=3)).isoformat(), None)
    assert slots[0]["lease_until"] == (NOW - timedelta(hours=2)).isoformat()
    begun, free = (london_time(NOW - timedelta(hours=hours)) for hours in (3, 2))
    assert f"Begun at {begun}; no other process may take it before {free}." in screen_of(outcome)


def test_an_older_week_that_runs_is_told_beside_the_newest(database):
    with writing(database) as connection:
        newest = ledger.claim(connection, "weekly", date(2025, 6, 2), worker="w", now=NOW, lease=HOUR)
        ledger.finish(connection, newest, state=State.DONE, now=NOW, detail={})
        ledger.claim(connection, "weekly", date(2025, 5, 26), worker="w", now=NOW, lease=HOUR, is_asked=True)
    screen = screen_of(status(database, now=NOW))
    assert "The weekly job of 2 June 2025: done.\nThe weekly job of 26 May 2025: running.\n  Begun at" in screen


def test_mail_that_waits_or_was_given_up_is_counted(database):
    put_march(database)
    with writing(database) as connection:
        people = {"role": "board", "services": [], "organisations": [], "standards": [], "wants_csv": False}
        connection.execute(tables.subscriber.insert(), [{**people, "address": "a@example.org", "created_at": NOW}])
        days = [NOW.date() - timedelta(weeks=n) for n in range(3)]
        mails = [Outgoing(f"<{day}>", "weekly", day, 1, b"mail") for day in days]
        outbox.queue(connection, mails, now=NOW - timedelta(minutes=90))
        dead = tables.outbox.update().values(state="dead")
        connection.execute(dead.where(tables.outbox.c.id == 2).values(settled_at=NOW))
        connection.execute(dead.where(tables.outbox.c.id == 3).values(settled_at=NOW - timedelta(days=8)))
    outcome = status(database, now=NOW)
    assert [need.code for need in outcome.needs] == ["mail_late", "mail_dead"]
    counts = {"queued": 1, "oldest_at": "2025-06-02T07:30:00+00:00", "dead": 1, "unmade": 0, "held": 0}
    assert outcome.as_json()["mail"] == counts
    assert "Mail waiting: 1; given up in the last week: 1." in screen_of(outcome)


def test_a_disk_that_is_nearly_full_is_seen_beside_an_sqlite_file(sqlite_database):
    """How full the disk of the tests is nobody knows: what is compared is what was read."""
    put_march(sqlite_database)
    with reading(sqlite_database) as connection:
        space = state(connection, now=NOW).space
    file = Path(sqlite_database.url.database)
    assert space.used == file.stat().st_size + file.with_name(f"{file.name}-wal").stat().st_size
    assert space.free > 0


def test_many_runs_show_the_newest_and_the_last_of_each_command(database):
    put_march(database)
    for _ in range(14):
        end_run(database, "forecast", "done")
    runs = status(database, now=NOW).runs
    assert [run.command for run in runs].count("load") == 1
    assert runs[0].id > runs[1].id
    assert len(runs) == 11


def test_the_screen_says_what_to_do_and_the_json_has_every_fact(database):
    put_march(database)
    refuse(database)
    outcome = status(database, now=NOW)
    said = screen_of(outcome)
    assert "x.pdf was refused (NOT_XLSX): no workbook." in said
    assert "March 2025" in said
    assert "There is no backup yet." in said
    answer = outcome.as_json()
    assert answer["needs_a_person"] is True
    assert answer["sources"][0]["period_end"] == "2025-03-31"
    assert answer["runs"][-1]["finished_at"] == "2025-06-02T09:00:00+00:00"
    wanted = {"id": 1, "file": "x.pdf", "code": "NOT_XLSX", "reason": "no workbook"}
    assert answer["refusals"] == [{**wanted, "received_at": "2025-06-02T09:00:00+00:00"}]

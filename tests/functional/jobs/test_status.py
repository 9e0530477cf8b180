"""What `waitlists status` says, from what is stored."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.screens import console, status_screen
from jobs.status import status
from tests.deliveries import load, parsed
from waitlists.store import write
from waitlists.store.session import writing

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
    terminal = console()
    with terminal.capture() as captured:
        terminal.print(status_screen(outcome))
    assert "x.pdf was refused (NOT_XLSX): no workbook." in captured.get()
    assert "March 2025" in captured.get()
    answer = outcome.as_json()
    assert answer["needs_a_person"] is True
    assert answer["sources"][0]["period_end"] == "2025-03-31"
    assert answer["runs"][-1]["finished_at"] == "2025-06-02T09:00:00+00:00"
    assert answer["refusals"][0]["code"] == "NOT_XLSX"

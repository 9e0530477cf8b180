"""The command as a person meets it: help, mistakes in one line with their exit code, never a traceback."""

import os
import sqlite3

import pytest

COMMANDS = ("migrate", "load", "forecast", "backtest", "serve", "status", "demo")


def test_help_lists_every_command_and_the_exit_codes(waitlists):
    ended = waitlists("--help")
    assert ended.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in ended.out
    assert "13 other" in " ".join(ended.out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(waitlists, command):
    ended = waitlists(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"Usage: waitlists {command}")


def test_no_command_at_all_shows_the_help_as_bad_usage(waitlists):
    ended = waitlists()
    assert ended.code == 2
    assert "Usage: waitlists" in ended.out + ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("forecast",), "Missing option '--as-of'"),
        (("forecast", "--as-of", "31/05/2025"), "31/05/2025 is not a date such as 2025-05-31"),
        (("forecast", "--as-of", "9999-05-31"), "9999-05-31 is a day to come; name "),
        (("load", "empty", "--as-of", "9999-05-31"), "9999-05-31 is a day to come; name "),
        (("forecast", "--as-of", "2025-05-31", "--jobs", "0"), "greater than or equal to 1"),
        (("load",), "Missing argument 'PATH...'"),
        (("load", "nowhere.xlsx"), "there is no file or folder nowhere.xlsx (PATH)"),
        (("load", ".", "--source", "chs"), "chs is no source; there are adhd, autism, chs_sitrep, "),
        (("load", "empty"), "the folder empty holds no file to load"),
        (("serve", "--port", "70000"), "less than or equal to 65535"),
        (("demo", "--no-serve", "--dir", "file.txt"), "cannot write to file.txt"),
        (("warm",), "No such command 'warm'"),
    ],
)
def test_bad_usage_is_said_and_ends_with_2(waitlists, words, said):
    (waitlists.folder / "empty").mkdir()
    (waitlists.folder / "file.txt").touch()
    ended = waitlists(*words)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""


def test_an_unknown_service_lists_near_ones(waitlists):
    waitlists("migrate")
    ended = waitlists("backtest", "--service", "SALTT")
    assert ended.code == 2
    assert "SALT" in ended.err.replace("SALTT", "")


def test_the_version_is_told(waitlists):
    ended = waitlists("--version")
    assert ended.code == 0
    assert ended.out.startswith("waitlists ")


def test_help_answers_at_once(waitlists):
    with waitlists.start("--help") as process:
        process.stdout.read()
        # Of this child alone: others of this process may end meanwhile.
        _, status, spent = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert spent.ru_utime + spent.ru_stime < 0.7


@pytest.mark.parametrize("words", [("status",), ("forecast", "--as-of", "2025-05-31"), ("serve", "--port", "0")])
def test_a_missing_database_is_said_and_not_made(waitlists, words):
    ended = waitlists(*words)
    assert ended.code == 12
    assert ended.err == "waitlists: there is no database waitlists.db: run `waitlists migrate` or `waitlists load`\n"
    assert list(waitlists.folder.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("status",), ("forecast", "--as-of", "2025-05-31"), ("serve", "--port", "0"), ("load", ".")]
)
def test_a_database_without_a_schema_names_migrate(waitlists, words):
    with sqlite3.connect(waitlists.folder / "waitlists.db") as other:
        other.execute("create table other (x)")
    other.close()
    ended = waitlists(*words)
    assert ended.code == 13
    assert "waitlists migrate" in ended.err


def test_postgresql_without_a_schema_is_not_given_one_by_load(waitlists, empty_database):
    (waitlists.folder / "file.xlsx").write_bytes(b"x")
    url = empty_database.url.render_as_string(hide_password=False)
    ended = waitlists("load", "file.xlsx", DATABASE_URL=url)
    if empty_database.dialect.name == "sqlite":
        assert ended.code == 10
        assert ended.err.startswith("Made a new database")
    else:
        assert ended.code == 13
        assert "waitlists migrate" in ended.err


def test_a_misspelt_setting_stops_the_start(waitlists):
    ended = waitlists("status", DATABSE_URL="sqlite:///x.db")
    assert ended.code == 2
    assert "did you mean WAITLISTS_DATABASE_URL" in ended.err


def test_migrate_makes_a_schema_once(waitlists):
    first, second = waitlists("migrate"), waitlists("migrate")
    assert (first.code, second.code) == (0, 0)
    assert first.out == "sqlite:///waitlists.db: schema is up to date (it was empty).\n"
    assert "it was empty" not in second.out
    assert first.err == second.err == ""


def test_status_of_an_empty_database_needs_a_person(waitlists):
    waitlists("migrate")
    ended = waitlists("status", "--json")
    assert ended.code == 1
    assert [need["code"] for need in ended.json["needs"]] == ["nothing_loaded"]
    assert "Nothing was published yet." in waitlists("status").out


def test_a_forecast_of_nothing_stores_its_run_alone(waitlists):
    waitlists("migrate")
    ended = waitlists("forecast", "--as-of", "2025-05-31")
    assert ended.code == 0
    assert "Nothing was known by 31 May 2025" in ended.out
    state = waitlists("status", "--json").json
    assert [run["status"] for run in state["runs"]] == ["done"]
    assert state["dataset_version"] is None


@pytest.mark.parametrize("words", [("migrate",), ("status",), ("load", ".")])
def test_a_folder_that_is_not_there_is_a_missing_database(waitlists, words):
    (waitlists.folder / "file.xlsx").write_bytes(b"x")
    ended = waitlists(*words, DATABASE_URL="sqlite:///nowhere/waitlists.db")
    assert ended.code == 12
    assert "nowhere" in ended.err


def test_a_damaged_database_is_not_served(waitlists):
    waitlists("migrate")
    file = waitlists.folder / "waitlists.db"
    content = bytearray(file.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    file.write_bytes(content)
    ended = waitlists("serve", "--port", "0")
    assert ended.code == 12
    assert "damaged" in ended.err

"""Loading files on both databases: what is taken, what is refused, what the same file again and a corrected one do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import structlog

import jobs.files
from jobs.demo.files import content_of
from jobs.outcomes import FileOutcome
from tests.functional.jobs.kit import NOW, book, changed, content_hash, count, load_files, put, undated
from waitlists.store import read, tables
from waitlists.store.session import reading

LOADED, ALREADY, REFUSED = FileOutcome.LOADED, FileOutcome.ALREADY, FileOutcome.REFUSED


def salt_in_kent(engine, as_of):
    with reading(engine) as connection:
        return read.stored_list(connection, service="SALT", org="QKS", as_of=as_of)


def versions(engine):
    with reading(engine) as connection:
        found = read.latest_version(connection)
    return found.version if found else 0


def test_a_file_is_taken_with_its_counts_and_findings(database, tmp_path):
    outcome = load_files(database, put(tmp_path / "in", book(2025, 1)))
    (item,) = outcome.files
    assert (item.status, item.source, item.period_end) == (LOADED, "chs_sitrep", date(2025, 1, 31))
    assert item.published_on == item.known_from == date(2025, 3, 13)
    parts = ("numbers", "suppressed", "not_submitted", "quarantined")
    assert item.counts["cells_read"] == sum(item.counts[name] for name in parts)
    assert "copied_number" in {finding.code for finding in item.findings}
    assert (outcome.exit_code, outcome.dataset_version) == (0, 1)
    with reading(database) as connection:
        (run,) = read.runs(connection, limit=5)
    assert (run.command, run.status, run.summary["loaded"]) == ("load", "done", 1)


def test_the_same_file_again_changes_nothing_and_says_so(database, tmp_path):
    files = put(tmp_path / "in", book(2025, 1))
    load_files(database, files)
    before = content_hash(database), versions(database), count(database, tables.run)
    outcome = load_files(database, files, now=NOW + timedelta(days=3))
    assert [item.status for item in outcome.files] == [ALREADY]
    assert "stored as delivery" in outcome.files[0].reason
    assert (outcome.exit_code, outcome.dataset_version) == (0, None)
    assert (content_hash(database), versions(database), count(database, tables.run)) == before


def test_the_same_file_under_another_name_in_one_command_is_taken_once(database, tmp_path):
    (file,) = put(tmp_path / "in", book(2025, 1))
    (tmp_path / "in" / "copy.xlsx").write_bytes(file.read_bytes())
    outcome = load_files(database, [tmp_path / "in"])
    assert sorted(item.status for item in outcome.files) == [ALREADY, LOADED]
    assert count(database, tables.delivery) == 1


def test_a_corrected_file_is_a_new_vintage_and_overwrites_nothing(database, tmp_path):
    load_files(database, put(tmp_path / "in", book(2026, 3)))
    wrong = salt_in_kent(database, date(2026, 5, 31))
    load_files(database, put(tmp_path / "in", book(2026, 3, revised=True)))
    assert salt_in_kent(database, date(2026, 6, 3)).bands.total == wrong.bands.total
    right = salt_in_kent(database, date(2026, 6, 4))
    assert right.bands.total > wrong.bands.total + 200
    assert right.vintage.known_from == date(2026, 6, 4)
    assert count(database, tables.delivery) == 2


def test_other_bytes_with_the_same_printed_date_count_from_the_day_of_loading(database, tmp_path):
    first = book(2025, 1)
    load_files(database, put(tmp_path / "a", first))
    (item,) = load_files(database, put(tmp_path / "b", changed(first, "Contents", 0, 0, "Content"))).files
    assert item.published_on == date(2025, 3, 13)
    assert item.known_from == NOW.date()


@pytest.mark.parametrize(("as_of", "known_from"), [(None, date(2026, 11, 16)), (date(2025, 3, 20), date(2025, 3, 20))])
def test_without_a_printed_date_the_day_of_loading_counts_or_the_one_given(database, tmp_path, as_of, known_from):
    (item,) = load_files(database, put(tmp_path / "in", undated(book(2025, 1))), as_of=as_of).files
    assert (item.published_on, item.known_from) == (None, known_from)


def test_the_day_of_loading_is_that_of_london(database, tmp_path):
    late_evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    (item,) = load_files(database, put(tmp_path / "in", undated(book(2025, 1))), now=late_evening).files
    assert item.known_from == date(2026, 7, 2)


def test_figures_known_only_after_today_are_pointed_out(database, tmp_path):
    outcome = load_files(database, put(tmp_path / "in", book(2026, 9)), now=NOW - timedelta(days=10))
    (note,) = outcome.notes
    assert note.endswith("its figures count as known from 12 November 2026 only, which is after today.")


def test_a_file_of_an_older_month_arrives_late_and_changes_what_is_said_of_later_ones(database, tmp_path):
    load_files(database, put(tmp_path / "in", book(2025, 11)))
    assert salt_in_kent(database, date(2026, 1, 31)).coverage.share == 1
    load_files(database, put(tmp_path / "in", book(2025, 10)))
    kent = salt_in_kent(database, date(2026, 1, 31))
    assert kent.coverage.share < 1
    assert [provider.org for provider in kent.coverage.missing] == ["NQ7"]
    assert "missing_provider" in {finding.code for finding in kent.findings}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_loading_does_not_show(sqlite_database, database, tmp_path, order):
    chosen = [book(2024, 4), book(2024, 8), book(2026, 3), book(2026, 3, revised=True)]
    files = put(tmp_path / "in", *chosen)
    load_files(sqlite_database, files)
    for place in order:
        load_files(database, [files[place]])
    assert content_hash(database) == content_hash(sqlite_database)


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_files_with_one_printed_date_in_one_command_the_lower_checksum_counts_first(
    database, tmp_path, backwards
):
    first = book(2025, 1)
    files = put(tmp_path / "a", first) + put(tmp_path / "b", changed(first, "Contents", 0, 0, "Content"))
    loaded = load_files(database, files[::-1] if backwards else files).with_status(LOADED)
    assert [item.known_from for item in sorted(loaded, key=lambda item: item.sha256)] == [
        date(2025, 3, 13),
        NOW.date(),
    ]


def test_a_file_that_breaks_its_contract_is_refused_whole_and_recorded(database, tmp_path):
    broken = replace(changed(book(2025, 1), "Table 4", 7, 5, "about 12"), name="broken.xlsx")
    outcome = load_files(database, put(tmp_path / "in", broken))
    (item,) = outcome.files
    assert item.status == REFUSED
    assert "Table 4" in item.reason
    assert "about 12" not in item.reason
    assert (outcome.exit_code, outcome.dataset_version, versions(database)) == (10, None, 0)
    with reading(database) as connection:
        (refusal,) = read.refusals(connection, limit=5)
        (run,) = read.runs(connection, limit=5)
    assert (refusal.file_name, refusal.code, refusal.sha256) == ("broken.xlsx", item.code, item.sha256)
    assert run.status == "failed"
    assert count(database, tables.figure) == 0


def test_control_characters_in_texts_are_blanks_on_every_database(database, tmp_path):
    """PostgreSQL takes no NUL in a text, SQLite does: neither gets one."""
    hostile = changed(book(2025, 1), "Table 4", 11, 2, "KENT\0AND\x01MEDWAY\x1f")
    hostile = changed(hostile, "Cover page", 9, 1, "Somebody\0\x7f")
    (item,) = load_files(database, put(tmp_path / "in", hostile)).files
    assert item.status == LOADED, item.reason
    with reading(database) as connection:
        names = {place.code: place.name for place in read.known_organisations(connection)}
        found = read.findings(connection, limit=10_000)
        (delivery,) = read.deliveries(connection, limit=2)
    assert names["QKS"] == "KENT AND MEDWAY"
    assert "\0" not in repr((names, found, delivery))


def test_a_mistake_of_ours_over_one_file_stops_no_other(database, tmp_path, monkeypatch):
    files = put(tmp_path / "in", book(2025, 1), book(2025, 2))
    check = jobs.files.check_delivery

    def surprised(parsed):
        if parsed.period_end == date(2025, 1, 31):
            raise KeyError("QKS 1234")
        return check(parsed)

    monkeypatch.setattr(jobs.files, "check_delivery", surprised)
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as lines:
        outcome = load_files(database, files)
    (item,) = outcome.with_status(REFUSED)
    assert (item.code, item.reason.startswith("checking the file broke this program (KeyError)")) == ("FAULT", True)
    assert (outcome.exit_code, len(outcome.with_status(LOADED)), versions(database)) == (14, 1, 1)
    (fault,) = (line for line in lines if line["event"] == "load.fault")
    assert (fault["kind"], fault["stage"], fault["sha256"]) == ("KeyError", "checking", item.sha256)
    assert "1234" not in repr((outcome, lines))
    with reading(database) as connection:
        assert [refusal.code for refusal in read.refusals(connection, limit=5)] == ["FAULT"]


def test_good_files_are_loaded_beside_refused_ones(database, tmp_path):
    put(tmp_path / "in", book(2025, 1))
    (tmp_path / "in" / "report.xlsx").write_bytes(b"%PDF-1.7\n" + b"\0" * 100)
    (tmp_path / "in" / "empty.xlsx").touch()
    outcome = load_files(database, [tmp_path / "in"])
    assert {item.name: item.code for item in outcome.with_status(REFUSED)} == {
        "report.xlsx": "NOT_XLSX",
        "empty.xlsx": "EMPTY",
    }
    assert (outcome.exit_code, versions(database)) == (14, 1)
    with reading(database) as connection:
        (run,) = read.runs(connection, limit=5)
    assert (run.status, run.summary["refused"]) == ("partial", 2)


def test_the_command_shows_a_table_and_findings(waitlists):
    put(waitlists.folder / "in", book(2025, 1), book(2024, 12))
    ended = waitlists("load", "in")
    assert ended.code == 0
    assert "Made a new database, sqlite:///waitlists.db." in ended.err
    assert "synthetic-community-health-2025-01.xlsx" in ended.out
    assert "Jan 2025" in ended.out
    assert "Kent Community Health NHS Foundation Trust" in ended.out
    assert "2 loaded, 0 already there, 0 refused. Readers now see dataset version 1." in ended.out
    again = waitlists("load", "in")
    assert "already there" in again.out
    assert "Nothing new was published." in again.out


def test_verbose_shows_every_sentence(waitlists):
    put(waitlists.folder / "in", book(2025, 1), book(2024, 12))
    short, long = waitlists("load", "in/synthetic-community-health-2025-01.xlsx"), waitlists("load", "in", "--verbose")
    assert "--verbose shows every sentence" in short.out
    assert "--verbose" not in long.out


def test_json_has_every_fact_and_nothing_else_on_standard_output(waitlists):
    put(waitlists.folder / "in", book(2025, 1))
    (waitlists.folder / "in" / "x.xlsx").write_bytes(content_of(book(2025, 1))[:5000])
    ended = waitlists("load", "in", "--json")
    assert ended.code == 14
    answer = ended.json
    assert (answer["loaded"], answer["refused"], answer["dataset_version"]) == (1, 1, 1)
    files = {item["file"]: item for item in answer["files"]}
    assert files["x.xlsx"]["refusal"]["code"]
    good = files["synthetic-community-health-2025-01.xlsx"]
    assert good["rows_taken"] > 1_000
    assert len(good["findings"]) == sum(good["findings_by_severity"].values())
    assert {"code", "sentence", "service", "org", "sheet", "cell"} <= good["findings"][0].keys()


def test_a_backfill_and_a_source_can_be_given_by_hand(waitlists):
    put(waitlists.folder / "in", undated(book(2025, 1)))
    ended = waitlists("load", "in", "--as-of", "2025-03-20", "--source", "chs_sitrep", "--json")
    assert ended.json["files"][0]["known_from"] == "2025-03-20"

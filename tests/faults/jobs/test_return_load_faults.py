"""Faults I01, I06, I09, I10, I12 and I19 on weekly returns, from a file in a folder to what is stored."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.functional.jobs.kit import load_files
from tests.returns import WEEK, as_csv, flows, waiting
from waitlists.store import read
from waitlists.store.session import reading
from waitlists.store.tables import metadata

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
EARLIER = WEEK - timedelta(days=7)


def put(folder, name: str, rows, *, encoding: str = "utf-8"):
    path = folder / name
    path.write_bytes(as_csv(rows).decode().encode(encoding))
    return path


def salt(engine, *, as_of: date, period_end: date | None = None) -> tuple[date, int | None] | None:
    """Period and size of the list in force."""
    with reading(engine) as connection:
        history = read.list_history(connection, source="weekly_return", service="SALT", as_of=as_of, orgs=["RYY"])
    latest = {
        vintage.period_end: history.cells[vintage.id, "RYY"].counts["total"]
        for vintage in history.vintages
        if (vintage.id, "RYY") in history.cells
    }
    wanted = period_end or max(latest, default=None)
    return (wanted, latest[wanted]) if wanted in latest else None


def codes(outcome) -> dict[str, str | None]:
    return {item.name: item.code for item in outcome.files}


def test_i09_the_same_return_again_changes_nothing_and_a_corrected_one_is_kept_beside(sqlite_database, tmp_path):
    first = put(tmp_path, "return.csv", [*waiting(), *flows(referrals=3)])
    assert load_files(sqlite_database, [first], now=MONDAY).dataset_version == 1
    again = load_files(sqlite_database, [put(tmp_path, "renamed.csv", [*waiting(), *flows(referrals=3)])], now=MONDAY)
    assert ([item.status for item in again.files], again.dataset_version) == (["already_loaded"], None)
    corrected = put(tmp_path, "corrected.csv", [*waiting(counts=[9, 2, 3, 4, 5, 6, 7, 8]), *flows(referrals=3)])
    load_files(sqlite_database, [corrected], now=MONDAY + timedelta(days=1))
    assert salt(sqlite_database, as_of=date(2026, 11, 16)) == (WEEK, 36)
    assert salt(sqlite_database, as_of=date(2026, 11, 17)) == (WEEK, 44)


def test_i10_a_late_return_is_stored_under_its_own_week(sqlite_database, tmp_path):
    load_files(sqlite_database, [put(tmp_path, "now.csv", waiting())], now=MONDAY)
    load_files(sqlite_database, [put(tmp_path, "late.csv", waiting(week=EARLIER))], now=MONDAY + timedelta(days=2))
    assert salt(sqlite_database, as_of=date(2026, 11, 16), period_end=EARLIER) is None
    assert salt(sqlite_database, as_of=date(2026, 11, 18)) == (WEEK, 36)
    assert salt(sqlite_database, as_of=date(2026, 11, 18), period_end=EARLIER) == (EARLIER, 36)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("i01.csv", b"", "EMPTY"),
        ("i01_blank.csv", b"\r\n ,,\r\n", "EMPTY"),
        ("i03.csv", as_csv(waiting()) + b"\0", "NUL"),
        ("i04.csv", as_csv(waiting()) + b'\n"open,1', "QUOTES"),
        ("i06.csv", as_csv(waiting(week=WEEK + timedelta(days=7))), "FUTURE"),
        ("i12.csv", as_csv(waiting(provider="NOBODY1")), "NOTHING_USABLE"),
        ("i19.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "OLD_XLS"),
        ("i19.csv", b"\x1f\x8b\x08" + bytes(range(1, 200)), "NOT_XLSX"),
    ],
)
def test_what_is_refused_leaves_what_was_there(sqlite_database, tmp_path, name: str, content: bytes, code: str):
    load_files(sqlite_database, [put(tmp_path, "good.csv", waiting())], now=MONDAY)
    (tmp_path / name).write_bytes(content)
    outcome = load_files(sqlite_database, [tmp_path / name], now=MONDAY)
    assert (codes(outcome), outcome.exit_code, outcome.dataset_version) == ({name: code}, 10, None)
    assert salt(sqlite_database, as_of=date(2026, 11, 16)) == (WEEK, 36)


def test_i03_a_return_in_any_usual_encoding_is_the_same_return(sqlite_database, tmp_path):
    files = [put(tmp_path, f"{encoding}.csv", waiting(), encoding=encoding) for encoding in ("utf-16", "utf-8-sig")]
    outcome = load_files(sqlite_database, files, now=MONDAY)
    assert [item.status for item in outcome.files] == ["loaded", "loaded"]
    assert salt(sqlite_database, as_of=date(2026, 11, 16)) == (WEEK, 36)


REMARK = "rang Zephyrine Quillfeather on 07700 900123"


@pytest.mark.parametrize("heading", ["remarks", "comment", ""])
def test_what_stands_in_columns_nobody_asked_for_is_neither_kept_nor_shown(database, tmp_path, heading: str, capfd):
    """Names and telephone numbers in a column of remarks pass every search for identifiers."""
    path = put(tmp_path, "return.csv", [(*row, REMARK) for row in waiting()])
    head, rows = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{head.rstrip()},{heading}\n{rows}" if heading else f"{head}\n{rows}", encoding="utf-8")
    outcome = load_files(database, [path], now=MONDAY)
    (file,) = outcome.files
    assert file.status == file.LOADED
    assert salt(database, as_of=date(2026, 11, 16)) == (WEEK, 36)
    shown = capfd.readouterr()
    everything = [str(outcome.as_json()), shown.out, shown.err]
    with reading(database) as connection:
        for table in metadata.tables.values():
            everything += [str(tuple(row)) for row in connection.execute(select(table))]
        kept = read.delivery_content(connection, file.delivery_id)
    assert kept is None
    assert not any(word in text for text in everything for word in ("Zephyrine", "Quillfeather", "900123"))

"""The inbox: whole files alone, nothing followed out of it, known ones left alone, one bad file for itself (I21)."""

import os
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import select

from jobs.inbox import Inbox, arrived_by, load_fresh
from jobs.load import Moment
from tests.functional.jobs.kit import count
from tests.returns import as_csv, waiting
from waitlists.errors import BadArgument, DatabaseUnavailable
from waitlists.periods import LONDON
from waitlists.settings import Settings
from waitlists.store import tables, write
from waitlists.store.session import reading, writing
from waitlists.store.standing import without_losses

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def put(folder, name, content=b"a,b\n"):
    (folder / name).write_bytes(content)
    return folder / name


def take_in(engine, paths):
    settings = Settings(database_url="sqlite:///unused.db")
    return load_fresh(engine, settings, paths, moment=Moment(lambda: MONDAY), on_progress=lambda _: None)


def test_a_file_is_whole_when_two_looks_find_it_unchanged(folder):
    inbox = Inbox(folder)
    path = put(folder, "return.csv")
    assert inbox.look() == ()
    assert inbox.look() == (path,)
    put(folder, "return.csv", b"a,b\n1,2\n")
    assert inbox.look() == ()
    assert inbox.look() == (path,)


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_another(folder):
    inbox = Inbox(folder)
    path = put(folder, "return.csv")
    os.utime(path, ns=(0, 0))
    inbox.look()
    other = put(folder, "other.csv", b"c,d\n")
    os.utime(other, ns=(0, 0))
    other.replace(path)
    assert inbox.look() == ()


def test_the_senders_word_makes_a_file_whole_at_once(folder):
    def waited():
        raise AssertionError("there is nothing to wait for")

    path = put(folder, "return.csv")
    put(folder, "return.csv.done", b"")
    assert Inbox(folder).look() == (path,)
    assert Inbox(folder).look_twice(waited) == (path,)


def test_a_renamed_file_is_taken_and_the_unfinished_name_never(folder):
    inbox = Inbox(folder)
    for name in (".return.csv", "return.csv.part", "return.csv.TMP", "return.csv.filepart", "return.csv~"):
        put(folder, name)
    assert inbox.look_twice(lambda: None) == ()
    (folder / "return.csv.part").rename(folder / "return.csv")
    assert inbox.look_twice(lambda: None) == (folder / "return.csv",)


def test_i21_what_office_programs_and_desktops_leave_is_counted_once_and_passed_by(folder):
    inbox = Inbox(folder)
    for name in ("~$return.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store", "ehThumbs.db"):
        put(folder, name)
    path = put(folder, "return.csv")
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as lines:
        assert inbox.look_twice(lambda: None) == (path,)
        assert inbox.look() == (path,)
    assert lines == [{"event": "inbox.left_out", "files": 5, "log_level": "info"}]


def test_i21_links_pipes_and_folders_are_not_followed(folder, tmp_path):
    outside = put(tmp_path, "secret.csv")
    (folder / "link.csv").symlink_to(outside)
    (folder / "nowhere.csv").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.csv")
    (folder / "deep").mkdir()
    put(folder / "deep", "inside.csv")
    assert Inbox(folder).look_twice(lambda: None) == ()


def test_what_was_tried_waits_until_it_changes(folder):
    inbox = Inbox(folder)
    path = put(folder, "return.csv")
    inbox.tried(inbox.look_twice(lambda: None))
    assert inbox.look() == ()
    put(folder, "return.csv", b"a,b,c\n")
    assert inbox.look_twice(lambda: None) == (path,)


def test_an_inbox_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadArgument, match="there is no inbox: expected the folder") as raised:
        Inbox(tmp_path / "nowhere").look()
    assert raised.value.field == "WAITLISTS_INBOX"


def test_files_written_after_a_day_are_left_for_later(folder):
    early, late = put(folder, "early.csv"), put(folder, "late.csv")
    # 23:30 UTC in July is the next day in London.
    for path, written in ((early, "2026-07-06 22:30"), (late, "2026-07-06 23:30")):
        moment = datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    assert arrived_by([early, late, folder / "gone.csv"], date(2026, 7, 6), zone=LONDON) == [early]
    tokyo = ZoneInfo("Asia/Tokyo")
    assert arrived_by([early, late], date(2026, 7, 6), zone=tokyo) == []


def test_known_files_are_not_loaded_nor_refused_again(sqlite_database, folder):
    good, bad = put(folder, "good.csv", as_csv(waiting())), put(folder, "bad.csv", b"no,such,columns\n1,2,3\n")
    first = take_in(sqlite_database, [good, bad])
    assert sorted(one.status for one in first) == ["loaded", "refused"]
    assert take_in(sqlite_database, [good, bad]) == ()
    assert (count(sqlite_database, tables.run), count(sqlite_database, tables.refusal)) == (1, 1)


@pytest.mark.parametrize("code", ["FAULT", "OUT_OF_ORDER", "NO_LIST"])
def test_a_file_that_may_be_right_another_time_is_tried_again(sqlite_database, folder, code):
    path = put(folder, "return.csv", as_csv(waiting()))
    with writing(sqlite_database) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=MONDAY)
        told = {"name": path.name, "sha256": sha256(path.read_bytes()).hexdigest(), "reason": "Not then."}
        write.add_refusal(connection, **told, code=code, received_at=MONDAY, run_id=run_id)
    (outcome,) = take_in(sqlite_database, [path])
    assert outcome.status == "loaded"


def test_a_file_over_the_cap_is_refused_unread(sqlite_database, folder):
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(5 * 2**30)
    (outcome,) = take_in(sqlite_database, [folder / "huge.csv"])
    assert (outcome.status, outcome.code) == ("refused", "TOO_LARGE")


def breaking_over(provider, error):
    """The ordinary storing, but for the file of one provider."""

    def broken(connection, delivery):
        if any(part.scope.startswith(provider) for part in delivery.vintages):
            raise error
        return without_losses(connection, delivery)

    return broken


def returns_of(folder, *providers):
    return [put(folder, f"{one}.csv", as_csv(waiting(provider=one))) for one in providers]


def test_a_file_that_breaks_the_storing_keeps_no_other_out(database, folder, monkeypatch):
    files = returns_of(folder, "RXY", "RYY", "RVV")
    monkeypatch.setattr("jobs.load.without_losses", breaking_over("RYY", ZeroDivisionError("a value")))
    outcomes = {one.name: one for one in take_in(database, files)}
    assert {name: one.status for name, one in outcomes.items()} == {
        "RXY.csv": "loaded",
        "RYY.csv": "refused",
        "RVV.csv": "loaded",
    }
    assert "ZeroDivisionError" in outcomes["RYY.csv"].reason
    assert "a value" not in outcomes["RYY.csv"].reason
    assert (count(database, tables.delivery), count(database, tables.dataset_version)) == (2, 1)
    with reading(database) as connection:
        (row,) = connection.execute(select(tables.refusal)).mappings()
    assert (row["code"], row["sender"]["providers"]) == ("FAULT", ["RYY"])


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_a_database_that_is_away_is_no_fault_of_a_file(sqlite_database, folder, monkeypatch, broken):
    tries = []

    def breaking(connection, delivery):
        tries.append(1)
        if len(tries) == broken:
            raise DatabaseUnavailable("away")
        if len(tries) == 1:
            raise ZeroDivisionError
        return without_losses(connection, delivery)

    monkeypatch.setattr("jobs.load.without_losses", breaking)
    with pytest.raises(DatabaseUnavailable):
        take_in(sqlite_database, returns_of(folder, "RXY", "RYY"))
    assert count(sqlite_database, tables.delivery) == 0

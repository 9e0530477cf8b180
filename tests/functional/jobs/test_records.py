"""Referral extracts from file to store on both databases: merged, held, quarantined, released, erased, never half."""

import csv
import stat
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from sqlalchemy import func, select

from jobs.arrivals import read_files
from jobs.files import MAX_BYTES as MAX_FIGURES
from jobs.load import Moment, load
from jobs.outcomes import FileOutcome
from jobs.records.erase import erase, expire
from jobs.records.files import Approval, Asked
from jobs.records.mappings import OWN_WORDS, NamedMapping, read_mapping
from jobs.records.quarantine import export, listed, release
from jobs.status import status
from tests.extracts import csv_of, row
from tests.returns import as_csv, waiting
from waitlists.errors import BadArgument, FileRefused, FinishedInPart
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.record.schema import SENT
from waitlists.store import read, tables
from waitlists.store.audit import last_entries
from waitlists.store.referral_deliveries import accepted_deliveries
from waitlists.store.referrals import read_referrals
from waitlists.store.rehearsal import rehearsal
from waitlists.store.session import make_engine, reading
from waitlists.store.state import state

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
DAY = date(2026, 11, 15)
WEEK = timedelta(days=7)
COUNTED = ("taken", "changed", "unchanged", "superseded", "quarantined", "excluded", "duplicates")
DELTA = NamedMapping("delta", ProviderMapping(source_system="RiO", kind="delta"))


def children(count: int, *, on: date = DAY, **changes: str) -> list[dict[str, str]]:
    """Good rows of so many children."""
    return [row(n, pseudonym_id=f"child-{n:026}", snapshot_date=on.isoformat(), **changes) for n in range(1, count + 1)]


class Inbox:
    """Loads rows as files of their own, at a moment a test may move."""

    def __init__(self, engine, folder: Path) -> None:
        self.engine, self.folder, self.now, self.files = engine, folder, NOW, 0

    def put(self, rows, *, columns=None) -> Path:
        self.files += 1
        path = self.folder / f"records-{self.files}.csv"
        path.write_bytes(csv_of(rows, columns=columns) if columns else csv_of(rows))
        return path

    def load(self, *paths: Path, **asked):
        return load(
            self.engine, paths, moment=Moment(lambda: self.now), source=None, records=Asked(**asked),
            on_progress=lambda _: None,
        )  # fmt: skip

    def __call__(self, rows, **asked) -> FileOutcome:
        (item,) = self.load(self.put(rows), **asked).files
        return item

    def rows_of(self, table) -> int:
        with reading(self.engine) as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def known(self) -> dict[str, dict[str, object]]:
        with reading(self.engine) as connection:
            found = read_referrals(connection, as_of=self.now.date()).to_pylist()
        return {one["service_request_identifier"]: one for one in found}


@pytest.fixture
def inbox(database, tmp_path: Path) -> Inbox:
    return Inbox(database, tmp_path)


def test_every_row_read_is_counted_once_and_no_bytes_are_kept(inbox: Inbox):
    rows = [*children(5), row(5, pseudonym_id=f"child-{5:026}"), row(6, service="NOPE"), row(7, age_band="26+")]
    item = inbox(rows)
    assert item.status == FileOutcome.LOADED, item.reason
    assert item.counts["read"] == sum(item.counts[name] for name in COUNTED) == 8
    assert (item.counts["taken"], item.counts["duplicates"]) == (5, 1)
    assert inbox.rows_of(tables.delivery_content) == 0
    with reading(inbox.engine) as connection:
        (delivery,) = read.deliveries(connection, limit=5)
    assert (delivery.source, delivery.period_end, delivery.known_from) == ("referral_extract", DAY, NOW.date())
    assert delivery.counts == item.counts
    assert "rows_quarantined" in {finding.code for finding in item.findings}


def test_i09_the_same_file_and_the_same_rows_again_write_nothing(inbox: Inbox):
    path = inbox.put(children(4))
    assert inbox.load(path).dataset_version == 1
    again = inbox.load(path)
    assert ([item.status for item in again.files], again.dataset_version) == ([FileOutcome.ALREADY], None)
    other = inbox(children(4)[::-1])
    assert (other.counts["unchanged"], other.reason) == (4, "Nothing in it is new.")
    assert inbox.rows_of(tables.referral) == 4


def test_the_same_bytes_twice_in_one_command_are_stored_once(inbox: Inbox):
    outcome = inbox.load(inbox.put(children(2)), inbox.put(children(2)))
    assert len(outcome.with_status(FileOutcome.LOADED)) == 1
    assert inbox.rows_of(tables.referral) == 2


def test_files_of_one_command_are_stored_in_the_order_of_their_snapshots(inbox: Inbox):
    newer, older = inbox.put(children(3)), inbox.put(children(3, on=DAY - WEEK))
    outcome = inbox.load(newer, older)
    assert [item.period_end for item in outcome.files] == [DAY - WEEK, DAY]
    assert outcome.dataset_version == 1
    assert inbox.rows_of(tables.referral) == 3


def test_i10_a_late_older_file_is_taken_and_overwrites_nothing(inbox: Inbox):
    inbox(children(5, age_band="11-15"))
    late = inbox(children(6, on=DAY - WEEK))
    assert (late.status, late.counts["taken"], late.counts["superseded"]) == (FileOutcome.LOADED, 1, 5)
    assert [one["is_absent"] for one in inbox.known().values()] == [False] * 5 + [True]


def test_i11_a_fifth_fewer_is_held_and_nothing_of_it_loaded(inbox: Inbox):
    inbox(children(10, on=DAY - WEEK))
    path = inbox.put(children(8))
    outcome = inbox.load(path)
    (item,) = outcome.files
    assert (item.status, outcome.exit_code, outcome.dataset_version) == (FileOutcome.HELD, 15, None)
    assert "20% fewer" in (item.as_json()["held_because"] or "")
    assert [one["is_absent"] for one in inbox.known().values()] == [False] * 10
    assert [need.code for need in status(inbox.engine, now=NOW).needs if need.code == "held"] == ["held"]
    assert inbox.load(path).exit_code == 15
    assert inbox.rows_of(tables.held_delivery) == 1


def test_a_small_list_that_is_gone_is_loaded_and_told(inbox: Inbox):
    """Nine of ten are there, so the whole is not held; the tenth was all of its service."""
    last = children(10, on=DAY - WEEK)
    inbox([*last[:9], last[9] | {"service": "ASD", "clock_rule_id": ""}])
    loaded = inbox(children(9))
    assert loaded.status == FileOutcome.LOADED
    (told,) = [one for one in loaded.findings if one.code == "list_vanished"]
    assert (told.service, told.org, told.period_end) == ("ASD", "RYY", DAY)
    assert "this one has none: see that none was left out" in told.sentence


def test_i11_a_held_file_is_loaded_once_a_role_approves_it(inbox: Inbox):
    inbox(children(10, on=DAY - WEEK))
    path = inbox.put(children(8))
    inbox.load(path)
    (item,) = inbox.load(path, approval=Approval.of("data manager", "closed clinic")).files
    assert (item.status, item.counts["absent"]) == (FileOutcome.LOADED, 2)
    with reading(inbox.engine) as connection:
        row = connection.execute(select(tables.held_delivery)).one()
        (entry,) = last_entries(connection, limit=1)
    assert (row.state, row.approved_by, row.approval, row.delivery_id) == (
        "approved", "data manager", "closed clinic", item.delivery_id,
    )  # fmt: skip
    assert (entry.look.action, entry.look.org) == (f"load --approve {row.sha256[:12]}", "RYY")
    assert [need for need in status(inbox.engine, now=NOW).needs if need.code == "held"] == []


def test_what_is_not_held_cannot_be_approved(inbox: Inbox):
    item = inbox(children(3), approval=Approval.of("admin", "why not"))
    assert (item.status, item.code) == (FileOutcome.REFUSED, "NOT_HELD")
    for by, reason in (("admin", " "), ("Jo Bloggs", "right"), ("admin", "x" * 501)):
        with pytest.raises(BadArgument):
            Approval.of(by, reason)


def test_i11_a_new_column_is_held(inbox: Inbox):
    inbox(children(3, on=DAY - WEEK))
    columns = [*SENT, "ward"]
    (item,) = inbox.load(inbox.put([{**one, "ward": "x"} for one in children(3)], columns=columns)).files
    assert (item.status, item.reason) == (FileOutcome.HELD, "there is a new column, ward")


def test_columns_of_a_first_extract_that_nobody_knows_are_named(inbox: Inbox):
    outcome = inbox.load(inbox.put([{**one, "ward": "x"} for one in children(3)], columns=[*SENT, "ward"]))
    assert outcome.files[0].unknown_columns == ("ward",)
    (note,) = outcome.notes
    assert note.startswith("records-1.csv: columns that are no field of the record were not taken: ward. Map them")


def test_rows_put_aside_are_named_by_rule_column_and_number_and_no_value_is_told(inbox: Inbox):
    rows = [*children(3), *(row(n, pseudonym_id="Short-Name-1") for n in range(4, 9)), row(9, age_band="40")]
    outcome = inbox.load(inbox.put(rows))
    (aside, shape, adult) = outcome.notes
    assert "loaded in part, rows taken: 3, rows put aside: 5." in aside
    assert shape.startswith("records-1.csv: R_ID_SHAPE at pseudonym_id, rows: 5 (rows 5, 6, 7 and more). An identifier")
    assert shape.endswith("It holds 16 to 64 characters of A-Z a-z 0-9 - _; never 10 digits.")
    assert adult.startswith("records-1.csv: X_ADULT, rows: 1. The age is beyond 25")
    assert "Short-Name" not in shape
    told = outcome.files[0].as_json()["broken"]
    assert [f"records-1.csv: {sentence}" for sentence in told] == [shape, adult]


def test_i11_a_column_that_no_longer_comes_is_held(inbox: Inbox):
    rows = [{**one, "clock_stop_date": DAY.isoformat(), "clock_stop_reason": "seen"} for one in children(3)]
    assert inbox(rows).status == FileOutcome.LOADED
    path = inbox.put(children(3), columns=[name for name in SENT if name != "clock_stop_date"])
    (item,) = inbox.load(path).files
    said = "columns that the last delivery had are missing and would be taken for empty: clock_stop_date"
    assert (item.status, item.reason) == (FileOutcome.HELD, said)
    assert all(one["clock_stop_date"] for one in inbox.known().values())
    (item,) = inbox.load(path, approval=Approval.of("admin", "they never fill it in")).files
    assert (item.status, item.counts["changed"]) == (FileOutcome.LOADED, 3)


THEIR_ENDS = {"clock_stop_date": "Ended", "clock_stop_reason": "Why Ended"}
ENDED = NamedMapping("ended", ProviderMapping(source_system="RiO", columns=THEIR_ENDS))


@pytest.mark.parametrize("asked", [{"mapping": ENDED}, {"mappings": (ENDED,)}], ids=["named", "chosen"])
def test_children_who_left_do_not_wait_again_where_the_columns_of_ends_did_not_come(inbox: Inbox, asked):
    ended = {"Ended": DAY.isoformat(), "Why Ended": "seen"}
    rows = [*({**one, **ended} for one in children(5)), *children(10)[5:]]
    plain = [name for name in SENT if name not in THEIR_ENDS]
    (first,) = inbox.load(inbox.put(rows, columns=plain), **asked).files
    (whole,) = inbox.load(inbox.put(rows, columns=[*plain, *ended]), **asked).files
    (later,) = inbox.load(inbox.put(rows, columns=plain), **asked).files
    assert [one.status for one in (first, whole, later)] == ["refused", "loaded", "refused"]
    for item in (first, later):
        said = "names: clock_stop_date (mapped from Ended), clock_stop_reason (mapped from Why Ended); send them"
        assert (item.code, said in str(item.reason)) == ("COLUMNS", True)
    assert sum(one["clock_stop_date"] is None for one in inbox.known().values()) == 5


def test_i11_a_delta_that_trebles_the_list_is_taken_back(inbox: Inbox):
    inbox(children(4, on=DAY - WEEK))
    before = inbox.rows_of(tables.delivery)
    item = inbox(children(12), mapping=DELTA)
    assert (item.status, inbox.rows_of(tables.referral), inbox.rows_of(tables.delivery)) == ("held", 4, before)
    small = inbox(children(5), mapping=DELTA)
    assert (small.counts["taken"], small.counts["unchanged"], small.counts["absent"]) == (1, 4, 0)


def test_changes_of_a_list_that_never_came_are_refused(inbox: Inbox):
    inbox(children(3, organisation_identifier_code_of_provider="NQ7"))
    item = inbox(children(4), mapping=DELTA)
    assert (item.code, inbox.rows_of(tables.referral)) == ("NO_LIST", 3)
    assert item.reason == "these are changes, and RYY has sent no whole list: load a snapshot of it first"
    inbox(children(4))
    assert inbox(children(5), mapping=DELTA).status == FileOutcome.LOADED


def test_two_systems_of_a_provider_each_send_their_own_list(inbox: Inbox):
    paediatrics = [
        row(100 + n, pseudonym_id=f"other-{n:026}", service="COMM_PAEDS", source_system="SystmOne") for n in range(25)
    ]
    inbox(paediatrics)
    item = inbox(children(15))
    assert (item.status, item.counts["absent"]) == (FileOutcome.LOADED, 0)
    assert inbox(children(14)).counts["absent"] == 1
    assert sum(one["is_absent"] for one in inbox.known().values()) == 1
    assert inbox(paediatrics[:5]).status == FileOutcome.HELD
    assert inbox(children(3), mapping=DELTA).status == FileOutcome.LOADED
    item = inbox(children(9, source_system="Lorenzo"))
    assert item.reason == "RYY has referrals of SALT in another source system already: both would be counted"


def test_knowledge_is_added_at_its_end_alone(inbox: Inbox):
    inbox(children(3))
    inbox.now = NOW - timedelta(days=1)
    item = inbox(children(4))
    assert (item.status, item.code) == (FileOutcome.REFUSED, "OUT_OF_ORDER")
    assert inbox.rows_of(tables.referral) == 3


def test_a_week_taken_on_its_sunday_may_still_change_until_the_next_extract(inbox: Inbox):
    inbox.now = datetime(2026, 11, 15, 18, tzinfo=UTC)
    inbox(children(3))
    inbox.now = NOW + WEEK
    inbox(children(3, on=DAY + WEEK))

    def early(org: str, on: date) -> list[date]:
        with reading(inbox.engine) as connection:
            found = read.stored_list(connection, service="SALT", org=org, as_of=on, source="referral_extract")
        return [one.period_end for one in found.findings if one.code == "period_not_ended"]

    assert [early(org, DAY) for org in ("RYY", "QKS")] == [[DAY], [DAY]]
    assert [early(org, DAY + timedelta(days=8)) for org in ("RYY", "QKS")] == [[], []]


def test_a_backfill_is_refused_once_anybodys_records_are_known_later(inbox: Inbox):
    inbox(children(3, organisation_identifier_code_of_provider="NQ7"))
    old = DAY - 4 * WEEK
    path = inbox.put(children(2, on=old))
    moment = Moment(lambda: inbox.now, old + timedelta(days=1))
    (item,) = load(inbox.engine, [path], moment=moment, source=None, on_progress=lambda _: None).files
    assert (item.code, item.reason) == (
        "OUT_OF_ORDER",
        "records are known from 2026-11-16 already; load it with --as-of 2026-11-16 or later",
    )
    assert inbox.load(path).files[0].status == FileOutcome.LOADED


def workbook_of(path: Path, rows) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Records")
    for number, cells in enumerate([list(rows[0]), *(list(one.values()) for one in rows)]):
        sheet.write_row(number, 0, cells)
    book.close()
    return path


def test_records_in_a_workbook_are_told_from_figures(inbox: Inbox):
    (item,) = inbox.load(workbook_of(inbox.folder / "records.xlsx", children(3))).files
    assert (item.status, item.counts["taken"]) == (FileOutcome.LOADED, 3), item.reason
    named = [{**one, "surname": "Canary"} for one in children(3)]
    outcome = inbox.load(workbook_of(inbox.folder / "named.xlsx", named))
    assert (outcome.exit_code, outcome.files[0].has_identifiers) == (11, True)
    other = inbox.load(workbook_of(inbox.folder / "other.xlsx", [{"a": 1}]))
    assert other.files[0].code == "UNKNOWN_SOURCE"


def parquet_of(path: Path, **columns: list[str]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_i14_a_file_nobody_has_a_mapping_for_is_refused_for_its_identifiers_first(inbox: Inbox):
    """Of any form; a file without them, and any other damage of a text, is refused for what it is."""
    folder, number = inbox.folder, "9434765919"
    (folder / "a.csv").write_text(f"ClientRef,NHS Number,Seen\nc1,{number},2026-11-02\n", encoding="utf-8")
    (folder / "b.csv").write_text('ClientRef,NHS Number\nc1,"open\n', encoding="utf-8")
    workbook_of(folder / "c.xlsx", [{"ClientRef": "c1", "Patient ID": number}])
    parquet_of(folder / "d.parquet", ref=["c1"], patient=[number])
    for name in ("a.csv", "b.csv", "c.xlsx", "d.parquet"):
        outcome = inbox.load(folder / name)
        (item,) = outcome.files
        assert (outcome.exit_code, item.code, item.has_identifiers) == (11, "IDENTIFIERS", True), name
        assert "column" in (item.reason or "")
        assert number not in (item.reason or "")
    with reading(inbox.engine) as connection:
        assert connection.execute(select(func.count()).select_from(tables.delivery)).scalar_one() == 0
    (folder / "e.csv").write_text("ClientRef,Seen\nc1,2026-11-02\n", encoding="utf-8")
    parquet_of(folder / "f.parquet", ref=["c1"])
    outcome = inbox.load(folder / "e.csv", folder / "f.parquet")
    assert (outcome.exit_code, [item.code for item in outcome.files]) == (10, ["UNKNOWN_SOURCE"] * 2)


def test_i14_a_list_too_large_for_figures_is_searched_as_well(inbox: Inbox):
    line = b"c1,2026-11-02,nothing else that is worth reading is written in this long row of a list of children\n"
    rows = line * (MAX_FIGURES // len(line) + 1)
    for name, heading, code in (
        ("a.csv", b"ref,seen,notes\n", "TOO_LARGE"),
        ("b.csv", b"ref,seen,dob\n", "IDENTIFIERS"),
    ):
        (inbox.folder / name).write_bytes(heading + rows)
        (item,) = inbox.load(inbox.folder / name).files
        assert item.code == code
        (inbox.folder / name).unlink()


def test_identifiers_are_said_before_a_column_that_is_missing(inbox: Inbox):
    without = [name for name in SENT if name != "age_band"]
    rows = [{**one, "source_record": "9434765919"} for one in children(3)]
    (item,) = inbox.load(inbox.put(rows, columns=[*without, "source_record"])).files
    assert (item.code, item.has_identifiers) == ("IDENTIFIERS", True)
    (item,) = inbox.load(inbox.put(children(3), columns=without)).files
    assert item.code == "COLUMNS"


def test_records_under_a_mapping_may_come_in_a_workbook(inbox: Inbox):
    path = workbook_of(inbox.folder / "records.xlsx", children(3))
    inbox.load(inbox.put(children(2), columns=[*children(1)[0]]))
    (item,) = inbox.load(path, mapping=DELTA).files
    assert (item.status, item.counts["taken"]) == (FileOutcome.LOADED, 1), item.reason


def test_what_cannot_be_taken_or_fits_two_mappings_is_refused_by_name(inbox: Inbox):
    (inbox.folder / "link.csv").symlink_to(inbox.put(children(1)))
    (item,) = inbox.load(inbox.folder / "link.csv", mapping=DELTA).files
    assert (item.status, item.code) == (FileOutcome.REFUSED, "NOT_REGULAR")
    twins = (NamedMapping("east", DELTA.mapping), NamedMapping("west", DELTA.mapping))
    (item,) = inbox.load(inbox.put(children(2)), mappings=twins).files
    assert (item.status, item.code) == (FileOutcome.REFUSED, "MAPPING")


def test_a_provider_known_by_refused_rows_alone_is_left_alone(inbox: Inbox):
    inbox(children(3, on=DAY - WEEK))
    other = row(9, organisation_identifier_code_of_provider="NQ7", service="NOPE")
    item = inbox([*children(3), other])
    assert (item.counts["unchanged"], item.counts["quarantined"], item.counts["absent"]) == (3, 1, 0)


@pytest.mark.parametrize("damage", ["broken", "empty", "long"])
def test_a_row_that_says_not_whose_it_is_takes_nobody_off_the_list(inbox: Inbox, damage: str):
    inbox(children(10, on=DAY - WEEK))
    if damage == "broken":
        lines = csv_of(children(10)).decode().splitlines()
        path = inbox.folder / "broken.csv"
        path.write_text("\n".join([*lines[:4], f"{lines[4]},extra", *lines[5:]]), encoding="utf-8")
    else:
        text = "" if damage == "empty" else "a text that is far too long for an identifier"
        rows = children(10)
        path = inbox.put([*rows[:3], {**rows[3], "service_request_identifier": text}, *rows[4:]])
    (item,) = inbox.load(path).files
    assert (item.status, item.counts["quarantined"], item.counts["absent"]) == (FileOutcome.LOADED, 1, 0)
    assert [one["is_absent"] for one in inbox.known().values()] == [False] * 10
    assert "w_unidentified" in {finding.code for finding in item.findings}
    whole = inbox(children(9, on=DAY))
    assert (whole.counts["absent"], "w_unidentified" in {one.code for one in whole.findings}) == (1, False)


def test_a_mistake_of_ours_refuses_one_file_and_not_the_others(inbox: Inbox):
    broken = NamedMapping("broken", None)  # pyright: ignore[reportArgumentType]
    outcome = inbox.load(inbox.put(children(2)), mapping=broken)
    assert [item.code for item in outcome.files] == ["FAULT"]


def test_i12_a_file_of_which_no_row_can_be_used_is_refused(inbox: Inbox):
    outcome = inbox.load(inbox.put(children(3, service="NOPE")))
    assert (outcome.exit_code, outcome.files[0].code) == (10, "ALL_ROWS_BAD")
    assert inbox.rows_of(tables.quarantine) == inbox.rows_of(tables.delivery) == 0


def test_i14_a_file_with_a_name_is_refused_and_leaves_its_checksum_alone(inbox: Inbox):
    columns = [*children(1)[0], "surname"]
    path = inbox.put([{**one, "surname": "Canary"} for one in children(3)], columns=columns)
    outcome = inbox.load(path)
    assert outcome.exit_code == 11
    with reading(inbox.engine) as connection:
        (refusal,) = read.refusals(connection, limit=5)
    assert "Canary" not in refusal.reason
    assert refusal.sha256 == outcome.files[0].sha256
    assert inbox.rows_of(tables.referral) == 0


def test_a_weekly_return_with_a_childs_name_is_refused_and_its_bytes_are_not_kept(inbox: Inbox):
    lines = as_csv(waiting()).decode().splitlines()
    path = inbox.folder / "return.csv"
    path.write_text("\n".join([lines[0] + ",child name", *(line + ",Canary" for line in lines[1:])]), encoding="utf-8")
    outcome = inbox.load(path)
    assert (outcome.exit_code, outcome.files[0].has_identifiers) == (11, True)
    assert inbox.rows_of(tables.delivery_content) == 0


def test_quarantined_rows_are_counted_written_out_once_and_read_again(inbox: Inbox, tmp_path: Path):
    bad = [row(number, service="THEIRS", source_system="=2+3") for number in (8, 9)]
    item = inbox([*children(3), *bad, row(10, referral_request_received_date="31/02/2026")])
    assert [(one.rule, one.held, one.released) for one in listed(inbox.engine)] == [
        ("R_DATE_INVALID", 1, 0), ("R_UNKNOWN_SERVICE", 2, 0),
    ]  # fmt: skip
    output = tmp_path / "to-sender.csv"
    assert export(inbox.engine, item.delivery_id or 0, output, now=NOW) == 3
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    with output.open(encoding="utf-8", newline="") as file:
        assert [(one["row"], one["source_system"]) for one in csv.DictReader(file)][:2] == [
            ("5", "'=2+3"),
            ("6", "'=2+3"),
        ]
    with pytest.raises(BadArgument, match="cannot be made"):
        export(inbox.engine, item.delivery_id or 0, output, now=NOW)
    with pytest.raises(FileRefused, match=f"^none of the rows held of delivery {item.delivery_id} can be used yet"):
        release(inbox.engine, item.delivery_id or 0, clock=lambda: NOW)
    (tmp_path / "mended.toml").write_text(
        'source_system = "RiO"\nkind = "snapshot"\n[columns]\nservice = "Team"\n[codes.service]\nTHEIRS = "SALT"\n',
        encoding="utf-8",
    )
    mended = read_mapping(tmp_path / "mended.toml")
    found = release(inbox.engine, item.delivery_id or 0, mapping=mended, clock=lambda: NOW)
    assert (found.released, found.still_held, found.merged.taken) == (2, 1, 2)
    assert len(inbox.known()) == 5
    assert [(one.rule, one.held, one.released) for one in listed(inbox.engine)] == [
        ("R_DATE_INVALID", 1, 0), ("R_UNKNOWN_SERVICE", 0, 2),
    ]  # fmt: skip
    with pytest.raises(BadArgument, match="no row of this delivery"):
        export(inbox.engine, 99, tmp_path / "other.csv", now=NOW)


def listed_now(inbox: Inbox) -> dict[date, int | None]:
    """Who waits at the provider by week, as the newest counts of the weeks have it."""
    series, vintage, figure = tables.series, tables.vintage, tables.figure
    query = (
        select(vintage.c.period_end, figure.c.value)
        .join(figure, figure.c.vintage_id == vintage.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .where(series.c.source == "referral_extract", series.c.org == "RYY")
        .where(series.c.kind == "waiting", series.c.band == "total")
        .order_by(vintage.c.known_from, vintage.c.id)
    )
    with reading(inbox.engine) as connection:
        return {row.period_end: row.value for row in connection.execute(query)}


def test_released_rows_are_counted_judged_and_recorded_as_a_delivery(inbox: Inbox):
    item = inbox([*children(3), *[row(number, service="THEIRS") for number in (8, 9)]])
    assert listed_now(inbox)[DAY] == 3
    mended = NamedMapping("rio", ProviderMapping(source_system="RiO", codes={"service": {"THEIRS": "SALT"}}))
    inbox.now = NOW + timedelta(days=1)
    found = release(inbox.engine, item.delivery_id or 0, mapping=mended, clock=lambda: inbox.now)
    assert (found.released, found.merged.taken, found.merged.affected_from is None) == (2, 2, False)
    assert listed_now(inbox)[DAY] == 5
    with reading(inbox.engine) as connection:
        first, newest = sorted(read.deliveries(connection, limit=5), key=lambda one: one.known_from)
        accepted = accepted_deliveries(connection, "RYY")
    assert (newest.known_from, first.known_from) == (inbox.now.date(), NOW.date())
    assert newest.counts["read"] == sum(newest.counts[name] for name in COUNTED) == 2
    assert [(one.kind, one.open_by_service) for one in accepted] == [("snapshot", {"SALT": 3}), ("delta", {"SALT": 5})]


def test_a_code_is_translated_once_however_often_its_row_is_read(inbox: Inbox):
    """1 and 2 change places: what was 1 is kept as 2, and must not become 1 again."""
    swapped = ProviderMapping(source_system="RiO", codes={"person_stated_gender_code": {"1": "2", "2": "1"}})
    odd = row(9, person_stated_gender_code="1", ethnic_category="ODD")
    item = inbox([*children(2), odd], mapping=NamedMapping("rio", swapped))
    mended = replace(swapped, codes={**swapped.codes, "ethnic_category": {"odd": "Z"}})
    found = release(inbox.engine, item.delivery_id or 0, mapping=NamedMapping("rio", mended), clock=lambda: NOW)
    released = inbox.known()["ref-000009"]
    assert (found.released, released["person_stated_gender_code"], released["ethnic_category"]) == (1, "2", "Z")


def test_an_erased_child_is_in_no_version_and_no_quarantine(inbox: Inbox):
    child = f"child-{1:026}"
    inbox([*children(10, on=DAY - WEEK), row(90, pseudonym_id=child, service="NOPE")])
    inbox(children(10, age_band="11-15"))
    assert inbox.rows_of(tables.referral) == 20
    found = erase(inbox.engine, [f"{child}\n", "\n", "child-who-is-not-here"], clock=lambda: NOW)
    assert (found.versions, found.quarantined) == (2, 1)
    assert (inbox.rows_of(tables.referral), inbox.rows_of(tables.quarantine)) == (18, 0)
    with reading(inbox.engine) as connection:
        (entry,) = last_entries(connection, limit=1)
        version = read.latest_version(connection)
    assert entry.look.action == "erase 2 pseudonyms: 2 versions, 1 quarantined"
    assert version is not None
    assert version.version == 3
    assert inbox(children(10, age_band="11-15")[1:]).counts["unchanged"] == 9


def test_an_erased_pseudonym_is_no_longer_in_the_file(sqlite_database, tmp_path: Path):
    inbox = Inbox(sqlite_database, tmp_path)
    inbox(children(4))
    erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
    inbox.engine.dispose()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("waitlists.db*"))
    assert (f"child-{2:026}".encode() in held, f"child-{3:026}".encode() in held) == (False, True)


def texts_in(folder: Path, text: str) -> dict[str, bool]:
    """Which files of the database hold a text."""
    return {path.suffix: text.encode() in path.read_bytes() for path in folder.glob("waitlists.db*")}


def test_an_erased_pseudonym_is_not_in_the_log_while_others_are_connected(sqlite_database, tmp_path: Path):
    inbox = Inbox(sqlite_database, tmp_path)
    inbox(children(4))
    assert texts_in(tmp_path, f"child-{2:026}")[".db-wal"]
    with reading(inbox.engine) as connection:
        assert read.latest_version(connection)
    erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
    assert not any(texts_in(tmp_path, f"child-{2:026}").values())


def test_a_log_that_somebody_reads_is_said_to_hold_what_was_erased(sqlite_database, tmp_path: Path):
    inbox = Inbox(make_engine(str(sqlite_database.url), busy_timeout=0.1), tmp_path)
    inbox(children(4))
    with reading(inbox.engine) as connection:
        assert read.latest_version(connection)
        with pytest.raises(FinishedInPart, match=r"Erased 1 version of .* erase again") as told:
            erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
    assert told.value.exit_code == 14
    assert erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW).versions == 0
    assert not any(texts_in(tmp_path, f"child-{2:026}").values())
    inbox.engine.dispose()


def test_what_a_killed_week_left_is_erased_too(sqlite_database, tmp_path: Path):
    inbox = Inbox(sqlite_database, tmp_path)
    inbox(children(4))
    (left := tmp_path / "waitlists.db.copy-killed").mkdir()
    (left / "copy.db").write_text(f"child-{2:026}")
    erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
    assert not left.exists()


def test_a_copy_that_may_still_hold_what_was_erased_is_named_with_whose_it_is(sqlite_database, tmp_path, monkeypatch):
    inbox = Inbox(sqlite_database, tmp_path)
    inbox(children(4))
    (left := tmp_path / "waitlists.db.copy-theirs").mkdir()
    monkeypatch.setattr("waitlists.store.rehearsal.shutil.rmtree", lambda *_, **__: None)
    told = rf"Erased 1 version of .* the folder {left} belongs to {left.owner()}, who has to delete it"
    with pytest.raises(FinishedInPart, match=told):
        erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
    monkeypatch.setattr("jobs.records.erase.Path.owner", lambda _: {}["nobody has this number"])
    with pytest.raises(FinishedInPart, match="belongs to another user"):
        erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
    assert b"child-" + b"0" * 25 + b"2" not in Path(sqlite_database.url.database).read_bytes()


def test_an_erasure_waits_for_the_copy_of_a_week_that_may_still_hold_the_child(inbox: Inbox, tmp_path: Path):
    inbox(children(4))
    waits, ended = threading.Event(), threading.Event()

    def erased():
        erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW, on_wait=waits.set)
        ended.set()

    with rehearsal(inbox.engine) as copy:
        work = threading.Thread(target=erased)
        work.start()
        assert waits.wait(60)
        with reading(copy) as connection:
            assert connection.execute(select(func.count()).select_from(tables.referral)).scalar_one() == 4
        assert inbox.rows_of(tables.referral) == 3, "it is erased, and waits for the copy alone"
        assert not ended.is_set()
    work.join(60)
    assert ended.is_set()
    assert not list(tmp_path.glob("*.copy-*"))


def test_an_erasure_waits_for_nobody_where_no_copy_is_at_work(inbox: Inbox, tmp_path: Path):
    inbox(children(4))
    (tmp_path / "waitlists.db.copy-killed").mkdir()
    erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW, on_wait=lambda: pytest.fail("it waits"))
    expire(inbox.engine, weeks=104, clock=lambda: NOW, on_wait=lambda: pytest.fail("it waits"))


def test_who_was_erased_while_a_file_was_read_does_not_come_back_with_it(inbox: Inbox, monkeypatch):
    inbox(children(4, on=DAY - WEEK))
    erase(inbox.engine, [f"child-{1:026}"], clock=lambda: NOW)

    def meanwhile(*given, **options):
        found = read_files(*given, **options)
        erase(inbox.engine, [f"child-{2:026}"], clock=lambda: NOW)
        return found

    monkeypatch.setattr("jobs.load.read_files", meanwhile)
    assert inbox([*children(4), row(90, pseudonym_id=f"child-{2:026}", service="NOPE")]).status == FileOutcome.LOADED
    held = {str(one["pseudonym_id"]) for one in inbox.known().values()}
    assert held == {f"child-{number:026}" for number in (3, 4)}
    assert inbox.rows_of(tables.quarantine) == 0


def test_an_erased_child_who_is_sent_again_is_not_stored_and_that_is_counted(inbox: Inbox):
    """The next whole list brought the child back without a word."""
    inbox(children(4, on=DAY - WEEK))
    erase(inbox.engine, [f"child-{1:026}"], clock=lambda: NOW)
    again = inbox([*children(4), row(90, pseudonym_id=f"child-{1:026}", service="NOPE")])
    assert again.reason == "Nothing in it is new. Not stored again, since they were erased: children 1, rows 2."
    assert again.counts["read"] == sum(again.counts[name] for name in COUNTED) == 5
    assert (again.counts["excluded"], again.counts["quarantined"]) == (2, 0)
    assert {str(one["pseudonym_id"]) for one in inbox.known().values()} == {f"child-{n:026}" for n in (2, 3, 4)}
    assert inbox.rows_of(tables.quarantine) == 0
    (said,) = [one for one in again.findings if one.code == "erased_again"]
    assert "child-0" not in said.sentence


@pytest.mark.parametrize(("before", "mapping"), [(20, OWN_WORDS), (40, DELTA)])
def test_a_list_that_still_has_those_who_were_erased_is_no_list_of_strangers(inbox: Inbox, before, mapping):
    """Every whole list was held as if its identifiers had changed, and the next one again after an approval."""
    inbox(children(before, on=DAY - WEEK))
    erase(inbox.engine, [f"child-{number:026}" for number in range(1, 5)], clock=lambda: NOW)
    item = inbox(children(20), mapping=mapping)
    assert item.status == FileOutcome.LOADED, item.reason
    assert item.counts["excluded"] == 4


def test_who_was_erased_while_held_rows_were_read_is_not_stored_by_their_release(inbox: Inbox, monkeypatch):
    gone, stays = f"child-{8:026}", f"child-{9:026}"
    item = inbox([*children(3), *[row(n, pseudonym_id=f"child-{n:026}", service="THEIRS") for n in (8, 9)]])
    mended = NamedMapping("rio", ProviderMapping(source_system="RiO", codes={"service": {"THEIRS": "SALT"}}))

    def meanwhile(*given, **options):
        found = read_extract(*given, **options)
        assert erase(inbox.engine, [gone], clock=lambda: NOW).quarantined == 1
        return found

    monkeypatch.setattr("jobs.records.quarantine.read_extract", meanwhile)
    found = release(inbox.engine, item.delivery_id or 0, mapping=mended, clock=lambda: NOW)
    assert (found.released, found.still_held, found.erased, found.merged.taken) == (1, 0, 1, 1)
    held = {str(one["pseudonym_id"]) for one in inbox.known().values()}
    assert (gone in held, stays in held) == (False, True)
    with reading(inbox.engine) as connection:
        newest = max(read.deliveries(connection, limit=5), key=lambda one: one.id)
    assert newest.counts["read"] == sum(newest.counts[name] for name in COUNTED) == 2
    assert newest.counts["excluded"] == 1


def test_a_copy_of_a_week_knows_who_was_erased(inbox: Inbox, tmp_path: Path):
    """What a week is worked out from has to be what is stored in the end."""
    inbox(children(4, on=DAY - WEEK))
    erase(inbox.engine, [f"child-{1:026}"], clock=lambda: NOW)
    with rehearsal(inbox.engine) as copy:
        assert Inbox(copy, tmp_path)(children(4)).counts["excluded"] == 1


def test_rows_quarantined_for_their_pseudonym_are_erased_by_it(inbox: Inbox):
    odd = ["short1", "q83vASNFZ4mrze8BI0Vniavcl7z+/w==", "x1" * 50]
    inbox([*children(3), *[row(number, pseudonym_id=one) for number, one in enumerate(odd, start=8)]])
    assert {one.rule: one.held for one in listed(inbox.engine)} == {"R_ID_SHAPE": 3}
    assert erase(inbox.engine, odd, clock=lambda: NOW).quarantined == 3
    assert inbox.rows_of(tables.quarantine) == 0


def test_what_is_no_pseudonym_is_not_repeated(inbox: Inbox):
    for line in ("943 476 5919" * 20, "943\x00476"):
        with pytest.raises(BadArgument, match="line 2 is no pseudonym") as refused:
            erase(inbox.engine, ["child-0000000000001", line], clock=lambda: NOW)
        assert "943" not in str(refused.value)
    with pytest.raises(BadArgument, match="no pseudonym in it"):
        erase(inbox.engine, ["", " "], clock=lambda: NOW)


def test_what_ended_before_the_retention_is_erased_and_what_waits_is_not(inbox: Inbox):
    old = {"referral_request_received_date": "2020-01-01"}
    stopped = {"clock_stop_date": "2021-01-01", "clock_stop_reason": "seen"}
    inbox(
        [
            row(1, **old),
            row(2, **old, **stopped),
            row(3, **old, **stopped, service_discharge_date="2021-06-01"),
            row(4, **old, **stopped, service_discharge_date="2026-06-01"),
            row(5, **old, clock_stop_date="2021-01-01", clock_stop_reason="declined"),
            row(6, **old, referral_rejection_date="2020-02-01", referral_rejection_reason="01"),
        ]
    )
    with pytest.raises(BadArgument):
        expire(inbox.engine, weeks=None, clock=lambda: NOW)
    assert expire(inbox.engine, weeks=104, clock=lambda: NOW).versions == 3
    assert sorted(inbox.known()) == ["ref-000001", "ref-000002", "ref-000004"]


RAT = {"service": "CAMHS", "organisation_identifier_code_of_provider": "RAT"}
RXY = {"service": "CAMHS", "organisation_identifier_code_of_provider": "RXY"}
TRANSFERRED = {"clock_stop_date": "2026-11-10", "clock_stop_reason": "transferred", "successor_provider": "RXY"}
KEPT = {"original_referral_request_received_date": "2025-05-04"}
MOVES = {"open_at_predecessor", "listed_twice", "original_date_missing"}


@pytest.mark.parametrize(
    ("at_first", "at_other", "found"),
    [
        (TRANSFERRED, KEPT, set()),
        (TRANSFERRED, {}, {"original_date_missing"}),
        ({}, KEPT, {"open_at_predecessor", "listed_twice"}),
    ],
)
def test_a_list_that_moved_keeps_its_waits_and_counts_nobody_twice(inbox: Inbox, at_first, at_other, found):
    assert not {one.code for one in inbox(children(3, **RAT, **at_first)).findings} & MOVES
    item = inbox(children(3, **RXY, **at_other))
    assert item.status == FileOutcome.LOADED, item.reason
    said = [one for one in item.findings if one.code in MOVES]
    assert {one.code for one in said} == found
    assert {(one.service, one.org) for one in said} <= {("CAMHS", "RXY")}
    assert not any(letter in "23" for one in said for letter in one.sentence.replace("2026", ""))


def test_an_extract_of_a_few_rows_that_takes_the_place_of_a_return_is_told_on_the_list(inbox: Inbox):
    (inbox.folder / "return.csv").write_bytes(as_csv(waiting(week=DAY, counts=[20, 20, 20, 20, 20, 20, 20, 9])))
    assert inbox.load(inbox.folder / "return.csv").exit_code == 0
    inbox.now += timedelta(days=1)
    inbox(children(10))
    with reading(inbox.engine) as connection:
        found = read.stored_list(connection, service="SALT", org="RYY", as_of=inbox.now.date())
    assert found is not None
    assert (found.source, found.bands.total) == ("referral_extract", 10)
    (told,) = [one for one in found.findings if one.code == "sources_differ"]
    assert told.sentence.startswith("10 wait by referral records, counted by us each Sunday, and 149 by")


BAD_DAY = "31/02/2026"


def test_a_first_list_of_which_nearly_nothing_can_be_taken_is_held_until_the_mapping_is_mended(inbox: Inbox):
    rows = [*children(5), *(row(number, service="THEIRS") for number in range(10, 35))]
    path = inbox.put(rows)
    outcome = inbox.load(path)
    (item,) = outcome.files
    assert (item.status, outcome.exit_code) == (FileOutcome.HELD, 15)
    assert str(item.reason).startswith(
        "this is the first list of RYY, and of its 30 rows 5 can be taken: R_UNKNOWN_SERVICE at service, rows: 25 (rows"
    )
    assert inbox.rows_of(tables.referral) == 0
    mended = NamedMapping("rio", ProviderMapping(source_system="RiO", codes={"service": {"THEIRS": "SALT"}}))
    (item,) = inbox.load(path, mapping=mended).files
    assert (item.status, item.counts["taken"]) == (FileOutcome.LOADED, 30)
    with reading(inbox.engine) as connection:
        assert state(connection, now=inbox.now).held == ()


def test_an_extract_of_which_a_fifth_is_put_aside_is_loaded_in_part_and_says_so(inbox: Inbox):
    rows = [*children(60), *(row(number, first_care_contact_date=BAD_DAY) for number in range(100, 120))]
    outcome = inbox.load(inbox.put(rows))
    (item,) = outcome.files
    assert (item.status, outcome.exit_code, item.put_aside) == (FileOutcome.LOADED, 14, 20)
    aside, broken = outcome.notes
    assert (
        "loaded in part, rows taken: 60, rows put aside: 20. `waitlists quarantine list` counts them by rule" in aside
    )
    assert "R_DATE_INVALID at first_care_contact_date, rows: 20 (rows 62, 63, 64 and more)" in broken
    later = inbox.load(inbox.put([*children(60), row(200, service="NOPE")]))
    assert (later.exit_code, later.files[0].put_aside) == (0, 0)


def with_contacts(count: int, seen: int) -> list[dict[str, str]]:
    """Children of whom some were seen, each living somewhere."""
    rows = [{**one, "district_code": "E07000112"} for one in children(count)]
    return [{**one, "first_care_contact_date": "2026-06-01"} for one in rows[:seen]] + rows[seen:]


def test_i11_a_column_that_is_empty_all_at_once_is_held_where_a_clock_depends_on_it(inbox: Inbox):
    inbox(with_contacts(40, 20))
    path = inbox.put(with_contacts(40, 0))
    outcome = inbox.load(path)
    assert (outcome.files[0].status, outcome.exit_code) == (FileOutcome.HELD, 15)
    assert "first_care_contact_date (filled in 20 rows before, in 0 now)" in str(outcome.files[0].reason)
    (approved,) = inbox.load(path, approval=Approval.of("admin", "they were entered by mistake")).files
    again = inbox([*with_contacts(41, 0)])
    assert [approved.status, again.status] == [FileOutcome.LOADED] * 2


def test_changes_are_beside_changes_alone_in_what_their_columns_fill(inbox: Inbox):
    inbox([*with_contacts(80, 40)])
    inbox.now += WEEK
    new = children(120, on=DAY + WEEK, referral_request_received_date=(DAY + WEEK).isoformat())[80:]
    first = inbox(new, mapping=DELTA)
    assert (first.status, first.reason) == (FileOutcome.LOADED, None)


def test_a_column_that_another_provider_of_the_last_file_filled_is_not_emptied(inbox: Inbox):
    theirs = [{**one, "organisation_identifier_code_of_provider": "RXY"} for one in with_contacts(40, 40)]
    inbox([*with_contacts(40, 0), *theirs])
    alone = inbox(with_contacts(40, 0))
    assert (alone.status, alone.reason) == (FileOutcome.LOADED, "Nothing in it is new.")
    assert inbox([{**one, "first_care_contact_date": ""} for one in theirs]).status == FileOutcome.HELD


def test_a_column_of_places_that_is_empty_all_at_once_is_told(inbox: Inbox):
    inbox(with_contacts(40, 20))
    item = inbox([{**one, "district_code": ""} for one in with_contacts(40, 20)])
    (told,) = [one for one in item.findings if one.code == "columns_emptied"]
    assert (item.status, told.org) == (FileOutcome.LOADED, "RYY")
    assert "that the last delivery filled are empty now: district_code. Cuts by them lack" in told.sentence


def test_a_first_list_whose_mapped_column_of_ends_is_empty_is_held(inbox: Inbox):
    plain = [name for name in SENT if name not in THEIR_ENDS]
    path = inbox.put(children(20), columns=[*plain, *THEIR_ENDS.values()])
    (item,) = inbox.load(path, mapping=ENDED).files
    assert item.status == FileOutcome.HELD
    assert "empty in every row: clock_stop_date (mapped from Ended): have them exported" in str(item.reason)


def renamed(rows: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    """The first of some rows under identifiers without their leading zeros, as a spreadsheet leaves them."""
    return [
        {**one, "service_request_identifier": f"{place}"} if place < count else one for place, one in enumerate(rows)
    ]


@pytest.mark.parametrize("kind", ["snapshot", "delta"])
def test_a_list_whose_identifiers_changed_is_held_for_its_past_would_count_twice(inbox: Inbox, kind):
    inbox(children(40, on=DAY - WEEK))
    asked = {"mapping": DELTA} if kind == "delta" else {}
    assert inbox(renamed(children(40), 7), **asked).status == FileOutcome.LOADED
    path = inbox.put(renamed(children(40), 40), columns=[*SENT, "more"])
    (item,) = inbox.load(path, **asked).files
    assert item.status == FileOutcome.HELD
    assert "of 40 open referrals of RYY received before its last delivery 33 were not in it" in str(item.reason)


def test_children_of_a_service_that_was_not_sent_before_are_no_strangers(inbox: Inbox):
    inbox(children(40, on=DAY - WEEK))
    more = [{**one, "service_request_identifier": f"a{one['service_request_identifier']}"} for one in children(30)]
    item = inbox([*children(40), *({**one, "service": "ASD"} for one in more)])
    assert item.status == FileOutcome.LOADED, item.reason


def test_a_list_in_which_nothing_happened_for_a_week_is_told(inbox: Inbox):
    inbox(children(50, on=DAY - WEEK))
    item = inbox(children(50))
    (told,) = [one for one in item.findings if one.code == "list_unchanged"]
    assert told.sentence.startswith(
        "Nothing changed in the list of RYY since 8 November 2026: see that it is no earlier"
    )
    again = inbox([*children(50), row(99)])
    assert "list_unchanged" not in {one.code for one in again.findings}


def test_a_whole_list_that_is_declared_to_be_changes_is_told(inbox: Inbox):
    inbox(children(40, on=DAY - WEEK))
    item = inbox(children(20), mapping=DELTA)
    (told,) = [one for one in item.findings if one.code == "changes_repeat_list"]
    assert 'declare kind = "snapshot" in the mapping; until then nobody' in told.sentence
    few = inbox(children(20)[1:], mapping=DELTA)
    assert "changes_repeat_list" not in {one.code for one in few.findings}


def test_a_list_whose_waits_begin_later_than_they_did_is_held(inbox: Inbox):
    inbox(children(40, on=DAY - WEEK))
    moved = [{**one, "referral_request_received_date": "2026-11-09"} for one in children(40)]
    kept = [{**one, "original_referral_request_received_date": "2026-05-04"} for one in moved]
    item = inbox(moved)
    assert item.status == FileOutcome.HELD
    assert "of 40 open referrals of RYY that were known 40 begin later than they did" in str(item.reason)
    assert inbox(kept).status == FileOutcome.LOADED


def test_a_list_whose_pseudonyms_all_changed_is_held(inbox: Inbox):
    inbox(children(40, on=DAY - WEEK))
    item = inbox([{**one, "pseudonym_id": f"new-{one['pseudonym_id']}"[:60]} for one in children(40)])
    assert item.status == FileOutcome.HELD
    assert "that were known 40 come under another pseudonym" in str(item.reason)


SEEN = {"first_care_contact_date": "2026-06-01"}
LEFT = {"clock_stop_date": "2026-10-12", "clock_stop_reason": "seen"}


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (SEEN, {}, "10 no longer say what was done"),
        (LEFT, {}, "10 had ended before"),
        ({}, {"waiting_for": "review"}, "10 wait for review now"),
    ],
)
def test_referrals_that_lost_what_had_happened_are_held(inbox: Inbox, then, now, said):
    rows, later = children(50, on=DAY - WEEK), children(50)
    inbox([*({**one, **then} for one in rows[:10]), *rows[10:]])
    item = inbox([*({**one, **now} for one in later[:10]), *later[10:]])
    assert (item.status, f"of 50 open referrals of RYY that were known {said}" in str(item.reason)) == ("held", True)
    few = inbox([*({**one, **then} for one in later[:2]), *({**one, **now} for one in later[2:10]), *later[10:]])
    assert few.status == "loaded"

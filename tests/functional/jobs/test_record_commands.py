"""The commands of referral records as a person types them: what they print and how they end."""

import io
from datetime import date, timedelta

from tests import returns
from tests.extracts import csv_of, row
from tests.functional.jobs.test_records import children

WEEKS_AGO = date(2026, 11, 1)
MAPPING = """source_system = "RiO"
kind = "snapshot"
[columns]
pseudonym_id = "Client"
[codes.service]
THEIRS = "SALT"
"""


def put(waitlists, name: str, rows, **asked) -> str:
    (waitlists.folder / name).write_bytes(csv_of(rows, **asked))
    return name


def test_a_held_delivery_is_loud_and_is_approved_with_a_reason(waitlists):
    first = put(waitlists, "first.csv", children(10, on=WEEKS_AGO))
    assert waitlists("load", first).code == 0
    second = put(waitlists, "second.csv", children(2, on=WEEKS_AGO + timedelta(days=7)))
    held = waitlists("load", second)
    assert held.code == 15
    assert "HELD, nothing of it is loaded: second.csv: RYY would have 2 open referrals, 80% fewer" in held.out
    assert "1 held for approval. Nothing new was published." in held.out
    assert waitlists("load", second, "--json").json["held"] == 1
    assert "second.csv of 8 November 2026 is held for approval" in waitlists("status").out
    refused = waitlists("load", second, "--approve")
    assert (refused.code, "--reason" in refused.err) == (2, True)
    approved = waitlists("load", second, "--approve", "--reason", "a clinic closed", "--by", "data manager")
    assert approved.code == 0
    assert "2 read, 2 unchanged, 8 absent" in approved.out
    assert "load --approve" in waitlists("audit", "show").out


def test_an_extract_in_its_own_words_is_read_under_the_mapping_that_fits(waitlists):
    theirs = [{"Client" if name == "pseudonym_id" else name: text for name, text in one.items()} for one in children(2)]
    name = put(waitlists, "extract.csv", [{**one, "service": "THEIRS"} for one in theirs], columns=list(theirs[0]))
    assert waitlists("load", name).code == 10
    (waitlists.folder / "maps").mkdir()
    (waitlists.folder / "maps/rio.toml").write_text(MAPPING, encoding="utf-8")
    assert waitlists("load", name, "--mapping", "maps/none.toml").code == 2
    assert "2 read, 2 taken" in waitlists("load", name, MAPPINGS="maps").out
    again = waitlists("load", name, "--mapping", "maps/rio.toml")
    assert "1 already there" in again.out


def test_quarantined_rows_are_listed_written_out_and_released(waitlists):
    rows = [*children(2), row(8, service="THEIRS")]
    assert waitlists("load", put(waitlists, "records.csv", rows)).code == 0
    assert "R_UNKNOWN_SERVICE at service: 1 held, 0 released" in waitlists("quarantine", "list").out
    assert waitlists("quarantine", "export", 1, "--output", "out.csv").code == 0
    assert "THEIRS" in (waitlists.folder / "out.csv").read_text(encoding="utf-8")
    (waitlists.folder / "rio.toml").write_text(MAPPING, encoding="utf-8")
    assert waitlists("quarantine", "release", 1).code == 10
    assert waitlists("quarantine", "release", 1, "--mapping", "rio.toml", "--json").json["released"] == 1
    (item,) = waitlists("quarantine", "list", "--json").json["items"]
    assert (item["rule"], item["held"], item["released"]) == ("R_UNKNOWN_SERVICE", 0, 1)
    nothing = waitlists("quarantine", "release", 1)
    assert (nothing.code, "no row of this delivery is held" in nothing.err) == (2, True)


def test_a_return_loaded_in_part_says_so_and_its_rows_are_listed(waitlists):
    rows = [*returns.waiting(counts=["ten", *([1] * 7)]), *returns.flows(referrals=9)]
    (waitlists.folder / "return.csv").write_bytes(returns.as_csv(rows))
    loaded = waitlists("load", "return.csv")
    assert loaded.code == 14
    assert "loaded in part " in loaded.out
    assert "return.csv: loaded in part, rows taken: 1, rows put aside: 8." in loaded.out
    assert "1 loaded (1 in part), 0 already there, 0 refused." in loaded.out
    head, first = waitlists("quarantine", "list").out.splitlines()[:2]
    assert head == "Delivery 1 (return.csv), a weekly return: 8 put aside; correct:"
    assert first.startswith("  Row 2, count: expected a whole number from 0 to 500,000 in digits; write 0 where there")
    (item,) = waitlists("quarantine", "list", "--json").json["returns"]
    assert (item["delivery_id"], item["rows"]) == (1, 8)


def test_nothing_in_quarantine_is_said(waitlists):
    assert waitlists("migrate").code == 0
    assert waitlists("quarantine", "list").out == "No row is quarantined.\n"


def test_pseudonyms_are_erased_from_a_file_or_standard_input(waitlists, monkeypatch):
    rows = children(3)
    waitlists("load", put(waitlists, "records.csv", rows))
    (waitlists.folder / "who.txt").write_text(rows[0]["pseudonym_id"], encoding="utf-8")
    assert waitlists("erase", "--pseudonym-file", "who.txt").out == (
        "Erased 1 version of referrals and 0 quarantined rows.\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(rows[1]["pseudonym_id"] + "\n"))
    gone = {"versions": 1, "quarantined": 0, "unknown": 0}
    assert waitlists("erase", "--pseudonym-file", "-", "--json").json == gone
    again = waitlists("erase", "--pseudonym-file", "who.txt").out
    assert "Erased 0 versions of referrals and 0 quarantined rows. Of 1 pseudonym nothing was held" in again
    missing = waitlists("erase", "--pseudonym-file", "missing.txt")
    assert (missing.code, "cannot be read (No such file or directory): name a file" in missing.err) == (2, True)
    (waitlists.folder / "who.txt").write_bytes(b"\xff\xfe\x00")
    assert "is no UTF-8 text" in waitlists("erase", "--pseudonym-file", "who.txt").err
    assert waitlists("erase").code == 2
    assert waitlists("erase", "--expired").code == 2
    assert waitlists("erase", "--expired", RETENTION_WEEKS="52").code == 0

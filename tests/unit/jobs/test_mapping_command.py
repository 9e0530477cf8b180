"""`waitlists mapping check`: what it prints and how it ends."""

import json
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from jobs.cli import app
from jobs.records.mapping_check import check
from tests.extracts import DELIVERED, csv_of, row
from waitlists.errors import FileRefused, IdentifiersFound
from waitlists.record.schema import SENT

GOOD = 'source_system = "RiO"\nkind = "snapshot"\n'


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "provider.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.csv"
    rows = [
        row(1),
        row(2, service="X"),
        row(3, age_band="40"),
        row(1),
        row(4, age_band="11-15", waiting_for="treatment"),
    ]
    path.write_bytes(csv_of(rows, columns=(*SENT, "Ward")))
    return path


def run(*words: object):
    return CliRunner().invoke(app, ["mapping", "check", *map(str, words)])


def test_a_good_mapping_is_said_to_be_one(mapping):
    found = run(mapping)
    assert (found.exit_code, found.stdout) == (0, "provider.toml can be used.\n")


def test_a_bad_mapping_is_bad_usage_and_every_fault_is_named(mapping):
    mapping.write_text('kind = "all"', encoding="utf-8")
    found = run(mapping)
    assert found.exit_code == 2
    assert found.stdout.splitlines()[0] == "provider.toml cannot be used:"
    assert [line.split(":")[0].strip() for line in found.stdout.splitlines()[1:]] == ["source_system", "kind"]


def test_a_sample_is_counted_by_what_would_become_of_its_rows(mapping, sample):
    lines = run(mapping, sample).stdout.splitlines()
    assert lines[1] == (
        "The sample holds 5 rows of RYY as of 2026-11-15: 2 can be taken, 1 would be quarantined, 1 left out,"
        " 1 stand there twice."
    )
    assert [line.split(",")[0] for line in lines[2:4]] == ["  R_UNKNOWN_SERVICE at service", "  X_ADULT"]
    assert "rows: 1 (row 3)" in lines[2]
    assert lines[4].startswith("  W_AGE_AT_PROVIDER")
    assert lines[5] == "  Columns that are neither mapped nor ignored: Ward"


def test_a_sample_without_unknown_columns_says_nothing_of_them(mapping, sample):
    sample.write_bytes(csv_of([row(1)]))
    assert len(run(mapping, sample).stdout.splitlines()) == 2


def test_the_answer_as_json_holds_the_same(mapping, sample):
    found = json.loads(run(mapping, sample, "--json").stdout)
    assert (found["problems"], found["sample"]["by_rule"]) == ([], {"R_UNKNOWN_SERVICE": 1, "X_ADULT": 1})
    assert found["sample"]["unknown_columns"] == ["Ward"]
    assert json.loads(run(mapping, "--json").stdout)["sample"] is None


def test_a_sample_that_does_not_fit_is_a_fault_of_the_mapping(mapping, sample):
    mapping.write_text(GOOD + '[columns]\nservice = "Line"', encoding="utf-8")
    found = run(mapping, sample)
    assert found.exit_code == 2
    assert "service (mapped from Line)" in found.stdout


def test_a_sample_with_identifiers_is_refused(mapping, sample):
    sample.write_bytes(csv_of([row(1)], columns=(*SENT, "NHS No")))
    with pytest.raises(IdentifiersFound, match="NHS No"):
        check(mapping, sample, on=DELIVERED)


def test_a_sample_may_be_a_workbook(mapping, tmp_path):
    path = tmp_path / "sample.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, SENT)
        sheet.write_row(1, 0, [row(1).get(name) for name in SENT])
    checked = check(mapping, path, on=DELIVERED)
    assert checked.sample is not None
    assert (checked.sample.form, checked.sample.accepted) == ("xlsx", 1)


def test_a_mapping_that_is_no_text_is_refused(mapping):
    mapping.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileRefused, match="not UTF-8"):
        check(mapping, None, on=DELIVERED)


def test_a_wrong_delimiter_is_a_fault_of_the_mapping_and_no_column_is_blamed(mapping, sample):
    mapping.write_text(f'{GOOD}delimiter = ";"\n', encoding="utf-8")
    found = run(mapping, sample)
    assert found.exit_code == 2
    (line,) = found.stdout.splitlines()[1:]
    assert line.startswith("  delimiter: the mapping declares a semicolon between cells, but the header has a comma")
    sample.write_bytes(b"a" * 70_000)
    with pytest.raises(FileRefused) as refused:
        check(mapping, sample, on=DELIVERED)
    assert refused.value.code == "ENCODING"

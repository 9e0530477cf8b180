"""Files of referral records are told by their header, and read under the mapping that fits it."""

import os
from pathlib import Path

import pytest

from jobs.records.mappings import OWN_WORDS, fitting, read_mapping, read_mappings
from waitlists.errors import BadArgument, FileRefused
from waitlists.record.schema import SENT

HEADER = "Pseudonym_ID,Service_Request_Identifier,organisation_identifier_code_of_provider,service,age_band\n"
THEIRS = "Client Ref,Referral No,Received,service,age_band\n"


def mapping(folder: Path, name: str, *columns: str) -> None:
    lines = (f'{ours} = "{theirs}"' for ours, theirs in (column.split("=") for column in columns))
    (folder / f"{name}.toml").write_text(
        'source_system = "RiO"\nkind = "snapshot"\n[constants]\norganisation_identifier_code_of_provider = "RYY"\n'
        "[columns]\n" + "\n".join(lines),
        encoding="utf-8",
    )


RIO = ("pseudonym_id=Client Ref", "service_request_identifier=Referral No")


@pytest.mark.parametrize(
    ("content", "is_records"),
    [
        (HEADER.encode(), True),
        (HEADER.encode("utf-8-sig").replace(b",", b"\t"), True),
        (HEADER.encode("utf-16"), True),
        (b"title\n" + HEADER.encode(), False),
        (b"service_request_identifier,count\n", False),
        (b"PAR1 and more", False),
        (b"PK\x03\x04", False),
        (b"", False),
    ],
)
def test_records_in_our_words_are_told_by_the_first_line(tmp_path: Path, content: bytes, is_records: bool):
    (tmp_path / "file").write_bytes(content)
    assert fitting(tmp_path / "file", (OWN_WORDS,)) == (OWN_WORDS if is_records else None)


def test_what_is_no_file_holds_no_records(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    assert [fitting(tmp_path / name, (OWN_WORDS,)) for name in ("pipe", "link", "missing")] == [None] * 3


def test_the_mapping_under_which_most_columns_are_ours_is_taken(tmp_path: Path):
    mapping(tmp_path, "few", *RIO)
    mapping(tmp_path, "most", *RIO, "referral_request_received_date=Received")
    (tmp_path / "july.csv").write_text(THEIRS, encoding="utf-8")
    found = fitting(tmp_path / "july.csv", read_mappings(tmp_path))
    assert found is not None
    assert found.name == "most"
    assert fitting(tmp_path / "july.csv", (OWN_WORDS,)) is None


def test_of_mappings_that_fit_alike_the_one_that_begins_the_files_name_is_taken(tmp_path: Path):
    mapping(tmp_path, "east", *RIO)
    mapping(tmp_path, "west", *RIO)
    mappings = read_mappings(tmp_path)
    (tmp_path / "West_2026.csv").write_text(THEIRS, encoding="utf-8")
    assert getattr(fitting(tmp_path / "West_2026.csv", mappings), "name", None) == "west"
    mapping(tmp_path, "west_2026", *RIO)
    assert getattr(fitting(tmp_path / "West_2026.csv", read_mappings(tmp_path)), "name", None) == "west_2026"
    (tmp_path / "north.csv").write_text(THEIRS, encoding="utf-8")
    with pytest.raises(FileRefused, match="east, west") as refused:
        fitting(tmp_path / "north.csv", mappings)
    assert refused.value.code == "MAPPING"


def test_a_file_fits_a_mapping_whose_delimiter_alone_is_wrong_unless_another_fits_whole(tmp_path: Path):
    mapping(tmp_path, "wrong", *RIO)
    path = tmp_path / "wrong.toml"
    path.write_text('delimiter = ";"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "wrong.csv").write_text(THEIRS, encoding="utf-8")
    (tmp_path / "other.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    found = fitting(tmp_path / "wrong.csv", read_mappings(tmp_path))
    assert found is not None
    assert (found.name, fitting(tmp_path / "other.csv", read_mappings(tmp_path))) == ("wrong", None)


def test_a_file_parted_by_a_mark_that_nobody_declared_still_fits_its_mapping(tmp_path: Path):
    mapping(tmp_path, "rio", *RIO)
    whole = [
        {"pseudonym_id": "Client Ref", "service_request_identifier": "Referral No"}.get(name, name) for name in SENT
    ]
    (tmp_path / "week.csv").write_text("^".join(whole) + "\n", encoding="utf-8")
    assert getattr(fitting(tmp_path / "week.csv", read_mappings(tmp_path)), "name", None) == "rio"
    path = tmp_path / "rio.toml"
    mapping(tmp_path, "caret", *RIO)
    declared = tmp_path / "caret.toml"
    declared.write_text('delimiter = "^"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert getattr(fitting(tmp_path / "week.csv", read_mappings(tmp_path)), "name", None) == "caret"


def test_a_mapping_that_cannot_be_used_says_why(tmp_path: Path):
    (tmp_path / "bad.toml").write_text('kind = "weekly"\n', encoding="utf-8")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe\xfd")
    for name, words in (("bad", "source_system"), ("odd", "UTF-8"), ("none", "no mapping")):
        with pytest.raises(BadArgument, match=words):
            read_mapping(tmp_path / f"{name}.toml")
    with pytest.raises(BadArgument, match="no such folder"):
        read_mappings(tmp_path / "nowhere")
    assert read_mappings(None) == (OWN_WORDS,)

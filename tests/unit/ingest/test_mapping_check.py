"""A mapping is checked whole: every fault is named with its place and what to do; a good one turns a file into ours."""

import re
from pathlib import Path

import pytest

from tests.extracts import SNAPSHOT, accepted, csv_of, read, row
from waitlists.ingest.mapping import CANONICAL, ProviderMapping
from waitlists.ingest.mapping_check import KEYS, check_mapping
from waitlists.ingest.referral_rule_facts import REMARKS, RULES
from waitlists.record.schema import SENT

EXAMPLES = sorted((Path(__file__).parents[3] / "docs/mappings").glob("*.toml"))
HEAD = 'source_system = "RiO"\nkind = "snapshot"\n'


def problems(text, **more):
    found = check_mapping(text, **more)
    return [] if isinstance(found, ProviderMapping) else [(problem.where, problem.sentence) for problem in found]


def test_the_least_mapping_is_the_canonical_one_with_its_system():
    assert check_mapping(HEAD) == ProviderMapping("RiO", constants={"source_system": "RiO"})
    assert ProviderMapping() == CANONICAL


def test_a_column_for_the_system_outdoes_the_constant():
    found = check_mapping(HEAD + '[columns]\nsource_system = "System"')
    assert found == ProviderMapping("RiO", columns={"source_system": "System"})


FAULTY = [
    ("x = y", "line 1, column 5", "this is not TOML"),
    ("[columns", "end of document", "this is not TOML"),
    (HEAD + "colums = 1", "colums", "there is no such key; did you mean columns?; there are source_system, kind"),
    (HEAD + "zzz = 1", "zzz", "there is no such key; there are source_system, kind, encoding"),
    (HEAD + "empty = 'NULL'", "empty", "must be a list of texts"),
    (HEAD + "ignore = [1]", "ignore", "must be a list of texts"),
    (HEAD + "encoding = 1", "encoding", "must be a text in quotation marks"),
    (HEAD + "columns = 1", "[columns]", "must be a table"),
    (HEAD + "[columns]\nservice = 1", "[columns] service", "must be a text"),
    (HEAD + "[codes]\nservice = 'x'", "[codes] service", "must be a table"),
    (HEAD + "[codes.service]\nx = 1", "[codes] service", "must be a table"),
    ('kind = "snapshot"', "source_system", "names the system"),
    ('source_system = "RiO"', "kind", "snapshot or delta"),
    ('source_system = "RiO"\nkind = "full"', "kind", "snapshot or delta"),
    (
        'source_system = "RiO"\nkind = "snapshoot"',
        "kind",
        "snapshot or delta (a whole list, or changes only); did you mean snapshot?",
    ),
    (HEAD + 'encoding = "latin-1"', "encoding", "must be one of utf-8, utf-16, cp1252"),
    (HEAD + 'encoding = "UTF8"', "encoding", "cp1252; did you mean utf-8?"),
    (HEAD + 'delimiter = "::"', "delimiter", 'must be one character; "," ";"'),
    (HEAD + 'delimiter = ""', "delimiter", "must be one character"),
    (HEAD + 'delimiter = "x"', "delimiter", "is a letter or a figure, of which cells are made"),
    (HEAD + 'delimiter = "é"', "delimiter", "is a letter or a figure"),
    (HEAD + 'delimiter = "7"', "delimiter", "is a letter or a figure"),
    (HEAD + 'delimiter = "-"', "delimiter", 'is "-", of which cells are made'),
    (HEAD + "delimiter = '\"'", "delimiter", "is a quotation mark or a line end"),
    (HEAD + 'delimiter = "\\n"', "delimiter", "is a quotation mark or a line end"),
    (HEAD + 'delimiter = "\\u0002"', "delimiter", "is a character that nobody sees"),
    (HEAD + 'delimiter = "\\u00A0"', "delimiter", "is a character that nobody sees"),
    (
        HEAD + 'delimiter = " "\ndate_format = "DD MMM YYYY"',
        "delimiter",
        "stands in the days of the date format DD MMM",
    ),
    (HEAD + 'delimiter = "/"\n[date_formats]\nclock_start_date = "DD/MM/YYYY"', "delimiter", "format DD/MM/YYYY"),
    (HEAD + 'delimiter = "caret"', "delimiter", 'did you mean "^"?'),
    (HEAD + 'delimiter = "unit separator"', "delimiter", r'did you mean "\u001F"?'),
    (HEAD + 'delimiter = "semi-colon"', "delimiter", 'from the header; did you mean ";"?'),
    (HEAD + 'delimiter = "tab"', "delimiter", r'did you mean "\t"?'),
    (HEAD + 'decimal = "\'"', "decimal", 'must be "." or ","'),
    (HEAD + 'decimal = "Comma"', "decimal", 'must be "." or ","; did you mean ","?'),
    (HEAD + 'decimal = "pipe"', "decimal", 'must be "." or ","'),
    (HEAD + 'date_format = "dd/mm/yyyy"', "date_format", "in capital letters, such as DD/MM/YYYY"),
    (HEAD + 'date_format = "%d/%m/%Y"', "date_format", "in capital letters, such as DD/MM/YYYY"),
    (HEAD + 'date_format = "DD/MM/YY"', "date_format", "which century"),
    (HEAD + 'date_format = "YYYY-DD-MM"', "date_format", "between year and month"),
    (HEAD + '[date_formats]\nsnapshot_date = "MM/YYYY"', "[date_formats] snapshot_date", "one DD"),
    (HEAD + '[date_formats]\nservice = "DD/MM/YYYY"', "[date_formats] service", "is not a date"),
    (HEAD + '[columns]\npseudonim = "x"', "[columns] pseudonim", "near: pseudonym_id"),
    (HEAD + '[columns]\nzzz = "x"', "[columns] zzz", "is no field of the record"),
    (HEAD + '[columns]\nservice = " "', "[columns] service", "must name a column"),
    (HEAD + '[columns]\nservice = "A B"\nage_band = "a_b"', "[columns] age_band", "takes the same column as service"),
    (HEAD + '[columns]\nservice = "A"\n[constants]\nservice = "ASD"', "[columns] service", "is a constant too"),
    (HEAD + '[constants]\npseudonym_id = "x"', "[constants] pseudonym_id", "cannot be constant"),
    (HEAD + f'[constants]\nsnapshot_date = "{SNAPSHOT}"', "[constants] snapshot_date", "cannot be constant"),
    (
        HEAD + '[constants]\nservice = "ASDD"',
        "[constants] service",
        "service may not hold this; did you mean ASD?; it may hold ADHD, ASD, CAMHS",
    ),
    (HEAD + '[constants]\nsuccessor_provider = "RXZ"', "[constants] successor_provider", "may not hold this; near: R"),
    (
        HEAD + '[constants]\nsuccessor_provider = "nobody"',
        "[constants] successor_provider",
        "may not hold this; near: ",
    ),
    (HEAD + '[constants]\nzzz = "x"', "[constants] zzz", "is no field of the record"),
    (HEAD + '[codes.service]\nAU = "Autism"', "[codes.service] AU", "service may not hold this; it may hold"),
    (HEAD + '[codes.district_code]\nA = "Ashford"', "[codes.district_code] A", "it may hold E0"),
    (HEAD + '[codes.snapshot_date]\nA = "B"', "[codes.snapshot_date]", "only codes are translated"),
    (HEAD + '[codes.pseudonym_id]\nA = "B"', "[codes.pseudonym_id]", "only codes are translated"),
    (HEAD + '[codes.service]\nau = "ASD"\nAU = "ADHD"', "[codes.service]", "holds a code twice"),
    (HEAD + '[codes.zzz]\nau = "ASD"', "[codes] zzz", "is no field of the record"),
]


@pytest.mark.parametrize(("text", "where", "sentence"), FAULTY)
def test_a_fault_is_named_with_its_place(text, where, sentence):
    ((place, said),) = problems(text)
    assert place == where
    assert sentence in said


def test_every_fault_is_named_at_once():
    text = 'kind = "all"\n[columns]\nservize = "x"\n[codes.waiting_for]\nA = "soon"'
    assert [where for where, _ in problems(text)] == [
        "source_system", "kind", "[columns] servize", "[codes.waiting_for] A",
    ]  # fmt: skip


def test_a_code_may_be_translated_into_nothing_and_open_codes_into_anything():
    text = HEAD + '[codes.clock_stop_reason]\nOPEN = ""\n[codes.source_of_referral]\nGP = "A1"'
    assert problems(text) == []


def test_a_sample_that_lacks_a_mapped_column_is_a_fault():
    text = HEAD + '[columns]\nservice = "Line"\nimd_decile = "Decile"'
    assert problems(text, header=[*SENT, "Line", "Decile"]) == []
    ((where, sentence),) = problems(text, header=[*SENT, "Line"])
    assert (where, "names: imd_decile (mapped from Decile); send" in sentence) == ("the sample", True)
    ((where, sentence),) = problems(text, header=SENT)
    assert (where, "required columns: service (mapped from Line); add" in sentence) == ("the sample", True)
    assert "names: imd_decile (mapped from Decile); send" in sentence


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_worked_examples_can_be_used_and_say_that_they_are_invented(path):
    text = path.read_text(encoding="utf-8")
    assert isinstance(check_mapping(text), ProviderMapping)
    assert "invented" in text


def test_there_are_three_worked_examples():
    assert [path.stem for path in EXAMPLES] == ["lorenzo-like", "rio-like", "systmone-like"]


def example(stem):
    found = check_mapping(next(path for path in EXAMPLES if path.stem == stem).read_text(encoding="utf-8"))
    assert isinstance(found, ProviderMapping)
    return found


def taken(stem, **cells):
    """The one record of an extract of one row, in the sender's own columns and words."""
    mapping = example(stem)
    content = csv_of([cells], columns=list(cells), delimiter=mapping.delimiter or ",")
    extract = read(content.decode().encode(mapping.encoding), mapping)
    (record,) = accepted(extract)
    return {name: str(value) for name, value in record.items()}, extract.facts


def test_a_report_like_rio_s_becomes_a_record():
    record, facts = taken(
        "rio-like",
        **{
            "Pseudo Key": row()["pseudonym_id"], "Pathway": "ad", "Wait Stage": "AS", "Referral Ref": "R1",
            "Ref Received": "04/05/2026", "First Received": "01/04/2026", "Age Group": "05-10", "First Seen": "NULL",
            "First Seen How": "N/K", "Next Booked": "01/12/2026", "Wait Ended": "", "Wait Ended Why": "",
            "Passed To": "", "Discharged": "", "As At": "15/11/2026", "Report Run": "x",
        },
    )  # fmt: skip
    assert record == {
        "pseudonym_id": row()["pseudonym_id"], "service": "ADHD", "waiting_for": "assessment",
        "service_request_identifier": "R1", "organisation_identifier_code_of_provider": "RXY",
        "organisation_identifier_code_of_commissioner": "QKS", "referral_request_received_date": "2026-05-04",
        "original_referral_request_received_date": "2026-04-01", "age_band": "5-10",
        "next_appointment_date": "2026-12-01", "snapshot_date": SNAPSHOT, "source_system": "RiO",
    }  # fmt: skip
    assert (facts.kind, facts.unknown_columns) == ("snapshot", ())


def test_a_report_like_systmone_s_becomes_a_record():
    record, facts = taken(
        "systmone-like",
        **{
            "Patient Token": row()["pseudonym_id"], "Referral In Service": "Speech and Language Therapy",
            "Stage": "Awaiting first visit", "Referral In Token": "S1", "Unit ODS": "RYY",
            "Date Of Referral In": "04 May 2026", "Age Band At Extract": "0-4", "Stated Gender": "female",
            "Council": "Medway", "First Attended": "05 AUG 2026", "Not Brought": "2.0", "Ended On": "05 Aug 2026",
            "Ended Because": "First visit done", "Extract Day": "15 Nov 2026",
        },
    )  # fmt: skip
    assert record["service"] == "SALT"
    assert (record["person_stated_gender_code"], record["district_code"]) == ("2", "E06000035")
    assert (record["clock_stop_date"], record["clock_stop_reason"]) == ("2026-08-05", "seen")
    assert (record["was_not_brought_count"], facts.delimiter) == ("2", ";")


def test_a_report_like_lorenzo_s_becomes_a_record():
    cells = {
        "SUBJECT_HASH": row()["pseudonym_id"], "SERVICE_CODE": "WCS", "WAIT_STATUS": "4", "REQUEST_HASH": "L1",
        "ORG": "LOCAL:WHEELCHAIR_KM", "REQUEST_DTTM": "04-May-2026 09:15", "AGE_GROUP": "11-15",
        "HANDOVER_DTTM": "05-Aug-2026 14:00", "CLOSED_DTTM": "05-Aug-2026 14:05", "CLOSED_REASON": "HANDOVER",
        "CENSUS_DAY": SNAPSHOT, "ROW_ID": "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    }  # fmt: skip
    record, facts = taken("lorenzo-like", **cells)
    assert (record["service"], record["waiting_for"]) == ("WHEELCHAIR", "equipment")
    assert (record["equipment_delivered_date"], record["clock_stop_reason"]) == ("2026-08-05", "equipment_delivered")
    assert (facts.kind, facts.encoding, facts.unknown_columns) == ("delta", "cp1252", ())


def test_the_page_on_mappings_names_every_rule_and_key():
    page = (EXAMPLES[0].parent / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([RXW]_[A-Z_]+)` \| (.+) \|$", page, re.MULTILINE))
    assert rows == {**RULES, **REMARKS}
    assert all(f"`{key}`" in page or f"`[{key}]`" in page or f"`[{key}." in page for key in KEYS)
    assert all(f"`{path.name}`" in page for path in EXAMPLES)

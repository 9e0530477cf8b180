"""The canonical record says what the design says, field by field."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from waitlists.errors import BadArgument
from waitlists.organisations import find_organisation
from waitlists.record import schema as record

DESIGN = Path(__file__).parents[3] / "shared/design"


@pytest.fixture(scope="module")
def design() -> list[dict[str, str]]:
    path = DESIGN / "referral_record.csv"
    if not path.exists():
        pytest.skip("the design's register is not here")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_field_is_that_of_the_design(design):
    ours = [(f.name, f.type, f.required, f.meaning, f.allowed, f.note) for f in record.FIELDS]
    assert ours == [tuple(row.values()) for row in design]


def test_districts_are_those_of_the_design():
    path = DESIGN / "organisations.csv"
    if not path.exists():
        pytest.skip("the design's register is not here")
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["row_type"] == "district"]
    assert {row["ods_code"]: row["name"] for row in rows} == record.DISTRICTS
    assert len(rows) == 13


def test_a_sender_gives_42_of_the_44_fields():
    assert (len(record.FIELDS), len(record.SENT)) == (44, 42)
    assert set(record.FIELD_BY_NAME) - set(record.SENT) == {"source_file_sha256", "loaded_at"}
    assert set(record.IDENTITY) <= set(record.REQUIRED) < set(record.SENT)


def test_a_records_table_has_text_days_and_integers():
    assert tuple(record.SCHEMA.names) == record.SENT
    kinds = {record.FIELD_BY_NAME[field.name].type: field.type for field in record.SCHEMA}
    text = pa.string()
    assert kinds == {"text": text, "code": text, "enum": text, "date": pa.date32(), "integer": pa.int32()}


def test_words_of_an_enum_keep_the_order_of_the_register():
    assert record.STAGES == ("first_contact", "assessment", "treatment", "equipment", "review")
    assert record.REASONS[:4] == ("seen", "assessed", "treated", "equipment_delivered")
    assert record.AGE_BANDS == ("0-4", "5-10", "11-15", "16-17", "18-25")
    assert record.FIELD_BY_NAME["imd_decile"].words == ()


def test_every_service_of_the_record_is_in_the_register_of_services():
    from waitlists.services import SERVICES

    assert set(record.SERVICES) <= set(SERVICES)


def test_the_commissioner_named_as_an_example_is_in_the_register():
    assert find_organisation("QKS").level == "icb"


def test_a_field_of_no_known_type_is_refused():
    with pytest.raises(BadArgument, match="known type"):
        record.Field("age", "number", "R", "Age", "0 to 25")  # pyright: ignore[reportArgumentType]

"""The table of referral versions holds the canonical record, field by field."""

from datetime import date

import pyarrow as pa

from waitlists.record.schema import FIELD_BY_NAME, SCHEMA, SENT
from waitlists.store.tables import referral


def test_every_field_of_the_record_has_its_column_in_order():
    assert tuple(column.name for column in referral.c if column.name in FIELD_BY_NAME) == SENT


def test_required_fields_may_not_be_empty():
    assert {name for name in SENT if not referral.c[name].nullable} == {
        name for name in SENT if FIELD_BY_NAME[name].required == "R"
    }


def test_the_columns_have_the_types_of_the_record():
    kinds = {pa.string(): str, pa.int32(): int, pa.date32(): date}
    for field in SCHEMA:
        assert referral.c[field.name].type.python_type is kinds.get(
            field.type, referral.c.snapshot_date.type.python_type
        )

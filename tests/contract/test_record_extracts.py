"""The invented extracts of Kent and Medway come out as they went in, and their dirt under the rule meant for it."""

import io
from collections import Counter
from datetime import date

import pyarrow as pa
import pytest

from tests.extracts import DELIVERED
from waitlists.ingest.mapping import CANONICAL, ProviderMapping
from waitlists.ingest.mapping_check import check_mapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.synthetic.kent.dirt import spoiled
from waitlists.synthetic.kent.extract import extract
from waitlists.synthetic.kent.files import to_csv
from waitlists.synthetic.kent.foreign import FOREIGN, FOREIGN_PROVIDER, foreign_mapping
from waitlists.synthetic.kent.population import population

END = date(2026, 11, 15)

RULE_OF = {
    "impossible_date": "R_DATE_INVALID",
    "word_for_a_date": "R_DATE_INVALID",
    "filler_date": "R_DATE_RANGE",
    "far_date": "R_DATE_RANGE",
    "no_child": "R_ID_MISSING",
    "no_referral": "R_ID_MISSING",
    "unknown_service": "R_UNKNOWN_SERVICE",
    "unknown_provider": "R_UNKNOWN_ORG",
    "unknown_commissioner": "R_UNKNOWN_ORG",
    "unknown_stage": "R_UNKNOWN_CODE",
    "unknown_sex": "R_UNKNOWN_CODE",
    "unknown_district": "R_UNKNOWN_CODE",
    "no_decile": "R_NUMBER",
    "adult": "X_ADULT",
    "discharge_before_referral": "R_DISCHARGE_BEFORE_REFERRAL",
    "contact_before_referral": "R_CONTACT_BEFORE_REFERRAL",
}
TWICE = {"same_referral_other_content", "copied_row"}
TAKEN = {"young_adult"}
"""The record has the age band 18 to 25."""


@pytest.fixture(scope="module")
def kent():
    return population(7, end=END, weeks=30, scale=0.04)


def read(content: bytes, mapping: ProviderMapping = CANONICAL):
    return read_extract(io.BytesIO(content), mapping=mapping, on=DELIVERED)


@pytest.mark.parametrize("provider", ["RYY", "RXY", "E10000016", "LOCAL:WHEELCHAIR_KM"])
def test_an_extract_without_dirt_comes_out_as_it_went_in(kent, provider):
    table = extract(kent, provider, on=END)
    found = read(to_csv(table))
    assert pa.concat_tables(batch.records for batch in found.batches()).equals(table)
    assert (found.facts.quarantined, found.facts.excluded, found.facts.duplicates) == (0, 0, 0)


def test_a_sender_s_own_words_come_out_as_ours(kent):
    table = extract(kent, FOREIGN_PROVIDER, on=END)
    mapping = check_mapping(foreign_mapping("snapshot"))
    assert isinstance(mapping, ProviderMapping)
    found = read(to_csv(table, FOREIGN), mapping)
    assert pa.concat_tables(batch.records for batch in found.batches()).equals(table)
    assert found.facts.unknown_columns == ()


def test_each_kind_of_dirt_is_found_under_its_rule(kent):
    dirty = spoiled(extract(kent, "RYY", on=END), seed=1)
    assert set(dirty.rows) == {*RULE_OF, *TWICE, *TAKEN}
    expected = Counter({"R_DUPLICATE_IDENTITY": 2 * dirty.rows["same_referral_other_content"]})
    for kind, rule in RULE_OF.items():
        expected[rule] += dirty.rows[kind]
    facts = read(to_csv(dirty.texts)).facts
    assert dict(facts.by_rule) == dict(expected)
    assert facts.duplicates == dirty.rows["copied_row"]

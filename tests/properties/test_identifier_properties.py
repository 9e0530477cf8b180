"""What no identifier is, in numbers large enough for every chance likeness to come up."""

import numpy as np
import pyarrow as pa
import pytest

from tests.extracts import GOOD, csv_of, read
from tests.unit.ingest.test_identifiers import hashes
from waitlists.ingest.nhs_numbers import holders

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


def test_two_hundred_thousand_hashes_are_never_taken_for_nhs_numbers():
    for spelling, texts in hashes(200_000).items():
        found = list(holders(pa.array(texts)))
        assert len(found) < 0.005 * len(texts), spelling
        assert not [texts[one.place] for one in found if one.is_whole or not one.may_be_chance], spelling


def test_a_hundred_thousand_random_identifiers_never_pass_for_anything():
    rng = np.random.default_rng(11)
    keys = ["".join(key) for key in rng.choice(list("0123456789abcdef"), (100_000, 16))]
    rows = ({**GOOD, "pseudonym_id": key, "service_request_identifier": key[:9]} for key in keys)
    facts = read(csv_of(rows)).facts
    assert facts.accepted + facts.quarantined + facts.duplicates == 100_000

"""The numbers that stand for referrals and what is said of them: the same for the same words, and for nothing else."""

from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.referrals import records
from waitlists.deliveries.digest import digests, identities

WORDS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
ROWS = st.lists(st.tuples(WORDS, WORDS, st.none() | st.integers(0, 99)), min_size=1, max_size=12)


def table(rows) -> pa.Table:
    return records(
        [
            {
                "pseudonym_id": who,
                "district_code": where,
                "was_not_brought_count": count,
                "snapshot_date": date(2026, 1, 4),
            }
            for who, where, count in rows
        ]
    )


@given(ROWS)
def test_rows_have_the_same_digest_exactly_when_they_say_the_same(rows):
    found = digests(table(rows)).tolist()
    assert [found.index(one) for one in found] == [rows.index(row) for row in rows]


@given(ROWS, st.integers(0, 12))
def test_a_digest_does_not_depend_on_the_batch(rows, cut):
    whole = table(rows)
    parts = [part for part in (whole.slice(0, cut), whole.slice(cut)) if part.num_rows]
    assert [one for part in parts for one in digests(part).tolist()] == digests(whole).tolist()


def test_the_numbers_are_the_same_in_every_version_of_this_code():
    """Another number for the same words would make every stored referral look changed."""
    row = records([{"pseudonym_id": "a" * 32, "imd_decile": 3, "snapshot_date": date(2026, 1, 4)}])
    assert digests(row).tolist() == [-7462898426315039989]
    assert identities(row).tolist() == [8292569905301768276]


def test_what_is_said_again_a_week_later_has_the_same_digest():
    first, second = (records([{"snapshot_date": day}]) for day in (date(2026, 1, 4), date(2026, 1, 11)))
    assert digests(first).tolist() == digests(second).tolist()


def test_provider_and_identifier_are_the_identity_and_nothing_else_is():
    rows = [
        {"service": "SALT"},
        {"service": "ASD"},
        {"service_request_identifier": "R-2"},
        {"organisation_identifier_code_of_provider": "NQ7"},
    ]
    found = identities(records(rows)).tolist()
    assert found[0] == found[1]
    assert len(set(found)) == 3

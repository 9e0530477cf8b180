"""From which day a figure counts as known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.vintages import known_from

PRINTED, LOADED, BACKFILL, EARLY = date(2025, 5, 15), date(2025, 9, 1), date(2025, 6, 1), date(2025, 1, 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("published_on", "is_seen", "as_of", "expected"),
    [
        (PRINTED, False, None, PRINTED),
        (PRINTED, False, BACKFILL, PRINTED),
        (None, False, None, LOADED),
        (None, False, BACKFILL, BACKFILL),
        (PRINTED, True, None, LOADED),
        (PRINTED, True, BACKFILL, BACKFILL),
        (PRINTED, True, EARLY, PRINTED),
    ],
)
def test_the_printed_date_counts_unless_it_cannot_tell_files_apart(published_on, is_seen, as_of, expected):
    day = known_from(published_on, same_date_seen_with_other_bytes=is_seen, loaded_on=LOADED, as_of=as_of)
    assert day == expected


@given(published_on=DAYS, is_seen=st.booleans(), loaded_on=DAYS, as_of=st.none() | DAYS)
def test_nothing_is_known_before_it_is_published(published_on, is_seen, loaded_on, as_of):
    day = known_from(published_on, same_date_seen_with_other_bytes=is_seen, loaded_on=loaded_on, as_of=as_of)
    assert day >= published_on

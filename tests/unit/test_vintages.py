"""From which day a figure counts as known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.domain import ParsedVintage
from waitlists.vintages import known_from, with_history

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


def part(week: int, scope: str = "RYY/SALT") -> ParsedVintage:
    return ParsedVintage("weekly_return", date(2026, 3, 1) + timedelta(weeks=week), (), scope)


def test_history_in_a_first_delivery_counts_as_known_a_week_after_each_of_its_weeks() -> None:
    parts = (part(0), part(1), part(2))
    told = with_history(parts, new_scopes={"RYY/SALT"}, known_from=date(2026, 3, 20))
    assert [(one.known_from, one.is_reconstructed) for one in told] == [
        (date(2026, 3, 8), True),
        (date(2026, 3, 15), True),
        (None, False),
    ]


def test_a_week_is_never_known_later_than_the_delivery_that_tells_of_it() -> None:
    told = with_history((part(0), part(1)), new_scopes={"RYY/SALT"}, known_from=date(2026, 3, 8))
    assert told == (part(0), part(1))


def test_who_sent_before_tells_no_history_unless_of_a_new_service() -> None:
    parts = (part(0), part(1), part(0, "RYY/ASD"))
    told = with_history(parts, new_scopes={"RYY/ASD"}, known_from=date(2026, 4, 1))
    assert [one.is_reconstructed for one in told] == [False, False, True]
    assert with_history(parts, new_scopes=(), known_from=date(2026, 4, 1)) == parts

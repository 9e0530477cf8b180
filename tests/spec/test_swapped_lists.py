"""Two lists of one sender whose rows changed places, as a table of sizes."""

from datetime import date

import pytest

from waitlists.domain import Severity
from waitlists.quality.balance import StoredWeek, WeekOfList
from waitlists.quality.history import HistoryChecks
from waitlists.quality.swapped import with_swaps

FIRST, SECOND = date(2026, 11, 8), date(2026, 11, 15)


def lists(asd, salt, *, org="RYY"):
    """Sizes of two lists in two weeks running."""
    found = {}
    for number, (service, sizes) in enumerate((("ASD", asd), ("SALT", salt))):
        found[service, org] = {
            day: StoredWeek(10 * number + place, WeekOfList(size, None, None, SECOND))
            for place, (day, size) in enumerate(zip((FIRST, SECOND), sizes, strict=True))
        }
    return found


def told(found):
    checks = with_swaps(HistoryChecks({1: ()}, {}), found)
    return [(number, one.code, one.service) for number, several in sorted(checks.findings.items()) for one in several]


BOTH = [(1, "swapped_lists", "ASD"), (11, "swapped_lists", "SALT")]


@pytest.mark.parametrize(
    ("asd", "salt", "said"),
    [
        ((400, 100), (100, 400), BOTH),
        ((400, 110), (100, 361), BOTH),
        ((400, 112), (100, 400), []),
        ((400, 100), (100, 359), []),
        ((400, 400), (100, 100), []),
        ((100, 130), (130, 100), []),
        ((49, 10), (10, 49), []),
        ((50, 10), (10, 50), BOTH),
        ((None, 100), (100, 400), []),
        ((400, 100), (100, None), []),
        ((400, 100), (0, 400), []),
    ],
)
def test_two_lists_that_have_each_others_size_are_told_on_both(asd, salt, said):
    assert told(lists(asd, salt)) == said


def test_lists_of_two_senders_do_not_change_places():
    found = lists((400, 100), (100, 400))
    other = {("SALT", "NQ7"): found.pop(("SALT", "RYY"))}
    assert told(found | other) == []


def test_it_says_which_list_it_is_like():
    checks = with_swaps(HistoryChecks({}, {}), lists((400, 100), (100, 400)))
    (asd,) = checks.findings[1]
    assert asd.sentence.startswith(
        "This list is as long as that of Speech and language therapy for children was the week before"
    )
    assert (asd.severity, asd.org, asd.period_end, asd.known_from) == (Severity.WARNING, "RYY", SECOND, SECOND)

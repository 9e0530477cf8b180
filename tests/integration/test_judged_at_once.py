"""Which loads judge trends before they end: those beside figures of our own, and of few lists."""

from datetime import date

from jobs.ahead import is_judged_at_once
from tests.deliveries import load, parsed

SUNDAY = date(2025, 3, 30)


def test_a_load_judges_lists_of_our_own_and_not_all_of_england(database):
    load(database, parsed(date(2025, 3, 31), {("SALT", "QKS"): 1_651}, published_on=date(2025, 5, 15)))
    assert not is_judged_at_once(database)
    load(database, parsed(SUNDAY, {("SALT", "RYY"): 96}, published_on=SUNDAY, source="weekly_return"))
    assert is_judged_at_once(database)
    assert not is_judged_at_once(database, most=1)

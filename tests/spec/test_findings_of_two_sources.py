"""Two weekly sources of one provider's list and week that say very different numbers are told, on both."""

from collections.abc import Mapping
from datetime import date

import pytest

from waitlists.domain import LineTotals, Severity, Vintage
from waitlists.quality import check_history

SUNDAY = date(2026, 11, 15)
RETURN, RECORDS = "weekly_return", "referral_extract"


def sent(
    number: int, source: str, sizes: Mapping[str, int | None], *, known: int = 16, scope: str = "RYY"
) -> LineTotals:
    totals = {(service, scope.partition("/")[0] or "QKS"): size for service, size in sizes.items()}
    return LineTotals(Vintage(date(2026, 11, known), number, source, SUNDAY, scope), totals)


def told(own: LineTotals, *others: LineTotals):
    found = check_history([own], others=others).findings[own.vintage.id]
    return [one for one in found if one.code == "sources_differ"]


def test_an_extract_of_a_few_rows_beside_a_return_is_told_on_both_lists_from_the_day_both_are_known():
    weekly, records = sent(1, RETURN, {"SALT": 149}, scope="RYY/SALT"), sent(2, RECORDS, {"SALT": 10}, known=18)
    for own, other, begins in (
        (weekly, records, "149 wait by the providers' own weekly returns, and 10 by"),
        (records, weekly, "10 wait by referral records, counted by us each Sunday, and 149 by"),
    ):
        (finding,) = told(own, other)
        assert (finding.severity, finding.service, finding.org) == (Severity.WARNING, "SALT", "RYY")
        assert (finding.known_from, finding.known_until) == (date(2026, 11, 18), None)
        assert finding.sentence.startswith(begins)
        assert finding.sentence.endswith("find out which of them is whole.")


@pytest.mark.parametrize(
    ("size", "other", "is_told"),
    [
        (100, 80, False),
        (100, 79, True),
        (79, 100, True),
        (19, 1, False),
        (20, 1, True),
        (0, 20, True),
        (None, 50, False),
    ],
)
def test_a_fifth_of_the_larger_of_twenty_or_more_is_told(size, other, is_told):
    assert bool(told(sent(1, RETURN, {"SALT": size}), sent(2, RECORDS, {"SALT": other}))) == is_told
    assert bool(told(sent(1, RETURN, {"SALT": other}), sent(2, RECORDS, {"SALT": size}))) == is_told


def test_a_correction_that_agrees_takes_it_back_from_its_day_on():
    wrong, right = sent(2, RECORDS, {"SALT": 10}, known=18), sent(3, RECORDS, {"SALT": 148}, known=20)
    (finding,) = told(sent(1, RETURN, {"SALT": 149}), right, wrong)
    assert (finding.known_from, finding.known_until) == (date(2026, 11, 18), date(2026, 11, 20))
    assert told(sent(4, RETURN, {"SALT": 149}, known=21), wrong, right) == []


def test_sums_other_services_weeks_and_published_lists_are_not_compared():
    own = sent(1, RETURN, {"SALT": 149})
    assert told(own, sent(2, RECORDS, {"ASD": 10}), sent(3, "chs_sitrep", {"SALT": 10})) == []
    assert told(own, sent(2, RECORDS, {"SALT": 10}, scope="")) == []
    assert told(sent(1, RETURN, {"SALT": 149}, scope=""), sent(2, RECORDS, {"SALT": 10}, scope="")) == []

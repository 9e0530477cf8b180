"""What one number is shown as: counts to the golden vectors, spans, shares, changes, waits, forecasts, words."""

import csv
from pathlib import Path

import pytest

from waitlists.errors import BadArgument
from waitlists.suppression import (
    Rule,
    legend,
    printed,
    shown_change,
    shown_count,
    shown_forecast,
    shown_longest_wait,
    shown_share,
    shown_statistic,
    words,
)
from waitlists.suppression.rules import Span, is_small, small_span, span_of

HES, MHSDS = Rule.HES, Rule.MHSDS
GOLDEN = Path(__file__).parents[1] / "golden" / "domain" / "sdc_vectors.csv"
VECTORS = list(csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines()))


def test_the_golden_vectors_are_the_25_rows() -> None:
    assert len(VECTORS) == 25


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["true_count"])
def test_a_count_is_shown_as_in_the_golden_vectors(row: dict[str, str]) -> None:
    count = int(row["true_count"])
    assert printed(shown_count(count, MHSDS)).replace(",", "") == row["mhsds_subnational"]
    assert printed(shown_count(count, HES)).replace(",", "") == row["hes_subnational"]


def test_the_rules_are_named_as_in_the_settings() -> None:
    assert [Rule("hes"), Rule("mhsds")] == [HES, MHSDS]


def test_what_is_not_known_stays_unknown() -> None:
    assert shown_count(None, HES) is None


@pytest.mark.parametrize("rule", Rule)
def test_a_negative_count_is_refused(rule: Rule) -> None:
    with pytest.raises(BadArgument, match="never negative") as refused:
        shown_count(-1, rule)
    assert refused.value.field == "count"


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("shown", [0, 5, 10, 15, 20, 1650])
def test_a_shown_count_stands_for_exactly_the_counts_shown_so(shown: int, rule: Rule) -> None:
    low, high = span_of(shown, rule)
    stands_for = [count for count in range(2000) if shown_count(count, rule) == shown]
    assert stands_for in ([], list(range(low, high + 1)))
    assert stands_for or (shown, rule) in {(5, HES), (0, MHSDS)}


@pytest.mark.parametrize("rule", Rule)
def test_small_numbers_are_those_not_shown(rule: Rule) -> None:
    low, high = small_span(rule)
    assert [count for count in range(50) if shown_count(count, rule) is None] == list(range(low, high + 1))
    assert [count for count in range(50) if is_small(count, rule)] == list(range(low, high + 1))


def test_spans_are_plain_pairs() -> None:
    assert (small_span(HES), small_span(MHSDS)) == (Span(1, 7), Span(0, 4))
    assert (span_of(10, HES), span_of(10, MHSDS), span_of(5, MHSDS)) == (Span(8, 12), Span(8, 12), Span(5, 7))


@pytest.mark.parametrize(
    ("after", "before", "change"), [(20, 15, 5), (15, 20, -5), (20, 20, 0), (None, 20, None), (20, None, None)]
)
def test_a_change_is_the_difference_of_what_is_shown(after: int | None, before: int | None, change: int | None) -> None:
    assert shown_change(after, before) == change


@pytest.mark.parametrize(
    ("part", "whole", "hes", "mhsds"),
    [
        (25, 100, 0.25, 0.25),
        (25, 35, 25 / 35, 0.71),
        (5, 200, 0.025, 0.03),  # half a percent rounds up
        (5, 1000, 0.005, 0.01),
        (10, 10, 1.0, 1.0),
        (5, 5, 1.0, 1.0),
        (0, 50, 0.0, None),  # mhsds cannot say that there is nobody
        (0, 0, None, None),  # of nobody there is no share
        (None, 50, None, None),
        (50, None, None, None),
    ],
)
def test_a_share_is_that_of_counts_as_shown(
    part: int | None, whole: int | None, hes: float | None, mhsds: float | None
) -> None:
    assert shown_share(part, whole, HES) == hes
    assert shown_share(part, whole, MHSDS) == mhsds


@pytest.mark.parametrize(("persons", "shown"), [(10, 18.5), (0, 18.5), (None, None)])
def test_a_median_is_hidden_with_its_number_of_persons(persons: int | None, shown: float | None) -> None:
    assert shown_statistic(18.5, persons) == shown
    assert shown_statistic(None, persons) is None


@pytest.mark.parametrize(("days", "band"), [(364, ">18-52"), (365, ">52-104"), (900, ">104"), (None, None)])
def test_the_longest_wait_is_a_band(days: int | None, band: str | None) -> None:
    assert shown_longest_wait(days, 10) == band
    assert shown_longest_wait(days, None) is None


@pytest.mark.parametrize(
    ("value", "hes", "mhsds"),
    [
        (0.0, 0, None),
        (0.49, 0, None),
        (0.5, None, None),
        (4.49, None, None),
        (4.5, None, 5),
        (7.49, None, 5),
        (7.5, 10, 10),
        (12.49, 10, 10),
        (12.5, 15, 15),
        (1651.2, 1650, 1650),
        (None, None, None),
    ],
)
def test_a_quantile_is_shown_as_the_count_nearest_to_it(
    value: float | None, hes: int | None, mhsds: int | None
) -> None:
    assert (shown_forecast(value, HES), shown_forecast(value, MHSDS)) == (hes, mhsds)


def test_words_for_a_small_number() -> None:
    assert (words(HES), words(MHSDS)) == ("fewer than 8", "fewer than 5")


def test_a_hidden_number_is_a_star_and_its_legend_says_that_it_is_not_zero() -> None:
    assert (printed(None), printed(0), printed(1650)) == ("*", "0", "1,650")
    assert (
        legend(HES) == "* fewer than 8, or hidden so that such a number cannot be worked out; do not read it as zero."
    )
    assert legend(MHSDS).startswith("* fewer than 5, ")

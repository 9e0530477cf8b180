"""The rules of wait bands as tables: day edges, shares within a wait, percentiles, counts over so many weeks."""

import csv
from pathlib import Path

import pytest

from waitlists.bands import CHS_BANDS, Share, Wait, WaitBands, band_of, over_weeks, percentile_wait, share_within
from waitlists.standards import STANDARDS, over, within

GOLDEN = Path(__file__).parents[1] / "golden" / "domain"
EDGES = list(csv.DictReader((GOLDEN / "chs_band_edges.csv").read_text(encoding="utf-8").splitlines()))


def counts(*numbers: int | None) -> dict[str, int | None]:
    return dict(zip((band.label for band in CHS_BANDS), numbers, strict=True))


def old_counts(*numbers: int | None) -> dict[str, int | None]:
    return dict(zip([*(band.label for band in CHS_BANDS[:6]), ">52"], numbers, strict=True))


KENT = WaitBands(counts(204, 177, 418, 1326, 541, 3345, 2156, 551), 8718)
"""Community paediatrics in Kent and Medway, March 2025, as published."""
OLD = WaitBands(old_counts(0, 0, 10, 0, 42, 238, 110), 400)
SUPPRESSED = WaitBands(counts(None, 1, 2, 3, 4, 5, 6, 7), 40)
EMPTY = WaitBands(counts(0, 0, 0, 0, 0, 0, 0, 0), 0)


def test_the_golden_edges_are_the_twenty_rows() -> None:
    assert len(EDGES) == 20


@pytest.mark.parametrize("row", EDGES, ids=lambda row: f"day {row['days_waited']}")
def test_a_day_falls_in_its_golden_band(row: dict[str, str]) -> None:
    days = int(row["days_waited"])
    assert band_of(days) == row["chs_band"]
    assert within(STANDARDS["CHS_18W"], days) is (row["within_18_weeks"] == "1")
    assert over(52, days) is (row["over_52_weeks"] == "1")


@pytest.mark.parametrize("row", EDGES, ids=lambda row: f"day {row['days_waited']}")
def test_a_list_of_one_child_agrees_with_the_golden_row(row: dict[str, str]) -> None:
    one = WaitBands({band.label: int(band.label == row["chs_band"]) for band in CHS_BANDS}, 1)
    assert share_within(one, 126) == Share(float(row["within_18_weeks"]), "exact")
    assert over_weeks(one, 52) == int(row["over_52_weeks"])


@pytest.mark.parametrize(
    ("bands", "days", "expected"),
    [
        (KENT, 7, Share(204 / 8718, "exact")),
        (KENT, 126, Share(2666 / 8718, "exact")),  # 18 weeks: all bands to >12-18
        (KENT, 364, Share(6011 / 8718, "exact")),
        (KENT, 728, Share(8167 / 8718, "exact")),
        (KENT, 0, Share(204 / 8 / 8718, "interpolated")),  # one day of the eight of the first band
        (KENT, 27, Share((381 + 418 * 13 / 14) / 8718, "interpolated")),  # "less than 4 weeks"
        (KENT, 91, Share((2125 + 541 * 7 / 42) / 8718, "interpolated")),  # 13 weeks
        (KENT, 127, Share((2666 + 3345 / 238) / 8718, "interpolated")),
        (KENT, 727, Share((6011 + 2156 * 363 / 364) / 8718, "interpolated")),
        (KENT, 729, None),  # inside the open top band
        (OLD, 364, Share(290 / 400, "exact")),
        (OLD, 365, None),  # old files: open from day 365
        (OLD, 728, None),
        (SUPPRESSED, 126, None),
        (EMPTY, 126, None),
    ],
)
def test_share_within_so_many_days(bands: WaitBands, days: int, expected: Share | None) -> None:
    assert share_within(bands, days) == (expected and pytest.approx(expected))


@pytest.mark.parametrize(
    ("bands", "q", "expected"),
    [
        (OLD, 0.0, Wait(15.0, None)),  # bands with nobody in them are skipped
        (OLD, 0.0125, Wait(22.0, None)),  # half of the ten children of days 15 to 28
        (OLD, 0.025, Wait(29.0, None)),
        (OLD, 0.13, Wait(127.0, None)),  # 10 + 42 children: the upper edge of >12-18
        (OLD, 0.5, Wait(127 + 148.0, None)),  # the 200th: 148 of the 238 after the first 52, a day each
        (OLD, 0.725, Wait(365.0, None)),
        (OLD, 0.75, Wait(None, 52)),
        (OLD, 1.0, Wait(None, 52)),
        (KENT, 0.92, Wait(365 + (0.92 * 8718 - 6011) / 2156 * 364, None)),
        (KENT, 0.95, Wait(None, 104)),
        (WaitBands(counts(7, 0, 0, 0, 0, 0, 0, 93), 100), 0.07, Wait(8.0, None)),  # 0.07 x 100 is 7 and no more
        (WaitBands(counts(7, 0, 0, 0, 0, 0, 0, 93), 100), 0.0700001, Wait(None, 104)),
        (WaitBands(counts(0, 0, 0, 0, 0, 1, 0, 0), 1), 0.5, Wait(127 + 119.0, None)),  # one child is enough
        (SUPPRESSED, 0.5, None),
        (EMPTY, 0.5, None),
    ],
)
def test_percentile_wait(bands: WaitBands, q: float, expected: Wait | None) -> None:
    answer = percentile_wait(bands, q)
    if expected is None or expected.days is None:
        assert answer == expected
    else:
        assert answer is not None
        assert answer.at_least_weeks is None
        assert answer.days == pytest.approx(expected.days, rel=1e-12)


@pytest.mark.parametrize(
    ("bands", "weeks", "expected"),
    [
        (KENT, 18, 6052),
        (KENT, 52, 2707),
        (KENT, 104, 551),
        (KENT, 12, 6593),
        (KENT, 1, 8514),
        (KENT, 156, None),  # no band begins there
        (KENT, 13, None),
        (KENT, 0, None),
        (OLD, 18, 348),
        (OLD, 52, 110),
        (OLD, 104, None),  # not published before the band was split
        (SUPPRESSED, 52, 13),  # the suppressed band is below
        (WaitBands(counts(1, 1, 1, 1, 1, 1, 1, None), 9), 52, None),
        (EMPTY, 52, 0),
    ],
)
def test_over_so_many_weeks(bands: WaitBands, weeks: int, expected: int | None) -> None:
    assert over_weeks(bands, weeks) == expected

"""How many of one list are over a wait: as counted, else by the bands after it; spread evenly where neither tells."""

from datetime import date

import pytest

from forecasting.flow.census import census_of_weeks
from forecasting.warnings.past import Part
from waitlists.bands import CHS_BANDS
from waitlists.counts.histories import VintageCells
from waitlists.details import Within

WAITS = (30, 20, 40, 100, 50, 60, 20, 10)
WEEKS = (30, 20, 20, 20, 14, *[5] * 200, 6)


def part(bands=WAITS, **waiting: Within) -> Part:
    counts = dict(zip((band.label for band in CHS_BANDS), bands, strict=True)) | {"total": sum(WAITS)}
    return Part(1, "RYY", VintageCells(1, counts), census_of_weeks(date(2026, 11, 15), WEEKS), waiting)


@pytest.mark.parametrize(
    ("found", "days", "over"),
    [
        (part(ASD_NICE_13W=Within(200, 330)), 91, 130),
        (part(), 126, 90),
        (part(), 28, 240),
        (part(CYPED_ROUTINE=Within(1, 3)), 28, 2),
        (part(bands=(30, 20, 40, 100, None, 60, 20, 10)), 28, 14 * 6 / 7 + 5 * 200 + 6),
        (part(), 27, 14 + 5 * 200 + 6),
        (part(), 91, 5 * 6 / 7 + 5 * 191 + 6),
    ],
    ids=["counted", "by name", "bands after it", "counted sooner", "a band unknown", "whole weeks", "spread evenly"],
)
def test_how_many_are_over_is_counted_where_it_can_be(found: Part, days: int, over: float):
    standard = next(iter(found.waiting), "")
    assert found.over(days, standard) == pytest.approx(over)

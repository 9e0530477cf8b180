"""How often the range of when a list is gone held: on Scottish children's lists, and on invented ones of Kent.

Neither set a constant: the goal is that ranges of 8 in 10 hold about that often. Figures are read as now known.
"""

from collections import defaultdict
from datetime import date

import numpy as np
import pytest

from tests.clearance_tracks import held, leaving
from tests.conftest import shared
from tests.published_files import unpacked
from waitlists.ingest import delimited
from waitlists.ingest.phs_camhs import COLLECTIONS
from waitlists.periods import month_range
from waitlists.synthetic import kent
from waitlists.synthetic.kent.calendar import day_number
from waitlists.synthetic.kent.counting import left, waiting, waits

MONTHS = month_range(date(2012, 7, 31), date(2023, 6, 30))
LISTS = [("NQ7", "ASD"), ("RYY", "ASD"), ("NQ7", "ADHD"), ("RYY", "ADHD"), ("RYY", "SALT"), ("NQ7", "SALT")]
LISTS += [("RYY", "COMM_PAEDS"), ("NQ7", "COMM_PAEDS"), ("RPA", "COMM_PAEDS"), ("LOCAL:WHEELCHAIR_KM", "WHEELCHAIR")]


def published(name: str, kind: str, *, collection: int) -> dict[str, np.ndarray]:
    """By board, a figure of every month, NaN where none was published."""
    path = shared("data/phs-camhs") / f"{name}.csv"
    found: dict[str, np.ndarray] = defaultdict(lambda: np.full(len(MONTHS), np.nan))
    for vintage in COLLECTIONS[collection].parse(delimited.read(unpacked(path))).vintages:
        for figure in vintage.figures:
            if figure.kind == kind and figure.band == "total" and figure.value is not None:
                found[figure.org][MONTHS.index(vintage.period_end)] = figure.value
    return found


def test_ranges_hold_on_scottish_childrens_lists():
    sizes = published("camhs-adjusted-patients-waiting", "waiting", collection=0)
    seen = published("camhs-adjusted-patients-seen", "treated", collection=1)
    weeks = np.array([month.day / 7 for month in MONTHS])
    boards = sorted(sizes.keys() & seen.keys())
    tracks = [leaving(MONTHS, weeks, seen[board], sizes[board]) for board in boards]
    found = held(tracks, [sizes[board] for board in boards], "M", origins=range(23, 120, 12))
    assert len(found) >= 50
    assert np.mean(found) == pytest.approx(0.8, abs=0.12)


def test_ranges_hold_on_invented_lists_of_kent():
    population = kent.population(11, end=date(2026, 11, 15), weeks=156, scale=0.3)
    ends = [day_number(week) for week in population.weeks]
    tracks, every = [], []
    for place in LISTS:
        records = waits(population, *place)
        gone = [sum(left(records, after=day - 7, until=day).values()) for day in ends]
        sizes = np.array([len(waiting(records, "list", on=day).days) for day in ends], dtype=float)
        tracks.append(leaving(population.weeks, np.ones(len(ends)), np.array(gone, dtype=float), sizes))
        every.append(sizes)
    found = held(tracks, every, "W", origins=range(51, 120, 16))
    assert len(found) >= 20
    assert np.mean(found) >= 0.7

"""What is replayed of a list for each question, period by period; what is not known of the whole list is not known."""

from dataclasses import replace

import numpy as np
import pytest

from forecasting.flow.tracks import Kind, ListSeries, track_of
from tests.forecast_lists import known, month, series

SIZES = [100, 0, 120, 130]
LEFT = [31, 28, 62, 30]
FOUND = ListSeries(series(SIZES), series([20, 18, 15, 15]), series(LEFT), series([40, 30, 60, 25]))
WEEKS = np.array([31, 28, 31, 30]) / 7
NAN = np.nan

TRACKS = {
    "run_off": (LEFT, [0, 0, 0, 0], np.array(LEFT) / WEEKS),
    "threshold": ([NAN, -2, -3, 0], [20, 18, 15, 15], [20, 18, 15, 15]),
    "sustainable": ([9, 2, -2, -5], SIZES, SIZES),
}
"""By question: by how many the total moves in a month, what it stands at, and what its usual change is learnt from."""


@pytest.mark.parametrize("kind", TRACKS)
def test_each_question_follows_its_own_total(kind: Kind) -> None:
    """From nobody who left, from the number over 52 weeks, and from the list as it grows by referrals less removals."""
    found = track_of(FOUND, kind)
    for values, wanted in zip((found.moved, found.stands, found.usual), TRACKS[kind], strict=True):
        np.testing.assert_array_equal(values, wanted)
    assert found.period_ends == tuple(month(n) for n in range(4))
    np.testing.assert_array_equal(found.weeks, WEEKS)
    assert found.known.tolist() == [known(n).toordinal() for n in range(4)]


def test_those_missing_from_a_file_have_not_left() -> None:
    part = replace(FOUND, removals=series(LEFT, coverage={2: 0.9}), over=series([20, 18, 15, 15], coverage={1: 0.5}))
    left, grown, over = (track_of(part, kind) for kind in ("run_off", "sustainable", "threshold"))
    np.testing.assert_array_equal(left.moved, [31, 28, NAN, 30])
    np.testing.assert_array_equal(grown.moved, [9, 2, NAN, -5])
    np.testing.assert_array_equal(over.moved, [NAN, NAN, NAN, 0])


def test_a_number_that_was_counted_otherwise_has_not_fallen() -> None:
    """What changed on a day from which figures are not to be compared with those before is no pace of anything."""
    cut = replace(FOUND, sizes=series(SIZES, breaks=[2]), over=series([20, 18, 15, 15], breaks=[2]))
    np.testing.assert_array_equal(track_of(cut, "threshold").moved, [NAN, -2, NAN, 0])
    np.testing.assert_array_equal(track_of(cut, "sustainable").moved, [9, 2, -2, -5])


def test_it_stands_where_it_does_with_who_is_missing_added() -> None:
    """The list to start from is the estimate of the whole one, which the replay learns from as well."""
    found = track_of(replace(FOUND, sizes=series(SIZES, adjusted={3: 150.0}, coverage={3: 0.8})), "sustainable")
    assert found.stands.tolist() == found.usual.tolist() == [100, 0, 120, 150]


def test_a_month_without_a_file_was_known_from_the_first() -> None:
    """There is no figure in it that anybody would know later."""
    points = FOUND.sizes.points
    silent = points[1]._replace(value=None, adjusted=None, coverage=0.0, known_from=None)
    found = track_of(replace(FOUND, sizes=replace(FOUND.sizes, points=(points[0], silent, *points[2:]))), "run_off")
    assert found.known[:2].tolist() == [known(0).toordinal(), 0]
    np.testing.assert_array_equal(found.stands, [0, NAN, 0, 0])

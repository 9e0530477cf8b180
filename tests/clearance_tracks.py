"""Tracks for the replay of clearance: from plain numbers, and judged against what came."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from forecasting.flow.replay import chances_at_most, replay
from forecasting.flow.tracks import Track
from waitlists.sources import Freq

Numbers = Sequence[float | None]


def numbers(values: Numbers) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def leaving(period_ends: Sequence[date], weeks: np.ndarray, left: np.ndarray, sizes: np.ndarray) -> Track:
    """Who leaves a list, each figure known on the last day of its period."""
    known = np.array([day.toordinal() for day in period_ends])
    return Track(tuple(period_ends), weeks, known, left, 0 * sizes, left / weeks)


def standing(period_ends: Sequence[date], weeks: np.ndarray, sizes: np.ndarray) -> Track:
    """How a list's size moves."""
    known = np.array([day.toordinal() for day in period_ends])
    return Track(tuple(period_ends), weeks, known, np.diff(sizes, prepend=np.nan), sizes, sizes)


def cut(track: Track, until: int) -> Track:
    """The track as it was known at the end of a period."""
    part = slice(0, until + 1)
    return Track(
        track.period_ends[part],
        track.weeks[part],
        track.known[part],
        track.moved[part],
        track.stands[part],
        track.usual[part],
    )


def held(tracks: Sequence[Track], sizes: Sequence[np.ndarray], freq: Freq, *, origins: Sequence[int]) -> list[bool]:
    """Of each list and past period whether its 80% range of when the list is gone held, where that could be seen.

    It could where the figures reach the end of the range, whatever came.
    """
    found: list[bool] = []
    for origin in origins:
        courses = replay([cut(track, origin) for track in tracks], freq=freq, is_stock=False)
        for track, size, course in zip(tracks, sizes, courses, strict=True):
            if course is None or not size[origin] > 0:
                continue
            chances = np.maximum.accumulate(1 - chances_at_most(course.by_week(104), size[origin] - 0.5))
            weeks, left = track.weeks[origin + 1 :].cumsum(), track.moved[origin + 1 :].cumsum()
            first, last = np.searchsorted(chances, [0.1, 0.9])
            if last < len(chances) and len(weeks) and weeks[-1] >= last + 1 and np.isfinite(left).all():
                gone = np.interp(size[origin], np.append(0, left), np.append(0, weeks), right=np.inf)
                found.append(bool(first <= gone <= last + 1))
    return found

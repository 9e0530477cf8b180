"""Whether the days of a column are those on which children were born, by the days on which they were referred.

A child is born years before it is referred, and on any day of the week; what clinics, schools and offices do years
before lies on working days.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from waitlists.ingest.referral_dates import UNREADABLE, day_reader

FEWEST = 30
"""Different days by which a column is judged: so many working days are told from any days of the week."""

BEFORE = 0.95
"""Share of them that lie before the referral; a few referrals are of unborn children, or mistyped."""

OLDEST = 26 * 366
"""Days of the oldest on a list of children and young people."""

USUAL = 365
"""Days from birth to referral of every second child at least."""

WEEKENDS = 0.12
"""Share of them on Saturdays and Sundays; two days in seven are, and of working days nearly none."""

_SATURDAY = 2
"""Days since 1970-01-01, a Thursday, modulo 7."""


def are_birth_days(cells: Sequence[str], received: Sequence[str], *, forms: Sequence[str]) -> bool:
    """Whether texts are birth days beside the days on which their rows' referrals were received.

    Parameters
    ----------
    forms : date formats that either may be written in; ISO days are always read
    """
    born, referred = _read(cells, forms), _read(received, forms)
    is_day, is_pair = born > UNREADABLE, (born > UNREADABLE) & (referred > UNREADABLE)
    if len(np.unique(born[is_pair])) < FEWEST or 2 * is_day.sum() < len(cells):
        return False
    age = (referred - born)[is_pair]
    is_weekend = (born[is_pair] - _SATURDAY) % 7 < 2
    return bool(
        ((age >= 0) & (age <= OLDEST)).mean() >= BEFORE and np.median(age) >= USUAL and is_weekend.mean() >= WEEKENDS
    )


def _read(texts: Sequence[str], forms: Sequence[str]) -> npt.NDArray[np.int64]:
    """The days of texts in the format that reads most of them."""
    read = [np.array(day_reader(form)(texts), np.int64) for form in forms]
    return max(read, key=lambda days: int((days > UNREADABLE).sum()))

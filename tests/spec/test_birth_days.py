"""Days of birth are told from other days before a referral: years before it, and on weekends too."""

from datetime import date, timedelta

import pytest

from waitlists.ingest.birth_days import FEWEST, are_birth_days

REFERRED = date(2026, 5, 4)
ISO = ("YYYY-MM-DD",)


def born(*, count: int = 60, first: int = 400, step: int = 23) -> list[date]:
    """Days before the referral, on every day of the week."""
    return [REFERRED - timedelta(days=first + step * n) for n in range(count)]


def told(days: list[date], *, spelt: str = "%Y-%m-%d", forms: tuple[str, ...] = ISO) -> bool:
    return are_birth_days([day.strftime(spelt) for day in days], [REFERRED.strftime(spelt)] * len(days), forms=forms)


@pytest.mark.parametrize(("spelt", "forms"), [("%Y-%m-%d", ISO), ("%d/%m/%Y", ("YYYYMMDD", "DD/MM/YYYY"))])
def test_births_of_small_children_are_told_by_the_referrals(spelt: str, forms: tuple[str, ...]):
    assert told(born(), spelt=spelt, forms=forms)


def test_too_few_days_tell_nothing():
    assert told(born(count=FEWEST))
    assert not told(born(count=FEWEST - 1))
    assert not told(born(count=FEWEST - 1) * 2)


def test_working_days_are_no_births():
    assert not told([day - timedelta(days=2 * (day.weekday() > 4)) for day in born()])


def test_days_about_the_referral_or_long_before_anybody_was_born_are_no_births():
    assert not told(born(first=-60, step=3))
    assert not told(born(first=-10_000))
    assert not told(born(first=26 * 366 + 1))
    assert not told(born(first=1, step=8))


def test_what_is_mostly_no_day_tells_nothing():
    days = [day.isoformat() for day in born()]
    assert are_birth_days([*days, *["x"] * 60], ["2026-05-04"] * 120, forms=ISO)
    assert not are_birth_days([*days, *["x"] * 61], ["2026-05-04"] * 121, forms=ISO)
    assert not are_birth_days(days, ["x"] * 60, forms=ISO)

"""Days of birth are told from other days before a referral: years before it, and on weekends too."""

from datetime import date, timedelta

import pytest

from waitlists.ingest.birth_days import are_birth_days

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


def aged(*days: int) -> list[date]:
    return [REFERRED - timedelta(days=age) for age in days]


def test_too_few_days_tell_nothing():
    assert told(born(count=30))
    assert not told(born(count=29))
    assert not told(born(count=29) * 2)


def test_every_second_child_is_a_year_old_or_more():
    assert told(aged(*range(350, 381)))
    assert not told(aged(*range(349, 380)))


def test_all_but_one_in_twenty_are_born_and_no_older_than_26():
    oldest = 26 * 366
    assert told(aged(*range(oldest - 56, oldest + 4)))
    assert not told(aged(*range(oldest - 55, oldest + 5)))
    assert told(aged(-1, -2, -3, 0, *range(1_000, 1_056)))
    assert not told(aged(-1, -2, -3, -4, *range(1_000, 1_056)))


def test_working_days_are_no_births():
    days = aged(*range(1_000, 1_200))
    working, weekends = [day for day in days if day.weekday() < 5], [day for day in days if day.weekday() > 4]
    assert told([*working[:44], *weekends[:6]])
    assert not told([*working[:45], *weekends[:5]])


def test_what_is_mostly_no_day_tells_nothing():
    days = [day.isoformat() for day in born()]
    assert are_birth_days([*days, *["x"] * 60], ["2026-05-04"] * 120, forms=ISO)
    assert not are_birth_days([*days, *["x"] * 61], ["2026-05-04"] * 121, forms=ISO)
    assert not are_birth_days(days, ["x"] * 60, forms=ISO)
    assert are_birth_days([*days, *days], [*["2026-05-04"] * 60, *["x"] * 60], forms=ISO)

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
    assert told(born(count=29)) is False
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


SPELT = [
    "%d/%m/%Y",
    "%d-%b-%Y",
    "%Y%m%d",
    "%d %B %Y",
    "%Y/%m/%d",
    "%d.%m.%Y 00:00:00",
    "%m/%d/%Y",
    "%d/%m/%y",
    "%d-%b-%y",
]


@pytest.mark.parametrize("spelt", SPELT)
def test_births_are_read_as_people_write_days_whatever_form_is_declared(spelt: str):
    for days, are_told in ((born(), True), (aged(*(day for day in range(-700, 700, 14))), False)):
        cells = [day.strftime(spelt) for day in days]
        assert are_birth_days(cells, [REFERRED.isoformat()] * len(days), forms=ISO) == are_told


@pytest.mark.parametrize("spelt", SPELT)
def test_working_days_are_no_births_however_they_are_written(spelt: str):
    days = [day for day in aged(*range(1_000, 1_200)) if day.weekday() < 5]
    assert not are_birth_days([day.strftime(spelt) for day in days], [REFERRED.isoformat()] * len(days), forms=ISO)


@pytest.mark.parametrize(("first", "step"), [(date(2010, 12, 20), -60), (date(1985, 1, 1), 1)])
def test_years_of_two_figures_are_no_later_than_the_referrals(first: date, step: int):
    days = [first + timedelta(days=step * n) for n in range(40)]
    assert are_birth_days([f"{day:%d/%m/%y}" for day in days], ["2010-12-31"] * 40, forms=ISO)


@pytest.mark.parametrize("first", [10_000, 40_000, 20_260_001])
def test_serial_numbers_are_no_births(first: int):
    assert not are_birth_days([str(first + 7 * n) for n in range(400)], [REFERRED.isoformat()] * 400, forms=ISO)


def test_days_that_lie_mostly_in_the_last_year_are_visits():
    older = range(730, 1_100)
    assert told(aged(*range(0, 365, 10), *range(365, 730, 14), *older))
    assert told(aged(*range(0, 410, 10), *range(730, 760), *older)) is False
    assert told(aged(*range(0, 20, 10), *older)), "chance"
    assert not told(aged(*range(0, 40, 10), *older))


@pytest.mark.parametrize("second", [(365, 729), (400, 729)])
def test_the_limit_of_referrals_in_the_first_year(second: tuple[int, int]):
    days = aged(*second, *range(500, 506), *range(730, 790), 0, 364, *range(100, 112))
    assert told(days)
    assert told([*days, *aged(200)]) is False

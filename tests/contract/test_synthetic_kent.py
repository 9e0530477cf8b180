"""The imagined Kent and Medway is as long, as slow and as seasonal as the published figures say, within tolerances."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import pytest

from waitlists.periods import add_months
from waitlists.record.schema import REASONS, STAGES
from waitlists.synthetic import kent
from waitlists.synthetic.kent.calendar import NEVER, day_number
from waitlists.synthetic.kent.counting import waiting, waits
from waitlists.synthetic.kent.profile import EDGES, OLDEST, profile

SEED, END = 20261116, date(2026, 11, 15)
MARCH, JUNE = date(2025, 3, 31), date(2024, 6, 30)


@cache
def whole() -> kent.Population:
    return kent.population(SEED, end=END)


@cache
def census() -> Mapping[tuple[date, str, str], tuple[int, ...]]:
    return {(row.period_end, row.service, row.org): row.bands for row in kent.band_census(whole())}


def year_around(day: date) -> list[date]:
    """Month ends: a month has its season, and a short list its luck."""
    return [add_months(day, number) for number in range(-6, 7)]


def lists_of(service: str, provider: str | None = None, *, review: bool = False) -> list[int]:
    chosen = ((n, item) for n, item in enumerate(kent.LISTS) if (item.service, item.is_review) == (service, review))
    return [n for n, item in chosen if provider in {None, item.provider}]


def of_service(service: str, priority: str | None = None) -> np.ndarray:
    numbers = [n for n in lists_of(service) if priority in {None, kent.LISTS[n].priority}]
    return np.isin(whole().referrals.list_index, numbers)


def completed(service: str, reason: str, priority: str | None = None) -> np.ndarray:
    """Days waited by those who got what they waited for."""
    referrals = whole().referrals
    chosen = of_service(service, priority) & (referrals.reason == REASONS.index(reason))
    return (referrals.stopped - referrals.started)[chosen]


def test_it_covers_156_weeks_and_every_service():
    assert len(whole().weeks) == 156
    assert (whole().weeks[0], whole().weeks[-1]) == (date(2023, 11, 26), END)
    assert set(kent.SERVICES) == {"ASD", "ADHD", "CAMHS", "CAMHS_ED", "SALT", "COMM_PAEDS", "WHEELCHAIR", "EHC"}
    assert 250_000 < len(whole().referrals.number) < 400_000


@pytest.mark.parametrize(
    ("service", "org", "day", "published", "tolerance"),
    [
        ("ASD", "QKS", MARCH, 10_000, 0.05),
        ("ADHD", "QKS", MARCH, 4_000, 0.05),
        ("CAMHS", "QKS", JUNE, 27_730, 0.05),
        ("SALT", "QKS", MARCH, 1_651, 0.06),
        ("SALT", "RYY", MARCH, 882, 0.10),
        ("SALT", "NQ7", MARCH, 769, 0.10),
        ("COMM_PAEDS", "QKS", MARCH, 8_718, 0.05),
        ("COMM_PAEDS", "NQ7", MARCH, 4_054, 0.05),
        ("COMM_PAEDS", "RYY", MARCH, 2_970, 0.05),
        ("COMM_PAEDS", "RPA", MARCH, 897, 0.08),
        ("COMM_PAEDS", "RVV", MARCH, 797, 0.08),
        ("WHEELCHAIR", "QKS", MARCH, 250, 0.10),
    ],
)
def test_a_list_is_as_long_as_published_in_the_year_around(service, org, day, published, tolerance):
    sizes = [sum(census()[month, service, org]) for month in year_around(day)]
    assert np.mean(sizes) == pytest.approx(published, rel=tolerance)


@pytest.mark.parametrize(
    ("service", "referrals", "seen", "unseen"),
    [
        ("ASD", 85, 55, 12),
        ("ADHD", 95, 77, 5),
        ("SALT", 170, 155, 12),
        ("COMM_PAEDS", 200, 150, 45),
        ("WHEELCHAIR", 8, 7, 1),
    ],
)
def test_weekly_flows_are_those_of_the_year_around_march_2025(service, referrals, seen, unseen):
    truth, around = whole().truth, whole().weeks.index(date(2025, 3, 30))
    year = (lists_of(service), slice(around - 26, around + 26))
    found = [flow[year[0], year[1]].sum(axis=0).mean() for flow in (truth.referrals, truth.seen, truth.unseen)]
    assert found[0] == pytest.approx(referrals, rel=0.08, abs=1)
    assert found[1] == pytest.approx(seen, rel=0.08, abs=1)
    assert found[2] == pytest.approx(unseen, rel=0.15, abs=0.3)


def test_a_month_brings_260_requests_for_a_plan():
    requests = whole().truth.referrals[lists_of("EHC")].sum(axis=0).mean() * 365.25 / 7 / 12
    assert requests == pytest.approx(260, rel=0.06)


def test_mental_health_loses_five_unseen_for_each_full_stop():
    truth, around = whole().truth, whole().weeks.index(JUNE)
    rows = lists_of("CAMHS")
    year = slice(around - 26, around + 26)
    assert truth.referrals[rows, year].sum(axis=0).mean() == pytest.approx(708, rel=0.05)
    assert truth.seen[rows, year].sum(axis=0).mean() == pytest.approx(97, rel=0.20)
    assert truth.unseen[rows, year].sum(axis=0).mean() == pytest.approx(520, rel=0.05)


def test_half_of_those_without_a_contact_have_waited_for_most_of_a_year():
    providers = ("RAT", "LOCAL:THERAPEUTIC_ALLIANCE")
    found = [waiting(waits(whole(), by, "CAMHS"), "list", on=day_number(JUNE)) for by in providers]
    days = np.concatenate([one.days[one.waiting_for == STAGES.index("first_contact")] for one in found])
    assert len(days) == pytest.approx(12_675, rel=0.08)
    assert np.median(days) == pytest.approx(202, rel=0.10)
    assert np.quantile(days, 0.9) == pytest.approx(767, rel=0.12)


@pytest.mark.parametrize(
    ("service", "published"),
    [
        ("COMM_PAEDS", (204, 177, 418, 1_326, 541, 3_345, 2_156, 551)),
        ("SALT", (173, 157, 239, 511, 107, 363, 101, 0)),
    ],
)
def test_each_band_holds_its_share(service, published):
    found = np.sum([census()[month, service, "QKS"] for month in year_around(MARCH)], axis=0)
    assert found / found.sum() == pytest.approx(np.array(published) / sum(published), abs=0.025)


@pytest.mark.parametrize(("provider", "over"), [("NQ7", 2_023), ("RYY", 394), ("RPA", 288), ("RVV", 2)])
def test_long_waits_are_where_they_are(provider, over):
    assert sum(census()[MARCH, "COMM_PAEDS", provider][6:]) == pytest.approx(over, rel=0.10, abs=10)


def test_autism_waits_last_three_years_and_attention_waits_one():
    assert 2.7 < np.median(completed("ASD", "seen")) / 365 < 4
    assert 0.7 < np.median(completed("ADHD", "assessed")) / 365 < 1.3


def test_shares_within_standards_are_believable():
    assert (completed("WHEELCHAIR", "equipment_delivered") <= 126).mean() == pytest.approx(0.80, abs=0.06)
    assert 0.5 < (completed("CAMHS_ED", "treated", "urgent") <= 7).mean() < 0.95
    assert 0.5 < (completed("CAMHS_ED", "treated", "routine") <= 28).mean() < 0.95
    # England 46 to 50 in 100 within 20 weeks; Kent 29 to 59.
    assert 0.29 < (completed("EHC", "treated") <= 140).mean() < 0.59


@pytest.mark.parametrize(("service", "growth"), [("ASD", 0.09), ("ADHD", 0.17), ("CAMHS", 0.15), ("COMM_PAEDS", 0.03)])
def test_lists_grow_by_their_share_until_the_front_door(service, growth):
    before = date(2026, 4, 30)
    years = (before - date(2023, 11, 30)).days / 365.25
    first, last = (sum(census()[day, service, "QKS"]) for day in (date(2023, 11, 30), before))
    assert (last / first) ** (1 / years) - 1 == pytest.approx(growth, abs=0.04)


@pytest.mark.parametrize(("services", "least", "most"), [(("ASD", "ADHD"), 0.5, 0.7), (("CAMHS", "SALT"), 0.9, 1.3)])
def test_fewer_are_referred_for_two_services_from_the_day_of_the_front_door(services, least, most):
    at = whole().weeks.index(whole().faults.front_door)
    joined = whole().truth.referrals[[n for service in services for n in lists_of(service)]].sum(axis=0)
    assert least < joined[at + 1 : at + 9].sum() / joined[at - 51 : at - 43].sum() < most


def test_referrals_have_a_season():
    weeks = np.array([day.month for day in whole().weeks])
    joined = whole().truth.referrals[lists_of("CAMHS") + lists_of("COMM_PAEDS")].sum(axis=0)
    month = {number: joined[weeks == number].mean() / joined.mean() for number in range(1, 13)}
    assert month[8] < 0.82
    assert min(month[3], month[10], month[11]) > 1.05
    assert month[4] < 0.97


def test_clinics_do_less_in_august_and_at_christmas():
    capacity = whole().truth.capacity[lists_of("COMM_PAEDS")].sum(axis=0)
    month = np.array([day.month for day in whole().weeks])
    christmas = [n for n, day in enumerate(whole().weeks) if (day.month, day.day) in {(12, 28), (12, 29), (12, 31)}]
    assert capacity[month == 8].mean() < 0.93 * capacity[month == 7].mean()
    assert capacity[christmas].mean() < 0.6 * capacity.mean()


def test_whoever_lives_in_a_deprived_area_is_there_more_often_and_misses_more():
    referrals = whole().referrals
    poorest, richest = referrals.decile <= 2, referrals.decile >= 9
    assert poorest.mean() > 1.4 * richest.mean()
    assert (referrals.missed[poorest] > 0).mean() > 1.3 * (referrals.missed[richest] > 0).mean()


def test_appointments_are_missed_cancelled_and_put_off():
    referrals = whole().referrals
    assert (referrals.missed > 0).mean() == pytest.approx(0.10, abs=0.03)
    assert (referrals.family > 0).mean() == pytest.approx(0.065, abs=0.02)
    assert (referrals.provider_on != NEVER).mean() == pytest.approx(0.04, abs=0.015)
    assert not (referrals.adjustment[referrals.family == 0] > 0).any()


def test_reviews_and_next_stages_are_waited_for_too():
    on = day_number(MARCH)
    assert 500 < len(waiting(waits(whole(), "RAT", "ADHD"), "review", on=on).days) < 900
    assert 30 < len(waiting(waits(whole(), "LOCAL:WHEELCHAIR_KM", "WHEELCHAIR"), "review", on=on).days) < 100
    assert len(waiting(waits(whole(), "RYY", "SALT"), "next", on=on).days) > 300


@pytest.mark.parametrize("item", kent.LISTS, ids=lambda item: f"{item.service}-{item.provider}-{item.is_review}")
def test_nobody_leaves_a_list_backwards(item):
    found = profile(item)
    assert found.waiting.shape == (OLDEST,)
    assert (np.diff(found.waiting) <= 0).all()
    assert ((found.seen >= 0) & (found.seen + found.unseen <= 1 + 1e-12)).all()
    assert np.add.reduceat(found.waiting, EDGES).sum() == pytest.approx(sum(item.bands), rel=0.25)

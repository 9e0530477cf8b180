"""Small lists that nobody has published: four weeks of three providers and their board, with flows and a forecast.

Every figure is invented. Most wait bands hold a few children, so that much of it has to be hidden.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Engine

from forecasting.results import LEVELS, Clearance, ClearanceAnswer, CurvePoint, Forecast, ForecastPoint, Score
from forecasting.store import save
from tests.attacker import SHARES
from tests.deliveries import add, finding
from tests.functional.api.kent import LABELS, NOW
from waitlists.bands import CHS_BANDS
from waitlists.details import Detail, Within
from waitlists.domain import (
    Figure,
    Level,
    Marker,
    Measure,
    ParsedDelivery,
    ParsedVintage,
    PrintedOrganisation,
    SeriesKey,
)
from waitlists.series import Break
from waitlists.standards import find_standard, last_day_within
from waitlists.store import write
from waitlists.store.session import writing
from waitlists.suppression.thresholds import ABOUT_DAYS, ALL_OVER_DAYS, OVER_DAYS

SOURCE = "weekly_return"
SERVICES = ("SALT", "ADHD")
PROVIDERS = ("NQ7", "RPA", "RYY")
BOARD = "QKS"
ORGS = (*PROVIDERS, BOARD)
SUNDAYS = tuple(date(2025, 4, 27) + timedelta(weeks=week) for week in range(4))
KINDS = ("referrals", "removals", "treated")
MARKS = {"ASD": ("ASD_NICE_13W", 1.0), "CAMHS": ("CYPMH_4W", 0.85)}
"""By service whose waits are counted one by one: its standard, and the share of the list that this is about."""

Numbers = dict[str, int]
"""One list: wait bands, `total`, and flows by kind; where waits are counted, those over a threshold as `kind days`."""

World = dict[tuple[date, str, str], Numbers]
"""The truth, by week, service and organisation."""


def world(seed: int = 1, services: Sequence[str] = SERVICES, providers: Sequence[str] = PROVIDERS) -> World:
    """Lists of 5 to 60 children that hang together from week to week, and their sums."""
    draw, truth = random.Random(seed), World()
    for service in services:
        size = {org: draw.choice((5, 12, 25, 60)) for org in providers}
        for week in SUNDAYS:
            for org in providers:
                joined, gone = draw.randint(0, 12), draw.randint(0, min(size[org], 12))
                size[org] += joined - gone
                waits = draw.choices(LABELS, SHARES, k=size[org])
                treated = draw.randint(0, gone)
                flows = {"referrals": joined, "removals": gone, "treated": treated}
                truth[week, service, org] = (
                    {label: waits.count(label) for label in LABELS} | flows | {"total": size[org]}
                ) | (over(draw, waits, service) if service in MARKS else {})
            every = [truth[week, service, org] for org in providers]
            truth[week, service, BOARD] = {name: sum(one[name] for one in every) for name in every[0]}
    return truth


def over(draw: random.Random, waits: Sequence[str], service: str) -> Numbers:
    """Those over the standard of a service: each child waited some day of its band, and the standard is about some."""
    standard, share = MARKS[service]
    bands, days = {band.label: band for band in CHS_BANDS}, last_day_within(find_standard(standard))
    waited = [(draw.randint(bands[one].from_days, bands[one].to_days or 1500), draw.random() < share) for one in waits]
    about, late = sum(own for _, own in waited), sum(wait > days and own for wait, own in waited)
    if share == 1:
        return {f"{OVER_DAYS} {days}": late}
    every = sum(wait > days for wait, _ in waited)
    return {f"{OVER_DAYS} {days}": late, f"{ABOUT_DAYS} {days}": about, f"{ALL_OVER_DAYS} {days}": every}


def services_of(truth: World) -> tuple[str, ...]:
    """The services of a world, in its order."""
    return tuple(dict.fromkeys(service for _, service, _ in truth))


def orgs_of(truth: World) -> tuple[str, ...]:
    """The providers of a world, in its order, and their board."""
    return tuple(dict.fromkeys(org for _, _, org in truth))


def place_of(name: str) -> tuple[str, str]:
    """The kind and band of a number of a list, or the kind and days."""
    kind, _, days = name.partition(" ")
    return (kind, days) if days else (name, "total") if name in KINDS else ("waiting", name)


def figures(truth: World, week: date, org: str) -> tuple[Figure, ...]:
    """What one organisation's return of a week says."""
    found: list[Figure] = []
    for service in services_of(truth):
        for name, count in truth[week, service, org].items():
            kind, band = place_of(name)
            if " " not in name:
                found.append(Figure(service, org, band, count, Marker.NUMBER, "Return", len(found) + 2, 7, kind))
    return tuple(found)


def details(truth: World, week: date, org: str) -> tuple[Detail, ...]:
    """What single waits say of the lists where they are counted."""
    every = ((service, truth[week, service, org]) for service in services_of(truth) if service in MARKS)
    return tuple(_detail(service, org, counts) for service, counts in every)


def _detail(service: str, org: str, counts: Numbers) -> Detail:
    standard, _ = MARKS[service]
    days = last_day_within(find_standard(standard))
    late, about = counts[f"{OVER_DAYS} {days}"], counts.get(f"{ABOUT_DAYS} {days}", counts["total"])
    every = counts.get(f"{ALL_OVER_DAYS} {days}", late)
    weeks = (counts["total"] - every, *[0] * (days // 7), every)
    bands = tuple(counts[label] for label in LABELS)
    waiting = {standard: Within(about - late, about)}
    return Detail(service, org, "list", counts["total"], bands, weeks=weeks, waiting=waiting)


def returns(truth: World) -> list[ParsedDelivery]:
    """A return of each provider and week; the last one of a week brings the board's sums with it."""
    levels, (*providers, _) = {BOARD: Level.ICB}, orgs_of(truth)
    named = tuple(PrintedOrganisation(org, f"NHS {org}", levels.get(org, Level.PROVIDER)) for org in orgs_of(truth))
    found: list[ParsedDelivery] = []
    for week in SUNDAYS:
        for org in providers:
            own = _vintage(truth, week, org, org)
            sums = _vintage(truth, week, BOARD, "")
            vintages = (own, sums) if org == providers[-1] else (own,)
            found.append(
                ParsedDelivery(
                    source=SOURCE,
                    layout="test",
                    period_end=week,
                    published_on=week + timedelta(days=1),
                    vintages=vintages,
                    findings=(),
                    counts={"cells_read": len(own.figures), "numbers": len(own.figures)},
                    organisations=named,
                )
            )
    return found


def _vintage(truth: World, week: date, org: str, scope: str) -> ParsedVintage:
    return ParsedVintage(SOURCE, week, figures(truth, week, org), scope, details=details(truth, week, org))


def forecasts(truth: World) -> list[Forecast]:
    """Each list carried on, with the ranges that a model of small counts would give."""
    last, found = SUNDAYS[-1], []
    for service in services_of(truth):
        for org in orgs_of(truth):
            size = truth[last, service, org]["total"]
            points = tuple(
                ForecastPoint(
                    last + timedelta(weeks=step),
                    step,
                    {f"{level}": max(0.0, size + step * (level - 0.5) * 3) for level in LEVELS},
                )
                for step in range(1, 5)
            )
            found.append(
                Forecast(
                    SeriesKey(SOURCE, service, org, Measure.LIST_SIZE),
                    as_of=last + timedelta(days=2),
                    freq="W",
                    status="fallback",
                    model="naive",
                    trained_until=last,
                    points=points,
                    scores={"naive": Score(n=8, wis=size / 7, mase=1.04321, coverage80=0.75, coverage95=1.0)},
                    reason=f"The last value, {size}, is carried on.",
                    breaks=(Break(SUNDAYS[1], "unknown", f"The list fell to {size}."),),
                )
            )
    return found


def clearances(truth: World) -> list[Clearance]:
    """Each list run off, with the numbers behind it."""
    last, found = SUNDAYS[-1], []
    for service in services_of(truth):
        for org in orgs_of(truth):
            counts = truth[last, service, org]
            size = counts["total"]
            answers = (
                ClearanceAnswer(
                    "run_off",
                    "ok",
                    f"If nobody new were referred, the list of {size} would be gone.",
                    p_by_horizon=0.912345,
                    p_never_within_horizon=0.087655,
                    p10=date(2026, 1, 4),
                    p50=date(2026, 3, 1),
                    p90=None,
                    curve=(CurvePoint(date(2026, 1, 4), 0.123456),),
                    details={"list_size": float(size), "removals_per_week": counts["removals"] / 4},
                ),
                ClearanceAnswer("threshold", "already", "Nobody was waiting over 52 weeks.", p_by_horizon=1.0),
                ClearanceAnswer("sustainable", "never", f"The list of {size} grows.", reason="more_join_than_leave"),
            )
            day = last + timedelta(days=2)
            found.append(Clearance(SOURCE, service, org, day, answers, {"per_week": size / 10}))
    return found


def fill_weekly(engine: Engine, truth: World) -> None:
    """Load the returns, each with a finding that says its number, and the forecasts."""
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        for one in returns(truth):
            week, org = one.period_end, one.vintages[0].scope
            first = services_of(truth)[0]
            said = finding("frozen_value", week, first, org, details={"size": truth[week, first, org]["total"]})
            add(connection, one, run_id=run_id, findings=(said,))
        save(connection, run_id, forecasts(truth), clearances(truth))
        write.publish(connection, run_id=run_id, now=NOW)
        write.finish_run(connection, run_id, status="done", summary={"loaded": 12}, now=NOW)

"""Invented weekly lists for the tests of breach warnings: a steady queue of three providers and their board."""

from datetime import date, timedelta

import numpy as np

from waitlists.bands import CHS_BANDS
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.details import ListWaits, Within
from waitlists.domain import Coverage, Finding, MissingProvider, Severity, Vintage
from waitlists.quality.presence import EXPECTED_WINDOW

FIRST = date(2026, 1, 4)
PROVIDERS = ("NQ7", "RPA", "RYY")
BOARD = "QKS"
JOINS = {"NQ7": 30, "RPA": 10, "RYY": 20}


def sunday(week: int) -> date:
    return FIRST + timedelta(weeks=week)


def monday(week: int) -> date:
    return sunday(week) + timedelta(days=1)


def ages(joins: int, *, weeks: int, hazard: float = 0.02, seed: int = 1) -> list[list[int]]:
    """A list by whole weeks waited at the end of each week, long after it began."""
    draw, now, found = np.random.default_rng(seed), np.zeros(261, dtype=int), []
    for week in range(300 + weeks):
        older = np.append(now[:-2], now[-2] + now[-1])
        now = np.append(draw.poisson(joins), draw.binomial(older, 1 - hazard))
        if week >= 300:
            found.append([int(count) for count in now])
    return found


def bands_of(weeks: list[int]) -> dict[str, int | None]:
    """The eight bands of single weeks, each week on its middle day."""
    counts: dict[str, int | None] = dict.fromkeys((band.label for band in CHS_BANDS), 0)
    for week, count in enumerate(weeks):
        label = next(band.label for band in CHS_BANDS if band.to_days is None or 7 * week + 3 <= band.to_days)
        counts[label] = (counts[label] or 0) + count
    return counts | {"total": sum(weeks)}


def cells_of(vintage: int, weeks: list[int], referred: int) -> VintageCells:
    over = {f"over_{limit}_weeks": sum(weeks[limit:]) for limit in (156, 208)}
    return VintageCells(vintage, bands_of(weeks), {"referrals": referred, **over})


def world(
    *,
    weeks: int = 40,
    service: str = "SALT",
    missing: tuple[int, ...] = (),
    short: tuple[str, ...] = (),
    hazard: float = 0.02,
    findings: dict[tuple[int, str], tuple[Finding, ...]] | None = None,
) -> tuple[ListHistory, dict[tuple[int, str], ListWaits]]:
    """A history with single weeks; in the weeks `missing` NQ7 sends nothing and the board's sum lacks it.

    As long as it is expected that is said; nobody waits for 8 weeks or more on the lists in `short`.
    """
    lists = {
        org: ages(joins, weeks=weeks, hazard=hazard, seed=place)
        for place, (org, joins) in enumerate(JOINS.items(), 1)
    }  # fmt: skip
    for org in short:
        lists[org] = [[count if week < 8 else 0 for week, count in enumerate(one)] for one in lists[org]]
    vintages, cells, coverage = list[Vintage](), {}, {}
    waits: dict[tuple[int, str], ListWaits] = {}
    for week in range(weeks):
        there = [org for org in PROVIDERS if org != "NQ7" or week not in missing]
        for place, org in enumerate((*there, BOARD)):
            number = 10 * week + place + 1
            parts = there if org == BOARD else [org]
            own = [sum(counts) for counts in zip(*(lists[one][week] for one in parts), strict=True)]
            vintages.append(
                Vintage(monday(week), number, "referral_extract", sunday(week), "" if org == BOARD else org)
            )
            cells[number, org] = cells_of(number, own, sum(JOINS[one] for one in parts))
            within = sum(own[:18])
            standards = {"CHS_18W": Within(within, sum(own)), "CYPMH_4W": Within(sum(own[:4]), sum(own))}
            waits[number, org] = ListWaits(tuple(own), standards)
            if org == BOARD and week in missing and week < min(missing) + EXPECTED_WINDOW - 1:
                last = min(missing) - 1
                size = sum(lists["NQ7"][last])
                gone = MissingProvider("NQ7", sunday(last), size)
                coverage[number, org] = Coverage(service, org, sum(own) / (sum(own) + size), (gone,))
    history = ListHistory(
        source="referral_extract", service=service, vintages=tuple(vintages), cells=cells, coverage=coverage,
        findings=findings or {}, is_synthetic=True,
    )  # fmt: skip
    return history, waits


def found_in(week: int, org: str, code: str, **details: object) -> dict[tuple[int, str], tuple[Finding, ...]]:
    """A finding about the list of one week."""
    one = Finding(code, Severity.WARNING, "It is odd.", sunday(week), monday(week), "SALT", org, details=details)
    return {(10 * week + (*PROVIDERS, BOARD).index(org) + 1, org): (one,)}

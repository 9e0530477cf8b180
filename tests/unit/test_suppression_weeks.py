"""Weeks as disclosure control keeps them: decided once, told apart by everything that a decision comes from."""

from datetime import date, timedelta
from hashlib import blake2b

import pytest

from tests.attacker import weeks
from tests.versions import THREE, of_sources
from waitlists.suppression import Rule
from waitlists.suppression.sheets import Version, sheets
from waitlists.suppression.tables import Decided
from waitlists.suppression.weeks import METHOD, Week, decided_in

SUNDAY = date(2025, 5, 4)
ORGS = ("RYY", "RPA", "RXY", "QKS")


def version(number: int, org: str, counts: dict[str, int], *, on: date = SUNDAY, run: int = 1) -> Version:
    cells = {("waiting", band): count for band, count in counts.items()}
    return Version(run, on + timedelta(days=run), number, "" if org == "QKS" else org, org, cells, "weekly_return")


def lists(*sizes: int, on: date = SUNDAY, run: int = 1) -> tuple[Version, ...]:
    """Returns of three providers and their sum, the one after the other."""
    bands = [{"total": size, "0-1": size // 3, ">1-2": size - size // 3} for size in sizes]
    whole = {band: sum(one[band] for one in bands) for band in bands[0]}
    return tuple(
        version(run * 10 + place, org, counts, on=on, run=run)
        for place, (org, counts) in enumerate(zip(ORGS, [*bands, whole], strict=True))
    )


BEFORE = lists(9, 8, 30, on=SUNDAY - timedelta(weeks=1))
WEEK = Week("SALT", SUNDAY, (*lists(8, 8, 1), *lists(8, 9, 2, run=2)), BEFORE)


@pytest.mark.parametrize("rule", Rule)
def test_what_was_decided_leads_to_the_same_sheets(rule):
    found = WEEK.sheets(rule)
    decided = decided_in(found)
    assert len(decided) == 2
    assert any(one.extra for one in decided)
    assert WEEK.sheets(rule, decided) == found
    assert decided_in(WEEK.sheets(rule, decided)) == decided


def test_it_is_taken_as_decided_and_not_found_out_again():
    everything = frozenset(next(iter(WEEK.sheets(Rule.HES).values())).table.counts)
    found = WEEK.sheets(Rule.HES, [Decided(everything, calls_small=False)])
    first, last = found["10/RYY"], found["20/RYY"]
    assert set(first.plan.shown.values()) == {None}
    assert not first.plan.calls_small
    # Of what came to be known later nothing was decided yet.
    assert last.plan.shown["20/RYY:total"] is not None or last.plan.hidden


def test_a_week_without_lists_has_nothing_to_decide():
    assert decided_in(Week("SALT", SUNDAY, (), ()).sheets(Rule.HES)) == []


def test_a_digest_is_of_everything_that_a_decision_comes_from():
    first, *others = WEEK.lists
    changed = [
        WEEK,
        WEEK._replace(service="ADHD"),
        WEEK._replace(period_end=SUNDAY + timedelta(weeks=1)),
        WEEK._replace(openings=()),
        WEEK._replace(lists=tuple(others)),
        WEEK._replace(lists=(first._replace(run_id=3), *others)),
        WEEK._replace(lists=(first._replace(known_from=SUNDAY), *others)),
        WEEK._replace(lists=(first._replace(vintage_id=99), *others)),
        WEEK._replace(lists=(first._replace(counts={**first.counts, ("waiting", "total"): 9}), *others)),
        WEEK._replace(lists=(first._replace(source="referral_extract"), *others)),
        WEEK._replace(lists=(first._replace(source="chs_sitrep"), *others)),
    ]
    digests = [week.digest(rule) for week in changed for rule in Rule]
    assert len(set(digests)) == len(digests)
    assert WEEK.digest(Rule.HES) == WEEK.digest(Rule.HES)


DECIDED = {8: {Rule.HES: "961edf473a502eab", Rule.MHSDS: "1f1813f12e0106ef"}}
"""By method, what it decides of the same invented weeks: a change here without another number in `METHOD` would leave
what was decided by the method before in the stores of others."""


@pytest.mark.parametrize("rule", Rule)
def test_another_method_has_another_number(rule):
    digest = blake2b(digest_size=8)
    for size in (12, 60, 400):
        for week in weeks(size, rule, number=2, seed=1):
            digest.update(repr((sorted(week.plan.extra), week.plan.calls_small)).encode())
    for sizes in ((8, 8, 1), (12, 12, 7), (30, 8, 2), (9, 9, 9), (200, 40, 3)):
        found = WEEK._replace(lists=lists(*sizes)).sheets(rule)
        digest.update(repr([(sorted(one.extra), one.calls_small) for one in decided_in(found)]).encode())
    found = sheets(list(of_sources(THREE)), (), parent_of=dict.fromkeys(THREE, "Q").get, rule=rule)
    digest.update(repr([(sorted(one.extra), one.calls_small) for one in decided_in(found)]).encode())
    assert digest.hexdigest() == DECIDED[METHOD][rule]

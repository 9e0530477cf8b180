"""Breach warnings of the invented Kent held against what its records then said."""

from datetime import timedelta

import pytest

from forecasting.flow.census import crossed
from forecasting.flow.ranges import pool_of, ranges
from forecasting.warnings.assess import looked_at
from forecasting.warnings.past import pasts_of
from forecasting.warnings.watched import watched
from jobs.demo.stages import AS_OF
from tests.functional.jobs.test_demo_lists import FIVE, RECORDS, first
from waitlists.domain import Level
from waitlists.quality.words import level_of
from waitlists.store import read
from waitlists.store.read_waits import single_waits
from waitlists.store.session import reading

__all__ = ["first"]

pytestmark = pytest.mark.slow

AHEAD = 12


def lists_of(engine, as_of):
    """Every list of the five services as known on a day, by service and organisation."""
    found = {}
    with reading(engine) as connection:
        for service in FIVE:
            history = read.list_history(connection, source=RECORDS, service=service, as_of=as_of)
            waits = single_waits(connection, source=RECORDS, service=service, as_of=as_of)
            lists = [org for org in history.orgs if level_of(org, {}) in (Level.PROVIDER, Level.ICB)]
            found |= {(service, one.org): one for one in pasts_of(history, waits, orgs=lists, as_of=as_of)}
    return found


def came_of(past, looked, weeks):
    """Children of a past list who were then seen to cross, week by week; None where a week between is not whole."""
    start = looked.step.period_end
    steps = [step for step in past.steps if start < step.period_end <= start + timedelta(weeks=weeks)]
    if len(steps) < weeks or not all(step.is_whole and step.census for step in steps):
        return None
    return sum(
        crossed(step.census, looked.watch.over_days, within=7, since=(step.period_end - start).days) for step in steps
    )


def test_ranges_made_twelve_weeks_ago_held_for_most_lists(first):
    engine, _ = first
    then, now = lists_of(engine, AS_OF - timedelta(weeks=AHEAD)), lists_of(engine, AS_OF)
    looked = {
        (*place, standard.id): one
        for place, past in then.items()
        for standard in watched(place[0], past.history.source)
        if (one := looked_at(past, standard, before=None)) and one.prospect.outlook
    }
    pool = pool_of(one.prospect.outlook for one in looked.values())
    held, made = 0, 0
    for place, one in looked.items():
        around, _ = ranges(one.prospect.outlook, pool)
        for found in around:
            came = came_of(now[place[:2]], one, found.weeks)
            if came is not None:
                made += 1
                held += round(found.p10) - 1 <= came <= round(found.p90) + 1
    assert made >= 30
    assert held / made >= 0.7

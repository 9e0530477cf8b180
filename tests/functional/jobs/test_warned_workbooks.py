"""Breach warnings from the published workbooks, replayed month by month as they came out."""

import re
from datetime import date

import pytest

from forecasting.flow.ranges import pool_of
from forecasting.warnings.assess import looked_at
from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.watched import watched
from waitlists.domain import Level
from waitlists.quality.words import level_of
from waitlists.store import read
from waitlists.store.session import reading

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

KENT = ("QKS", "RYY", "NQ7", "RPA", "RVV")
PUBLICATIONS = (date(2024, 12, 12), date(2025, 1, 9), date(2025, 3, 13), date(2025, 4, 10), date(2025, 5, 15))
"""The days on which the months October 2024 to March 2025 that there are came out."""


def replayed(engine, service):
    """The warnings of Kent's lists of a service on each day, each going on from the one before."""
    before, found = {}, []
    with reading(engine) as connection:
        for day in PUBLICATIONS:
            history = read.list_history(connection, source="chs_sitrep", service=service, as_of=day)
            pasts = pasts_of(history, {}, orgs=KENT, as_of=day)
            every = warnings_of(pasts, Known(before), as_of=day, levels={})
            before = {one.id: one for one in every}
            found.append({(one.figures.org, one.figures.standard_id): one for one in every})
    return found


def test_nothing_says_that_kents_community_paediatrics_improved(published):
    """Medway's provider sent nothing for November to January: 9,051 became 5,064."""
    months = replayed(published, "COMM_PAEDS")
    for standard in ("CHS_18W", "CHS_52W"):
        story = [month["QKS", standard] for month in months]
        silent = [one for one in story if one.figures.missing]
        assert [one.figures.missing for one in silent] == [("NQ7",), ("NQ7",)]
        for one in silent:
            assert not one.figures.is_whole
            assert (one.figures.change, one.figures.real_change, one.figures.newly_over_now) == (None, None, None)
            assert one.figures.over_now > 0.9 * story[0].figures.over_now
            assert "no sign that fewer wait" in one.sentence
        # Nor is its return a change.
        back = next(one for one in story[len(silent) :] if not one.figures.missing)
        assert back.figures.change is None
        for one in story:
            assert one.life.state in {"raised", "escalated"}
            assert not re.search("better|improve", one.sentence)
            assert "fewer than" not in one.sentence or (one.figures.is_whole and one.figures.real_change is None)


def test_the_provider_that_sent_nothing_keeps_its_own_warning(published):
    story = [month["NQ7", "CHS_52W"] for month in replayed(published, "COMM_PAEDS")]
    assert [one.figures.period_end for one in story[:3]] == [date(2024, 10, 31)] * 3
    assert all(one.life.state != "cleared" for one in story)
    assert "No figures were sent for November 2024" in story[1].sentence


def test_the_copied_number_of_speech_therapy_is_not_projected(published):
    one = replayed(published, "SALT")[-1]["QKS", "CHS_18W"]
    assert (one.figures.over_now, one.figures.newly_over) == (464, ())
    assert "The same number was sent for several services" in one.sentence


def test_in_march_2025_the_facts_are_those_of_the_workbook(published):
    one = replayed(published, "COMM_PAEDS")[-1]["QKS", "CHS_52W"]
    assert (one.figures.waiting, one.figures.over_now) == (8_718, 2_707)
    assert "proxy" in one.sentence
    assert [due.p50 for due in one.figures.newly_over] == sorted(due.p50 for due in one.figures.newly_over)


def test_about_8_in_10_past_ranges_held(published):
    """Of every provider's and board's list of three services, by week 4, 8 and 12."""
    found = []
    with reading(published) as connection:
        for service in ("COMM_PAEDS", "SALT", "WHEELCHAIR"):
            history = read.list_history(connection, source="chs_sitrep", service=service, as_of=date(2025, 6, 30))
            lists = [org for org in history.orgs if level_of(org, {}) in (Level.PROVIDER, Level.ICB)]
            pasts = pasts_of(history, {}, orgs=lists, as_of=date(2025, 6, 30))
            standards = [one for one in watched(service, "chs_sitrep") if one.id in {"CHS_18W", "CHS_52W"}]
            found += [looked_at(past, one, before=None) for past in pasts for one in standards]
    outlooks = [one.prospect.outlook for one in found if one and one.prospect.outlook]
    pool = pool_of(outlooks)
    for method in ("ageing", "last_crossings"):
        for weeks in (4, 8, 12):
            one = pool[method, "bands", weeks]
            assert one.checked > 50
            assert 0.70 <= one.held / one.checked <= 0.90, (method, weeks, one)
    aged = sum(one.method == "ageing" for one in outlooks)
    assert aged > len(outlooks) / 2

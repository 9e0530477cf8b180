"""Warnings under a standard that is about a part of its list: those over are never set beside the whole list."""

import json
from dataclasses import replace

import pytest

from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.kept import kept, warning_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.seen import alone, exactly
from forecasting.warnings.severity import severity_of
from forecasting.warnings.words import sentence_of
from tests.mailed import email_of, listed, mark, warned, week
from tests.warned import figures
from tests.warned_lists import PROVIDERS, monday, world
from waitlists.details import Within
from waitlists.suppression import Rule

ORG = "RYY"
LAST = 29
NOT_WORKED_OUT = (
    "The standard is about a part of the list: who crossed lately, and who is likely to, is not worked out for a part."
)


def warned_of(about):
    """The warning of a list of which the standard is about a share, half of them over it."""
    history, waits = world(service="CAMHS", weeks=LAST + 1)
    for place, one in waits.items():
        part = int(sum(one.weeks) * about)
        over = part // 2 if about < 1 else sum(one.weeks[4:]) // 2
        waits[place] = one._replace(waiting={"CYPMH_4W": Within(part - over, part)})
    pasts = pasts_of(history, waits, orgs=[ORG], as_of=monday(LAST))
    (one,) = (
        one
        for one in warnings_of(pasts, Known(), as_of=monday(LAST), levels={})
        if one.figures.standard_id == "CYPMH_4W"
    )
    (counted,) = waits[10 * LAST + PROVIDERS.index(ORG) + 1, ORG].waiting.values()
    return one, counted


def test_those_over_are_of_the_part_and_nobody_is_said_to_cross():
    one, (within, about) = warned_of(0.3)
    told = one.figures
    assert (told.about, told.over_now, told.over_standard) == (about, about - within, about - within)
    assert told.waiting > 3 * about
    assert (told.newly_over_now, told.newly_since, told.newly_over, told.held) == (None, None, (), ())
    assert {"part_of_list"} == {caveat.code for caveat in told.caveats} & {"part_of_list", "no_outlook", "unchecked"}
    assert f"{about - within} of {about} children the standard is about wait 4 weeks or more (CYPMH_4W)" in one.sentence
    assert NOT_WORKED_OUT in one.sentence
    assert "Newly over" not in one.sentence
    assert "Likely to cross" not in one.sentence
    assert one.life.severity == "medium"


def test_where_the_standard_is_about_all_of_the_list_all_is_worked_out():
    one, (_, about) = warned_of(1)
    told = one.figures
    assert (told.about, told.waiting) == (None, about)
    assert told.newly_over_now is not None
    assert len(told.newly_over) == 3
    assert NOT_WORKED_OUT not in one.sentence


def test_a_part_that_not_everybody_counted_is_no_part():
    history, waits = world(service="CAMHS", weeks=13)
    (past,) = pasts_of(history, waits, orgs=[ORG], as_of=monday(12))
    assert past.last.about("CYPMH_4W") == sum(waits[120 + PROVIDERS.index(ORG) + 1, ORG].weeks)
    assert past.last.about("CHS_18W") is None
    assert past.last.about("CYPED_ROUTINE") is None
    assert replace(past.last, parts=()).about("CYPMH_4W") is None


PART = {"about": 200, "newly_over_now": None, "newly_since": None, "newly_over": (), "held": ()}


def test_who_may_not_see_exact_figures_is_told_of_whom_and_not_how_many_they_are():
    told = figures(**PART)
    seen = alone(told, rule=Rule.HES)
    assert (seen.is_part, seen.about) == (True, None)
    assert "165 of those the standard is about wait over 18 weeks" in sentence_of(seen, told)


def test_the_share_that_may_wait_is_one_of_the_part():
    few = figures(**PART, over_now=14, over_standard=14, waiting=20)
    assert severity_of(exactly(few), few) == "low"
    many = figures(**PART, over_now=100, over_standard=100, waiting=2000)
    assert severity_of(exactly(many), many) == "medium"
    assert severity_of(alone(many, rule=Rule.HES), many) == "medium"


def test_what_was_kept_before_parts_were_told_can_be_read():
    one, _ = warned_of(0.3)
    row = json.loads(json.dumps(kept(one)))
    assert warning_of(row) == one
    del row["figures"]["about"]
    assert warning_of(row).figures.about is None


@pytest.mark.parametrize(("over", "told"), [(163, "165"), (3, "fewer than 8")])
def test_the_mail_never_sets_them_beside_the_whole_list(over, told):
    part = warned(**PART, over_now=over, over_standard=over)
    found = email_of(week(listed(mark(part)), listed(service="EHC")))
    (block,) = (one for section in found.sections if section.title.startswith("Speech") for one in section.blocks)
    assert block.rows[0].value.startswith(f"{told} of those the standard is about")
    (line,) = (one for one in found.glance if one.startswith("Speech"))
    assert f": {told} of those the standard is about over 18 weeks" in line
    (first, *_) = email_of(week(listed(mark(part)))).summary
    assert first.endswith(f"{told} of those the standard is about wait over 18 weeks.")
    assert not any("545" in one for one in (block.rows[0].value, line, first))

"""Warnings under a standard that is about a part of its list: those over are never set beside the whole list."""

import json
from dataclasses import replace

import pytest

from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.kept import kept, warning_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.seen import alone, exactly
from forecasting.warnings.severity import severity_of
from forecasting.warnings.warning import Tail
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


def warned_of(about, *, over_share=0.5):
    """The warning of a list of which the standard is about a share, half of them over it."""
    history, waits = world(service="CAMHS", weeks=LAST + 1)
    for place, one in waits.items():
        part = int(sum(one.weeks) * about)
        over = int(part * over_share) if about < 1 else sum(one.weeks[4:]) // 2
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


def test_the_long_tail_is_watched_where_nearly_all_of_the_part_are_over():
    """Of a third of the list; of the waits beyond it everybody's are counted, and nobody knows which are the part's."""
    one, (within, about) = warned_of(0.3, over_share=0.85)
    told = one.figures
    assert about - within < 0.3 * told.waiting
    assert (told.subject, told.over_days, told.over_now) == ("long_tail", 364, told.tail[0].over_now)
    assert (
        "nearly all whom CYPMH_4W is about wait longer than it asks at the end of the week to 26 July 2026, so the"
        f" longest waits of the whole list are watched: {told.over_now} wait over 52 weeks."
    ) in one.sentence
    assert f"{about - within:,} of" not in one.sentence
    assert one.life.severity != "low"


def test_of_lists_that_were_not_all_counted_by_part_none_is():
    """Of one of them nobody said whom the standard is about: both are taken by how long all wait."""
    history, waits = world(service="CAMHS", weeks=13)
    places = [120 + PROVIDERS.index(org) + 1 for org in (ORG, "NQ7")]
    part, whole = waits[places[0], ORG], waits[places[1], "NQ7"]
    waits[places[0], ORG] = part._replace(waiting={"CYPMH_4W": Within(3, 13)})
    waits[places[1], "NQ7"] = whole._replace(waiting={})
    one, other = (past.last for past in pasts_of(history, waits, orgs=[ORG, "NQ7"], as_of=monday(12)))
    both = replace(one, parts=(*one.parts, *other.parts))
    assert (one.about("CYPMH_4W"), one.over(27, "CYPMH_4W")) == (13, 10)
    assert (both.about("CYPMH_4W"), both.over(27, "CYPMH_4W")) == (None, sum(part.weeks[4:]) + sum(whole.weeks[4:]))


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


def test_the_mail_sets_them_beside_no_waits_of_the_whole_list():
    """The 10 over a year are of all 545, so they are not some of the 165 whom the standard is about."""
    tail = {"subject": "long_tail", "over_days": 364, "tail": (Tail(52, 10),), "over_now": 10, "over_standard": 163}
    found = email_of(week(listed(mark(warned(service="CAMHS", standard_id="CYPMH_4W", **tail)), service="CAMHS")))
    (block,) = (one for section in found.sections for one in section.blocks)
    assert block.notes[0] == (
        "Nearly every child it is about waits 4 weeks or more already, so the longest waits of the whole list are"
        " watched."
    )
    (first, *_) = found.summary
    assert "10 of 545 children wait over 52 weeks" in first
    assert "165" not in first


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

"""What the weekly email says, from the facts alone: the number that counts, whether it is real, and no more."""

from dataclasses import replace
from datetime import date

import pytest

from forecasting.flow.ranges import Checked
from forecasting.warnings.caveats import FILE_OUT, SYNTHETIC, UNBALANCED, UNEXPLAINED
from forecasting.warnings.warning import Acknowledgement, Caveat, Counted, Tail
from jobs.mail.breach_caveats import NEWER
from jobs.mail.breach_csv import csv_of
from jobs.mail.breach_email import INVENTED, REAL
from jobs.mail.breach_facts import ChartFacts
from jobs.mail.breach_words import TOO_SMALL, band_words, short_place
from tests.mailed import HIDDEN, calm, email_of, listed, mark, number, warned, week
from tests.warned import MONDAY, SUNDAY, WEEK, due
from waitlists.domain import Level
from waitlists.security.access import Role
from waitlists.standards import STANDARDS
from waitlists.suppression import Rule

TWO = (Counted(7, "QKS", SUNDAY), Counted(3, "NQ7", SUNDAY - WEEK))
"""A list with the last known figures of who is missing added."""
MAY_NOT_CLAIM = ("for the better", "improved", "fewer:")


def texts(email):
    """Everything that the email says, in a line each."""
    for section in email.sections:
        yield from (section.title, section.about, section.hidden or "", *section.drivers, *section.caveats)
        for block in section.blocks:
            yield from (block.title, block.status, *(f"{row.label}: {row.value}" for row in block.rows), *block.notes)
        yield from (f"{row.label}: {row.value}" for row in section.rows)
    yield from (email.subject, email.notice or "", *email.summary, *email.glance)
    yield from (*email.late, *email.actions, *email.about)


def said(email):
    return "\n".join(texts(email))


def rows(email, place=0, block=0):
    return {row.label: row.value for row in email.sections[place].blocks[block].rows}


def test_the_subject_has_scope_date_and_one_number():
    assert email_of(week()).subject == "Kent and Medway SALT, 16 November 2026: 10 children newly over 18 weeks"


@pytest.mark.parametrize(
    ("one", "subject"),
    [
        ({"newly_over_now": 0}, "165 children over 18 weeks"),
        ({"newly_over_now": 5}, "165 children over 18 weeks"),
        ({"newly_over_now": 5, "over_now": 6, "over_standard": 6}, "fewer than 8 children over 18 weeks"),
        ({"over_now": 6, "over_standard": 6, "counted": TWO}, "a warning whose number cannot be shown"),
    ],
)
def test_the_one_number_is_the_newly_over_else_all_who_are(one, subject):
    found = email_of(week(listed(mark(warned(org="QKS", **one))))).subject
    assert found == f"Kent and Medway SALT, 16 November 2026: {subject}"


def test_several_lists_are_counted_and_the_number_names_its_service():
    other = listed(calm("ASD_NICE_13W"), service="ASD")
    found = email_of(week(other, listed()))
    assert found.subject == "Kent and Medway, 2 services, 16 November 2026: 10 children newly over 18 weeks in SALT"
    assert [section.title for section in found.sections] == [
        "Speech and language therapy for children",
        "Autism assessment",
    ]
    assert found.glance == (
        f"Speech and language therapy for children: 165 of 545 over 18 weeks, 10 newly; in all 5 more, {TOO_SMALL}.",
        "Autism assessment: no warning, 545 waiting.",
    )


def test_lists_of_several_places_are_named_with_them():
    far = listed(mark(warned(org="RYY")), org="RYY")
    found = email_of(week(listed(), far))
    assert found.subject == ("2 organisations SALT, 16 November 2026: 10 children newly over 18 weeks, Kent and Medway")
    both = email_of(week(far, listed(calm("ASD_NICE_13W"), service="ASD")))
    assert both.subject.endswith("10 children newly over 18 weeks in SALT, Kent Community Health NHS Foundation Trust")
    silent = email_of(week(listed(), silent=(("SALT", "RYY"),)))
    assert silent.subject.endswith("10 children newly over 18 weeks, Kent and Medway")
    assert [section.title.partition(", ")[2] for section in found.sections] == [
        "NHS Kent and Medway Integrated Care Board", "Kent Community Health NHS Foundation Trust",
    ]  # fmt: skip
    assert short_place("RYY") == "Kent Community Health NHS Foundation Trust"


def test_the_gravest_warning_comes_first():
    rise = {"real_change_shown": True, "is_worse_shown": True}
    grave = mark(warned(org="QKS", service="ADHD", standard_id="ADHD_LOCAL_52W", over_days=364, **rise))
    found = email_of(week(listed(), listed(grave, service="ADHD")))
    assert found.sections[0].title == "ADHD assessment"
    assert found.subject.endswith("newly over the local 52 week mark in ADHD")


def test_the_subject_is_about_a_number_that_can_be_told_where_there_is_one():
    small = listed(mark(warned(org="QKS", over_now=6, over_standard=6, state={"severity": "high"})), service="EHC")
    found = email_of(week(small, listed()))
    assert found.subject.endswith("10 children newly over 18 weeks in SALT")
    # Where it stands in the mail says as little of how grave it is as its line does.
    assert found.sections[1].title == "Education, health and care plans"
    assert "its severity not shown. Raised on" in found.sections[1].blocks[0].status
    assert "high" not in found.sections[1].blocks[0].status


def test_three_sentences_say_where_it_stands_whether_it_is_real_and_what_to_do():
    changed = warned(org="QKS", change=30, real_change_shown=True, is_worse_shown=True)
    stands, real, do = email_of(week(listed(mark(changed)))).summary
    assert stands == (
        "Speech and language therapy for children, Kent and Medway, has a breach warning under the standard of 18 "
        "weeks on a community list (NHS England): at the end of the week to 15 November 2026, 165 of 545 children "
        "wait over 18 weeks, 10 newly."
    )
    assert (
        real == "Since the week to 8 November 2026, those over 18 weeks: in all 30 more, a real change for the worse."
    )
    assert do == (
        "Acknowledge 1 warning at the links below and say what is being done, the first by 19 November 2026. Look "
        "first here: More joined the list (50) than left it (40)."
    )


def test_other_warnings_that_really_got_worse_are_counted():
    worse = {"change": 30, "real_change_shown": True, "is_worse_shown": True}
    other = listed(
        mark(warned(org="QKS", service="ASD", standard_id="ASD_NICE_13W", over_days=91, **worse)), service="ASD"
    )
    third = listed(mark(warned(org="QKS", service="EHC", standard_id="EHC_20W", over_days=140, **worse)), service="EHC")
    grave = listed(mark(warned(org="QKS", newly_over_now=50, **worse)))
    assert email_of(week(grave, other)).summary[1].endswith(" 1 other warning really got worse.")
    assert email_of(week(grave, other, third)).summary[1].endswith(" 2 other warnings really got worse.")
    step = listed(
        mark(warned(org="QKS", service="ASD", standard_id="ASD_NICE_13W", **(worse | {"change": 3}))), service="ASD"
    )
    assert "really got worse" not in email_of(week(grave, step)).summary[1]


def test_a_block_holds_every_number_that_was_promised():
    assert rows(email_of(week())) == {
        "Waiting over 18 weeks": "165 of 545",
        "Newly over since 8 November 2026": "10",
        "Change since the week to 8 November 2026": f"5 more, {TOO_SMALL}",
        "Due to cross in 4 weeks, by 13 December 2026": "likely between 15 and 20",
        "Due to cross in 8 weeks, by 10 January 2027": "likely between 25 and 30",
        "Due to cross in 12 weeks, by 7 February 2027": "likely between 35 and 50",
        "Longest wait": "52 to 104 weeks",
    }
    section = email_of(week()).sections[0]
    assert section.about == (
        "Figures for the week to 15 November 2026, 1 day old, from referral records, counted by us each Sunday."
    )
    assert [tuple(row) for row in section.rows] == [
        ("Waiting", "545"), ("Joined the list in the week", "50"), ("Left it", "40"), ("Waiting over 104 weeks", "0"),
    ]  # fmt: skip
    assert section.hidden == "Not shown: waiting for a review."
    assert section.blocks[0].status == (
        "Breach warning, medium. Raised on 16 November 2026; the provider is asked to take it by 19 November 2026. "
        "Untaken it goes to the next role."
    )
    assert section.blocks[0].notes == (
        "Looking back, 79% of 48 such ranges held; 80% were meant to.",
    )  # fmt: skip
    assert section.blocks[0].link.startswith("https://waits.example.org/breaches/")


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((Checked(4, 40, 24),), "60% of 40 such ranges held; 80% were meant to. They were too narrow"),
        ((Checked(4, 14, 0),), "Too few past ranges could be checked to say how well such ranges hold (14)."),
        ((), "No past ranges could be checked yet"),
    ],
)
def test_a_poor_record_stands_beside_the_ranges(held, words):
    (note,) = email_of(week(listed(mark(warned(org="QKS", held=held))))).sections[0].blocks[0].notes
    assert words in note


def test_no_exact_number_is_in_the_email():
    """I15: whatever the role, all numbers are rounded, and differences are of rounded ones."""
    parts = [warned(org="RYY", over_now=163, waiting=543), warned(org="NQ7", over_now=157, waiting=541)]
    found = said(email_of(week(listed(mark(warned(org="QKS"), parts=parts)))))
    assert not [
        exact for exact in ("163", "543", "157", "541", "12 newly", " 34 ", " 43 ", " 52 and") if exact in found
    ]


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ((0.0, 0.0, 0.0), "likely none"),
        ((20.0, 20.0, 20.0), "likely about 20"),
        ((2.0, 5.0, 20.0), "likely up to 20"),
        ((0.0, 2.0, 4.0), "a number not shown"),
        ((0.0, 5.0, 20.0), "likely up to 20"),
    ],
)
def test_a_range_is_never_a_promise(ranges, words):
    found = rows(email_of(week(listed(mark(warned(org="QKS", newly_over=(due(4, *ranges),)))))))
    assert found["Due to cross in 4 weeks, by 13 December 2026"] == words
    assert "will" not in said(email_of(week()))


def test_a_horizon_that_is_over_is_not_looked_ahead_to():
    past = (due(4, 10.0, 12.0, 15.0, by=MONDAY), due(8, 20.0, 22.0, 25.0))
    found = rows(email_of(week(listed(mark(warned(org="QKS", newly_over=past))))))
    assert [label for label in found if label.startswith("Due")] == ["Due to cross in 8 weeks, by 10 January 2027"]


def test_children_not_yet_referred_stand_apart():
    far = (due(4, 10.0, 12.0, 15.0, not_yet_referred=41.0),)
    found = rows(email_of(week(listed(mark(warned(org="QKS", newly_over=far))))))
    assert found["Beside them, not yet referred, by 13 December 2026"] == "about 40"


@pytest.mark.parametrize(
    ("counted", "row", "stands", "glance"),
    [
        (
            TWO[:1],
            "fewer than 8 of 545; what follows from it is not shown",
            "the end of the week to 15 November 2026, fewer than 8 of 545 children wait over 18 weeks.",
            "fewer than 8 of 545 over 18 weeks.",
        ),
        (
            TWO,
            "a number not shown, nor what follows from it",
            "(NHS England); how many it is about cannot be shown.",
            "a warning stands; how many it is about cannot be shown.",
        ),
    ],
    ids=["small", "which is not told"],
)
def test_what_follows_from_a_hidden_number_is_not_shown_either(counted, row, stands, glance):
    hidden = warned(org="QKS", over_now=6, over_standard=6, change=3, counted=counted)
    found = email_of(week(listed(mark(hidden))))
    assert rows(found) == {"Waiting over 18 weeks": row}
    assert found.sections[0].blocks[0].notes == ()
    assert found.summary[0].endswith(stands)
    several = email_of(week(listed(mark(hidden)), listed(calm(), service="EHC"))).glance
    assert several[0].endswith(glance)


@pytest.mark.parametrize(
    ("change", "real", "worse", "words"),
    [
        (30, True, True, "30 more, a real change for the worse"),
        (-30, True, False, "30 fewer, a real change for the better"),
        (30, False, True, "30 more, within usual variation"),
        (30, None, None, "30 more; whether this is a real change cannot be told from rounded figures"),
        (3, False, None, "5 more, too small to tell from rounding"),
        (3, True, True, "5 more, too small to tell from rounding; over time a real change for the worse"),
        (-30, True, True, "30 fewer; over time a real change for the worse"),
        (0, True, True, "no change, as rounded; over time a real change for the worse"),
        (0, False, False, "no change, as rounded"),
        (None, None, None, "not known"),
    ],
)
def test_a_change_is_told_with_whether_it_is_real(change, real, worse, words):
    one = warned(org="QKS", change=change, real_change_shown=real, is_worse_shown=worse)
    label = "Change since the week to 8 November 2026"
    assert rows(email_of(week(listed(mark(one)))))[label] == words


@pytest.mark.parametrize(
    ("change", "real", "words"),
    [
        (-30, None, "30 fewer; no improvement as long as a file of this list is out"),
        (-30, False, "30 fewer, within usual variation"),
        (30, True, "30 more, a real change for the worse"),
    ],
)
def test_a_fall_of_a_list_that_waits_for_a_file_is_no_improvement(change, real, words):
    out = "A file of referral records is held."
    one = warned(org="QKS", change=change, real_change_shown=real, is_worse_shown=real, caveats=(FILE_OUT,))
    found = email_of(week(listed(mark(one), unread=(out,), is_awaited=True), unread=(out,)))
    assert rows(found)["Change since the week to 8 November 2026"] == words
    assert found.sections[0].caveats == (out,)
    assert any(action.endswith("Till then no fall is progress.") for action in found.actions)


def test_figures_that_cannot_be_right_are_named_and_none_is_shown_as_one():
    was = warned(org="RYY", period_end=SUNDAY - WEEK, is_whole=False)
    doubted = {"missing": ("Kent Community Health",), "is_doubted": True, "waiting": HIDDEN, "org": "RYY"}
    nothing = {"balance": (), "referrals": None, "left": None}
    found = email_of(week(listed(mark(was), **doubted, **nothing)))
    assert found.subject.endswith("(figures late)")
    assert found.summary[1].endswith("so no fall in these numbers may be read as an improvement.")
    assert [row.label for row in found.sections[0].rows] == ["Waiting"]
    assert rows(found)["Waiting over 18 weeks, the week to 8 November 2026"] == "165 of 545"
    assert found.sections[0].caveats[0] == (
        "The figures sent for the week to 15 November 2026 cannot be right: none is shown here, and nothing is a sign "
        "that fewer wait."
    )
    quiet = email_of(week(listed(calm(over=HIDDEN), **doubted, **nothing)))
    assert quiet.sections[0].blocks[0].status == "No warning stands; the newest figures cannot be right."


def test_who_is_missing_is_added_in_warnings_of_the_same_period_alone():
    added = "in the warnings their last known figures are added"
    for day, is_added in ((SUNDAY, True), (SUNDAY - WEEK, False)):
        one = warned(org="QKS", period_end=day, is_whole=False)
        assert (added in said(email_of(week(listed(mark(one), missing=("Salus",)))))) is is_added


UNEXPLAINED_LIST = Caveat(UNBALANCED, "Salus: the list is not explained by who joined and who left.")


@pytest.mark.parametrize(("change", "words"), [(-90, "90 fewer"), (80, "80 more")])
def test_a_change_that_flows_do_not_explain_is_no_real_one_and_they_drive_nothing(change, words):
    one = warned(org="QKS", change=change, real_change_shown=None, is_worse_shown=None, caveats=(UNEXPLAINED_LIST,))
    found = email_of(week(listed(mark(one))))
    told = f"{words}; not called a real change, as who joined and who left do not explain the list"
    assert rows(found)["Change since the week to 8 November 2026"] == told
    assert found.sections[0].drivers == ()
    assert found.sections[0].caveats == (UNEXPLAINED_LIST.sentence,)


def test_where_whether_it_changed_is_not_known_for_its_flows_the_summary_says_so():
    one = warned(org="QKS", is_whole=False, caveats=(UNEXPLAINED_LIST,))
    assert email_of(week(listed(mark(one)))).summary[1] == (
        "Whether it changed since the week to 8 November 2026 is not known, as who joined and who left do not explain "
        "the list."
    )


def test_a_change_since_an_unknown_day_is_since_a_week_ago():
    one = warned(org="QKS", change=None, change_since=None)
    found = email_of(week(listed(mark(one))))
    assert rows(found)["Change since a week ago"] == "not known"
    assert found.summary[1] == "Whether it changed since a week ago is not known."


@pytest.mark.parametrize("is_whole", [True, False])
def test_an_absent_provider_is_named_and_nothing_is_an_improvement(is_whole):
    """Half of the list is gone, so fewer are over: no sentence may call that better."""
    gone = warned(
        org="QKS", over_now=80, over_standard=80, change=-85, real_change_shown=True, is_worse_shown=False,
        is_whole=is_whole, missing=("NQ7",), caveats=(Caveat("part_missing", "Part of the list is missing."),),
    )  # fmt: skip
    late = ("Medway Community Healthcare sent no figures for November 2024 (Speech and language therapy).",)
    found = email_of(week(listed(mark(gone), missing=("Medway Community Healthcare",)), late=late))
    assert found.subject.endswith("(figures late)")
    assert found.summary[1] == (
        "Medway Community Healthcare sent no figures that can be used, so no fall in these numbers may be read as an "
        "improvement."
    )
    assert found.late == late
    assert "Commissioner: ask those named as late for their figures" in said(found)
    assert "Ask those named as late for their figures." in found.summary[2]
    assert not [claim for claim in MAY_NOT_CLAIM if claim in said(found)]
    (caveat,) = [text for text in found.sections[0].caveats if "part of the list is missing" in text.lower()]
    assert caveat.endswith("; in the warnings their last known figures are added.")
    assert found.sections[0].rows[0] == ("Waiting, without the missing", "545")


def test_no_breaches_are_said_and_asked_for_nothing():
    """F33: silence is an alarm, so a calm week is told too."""
    found = email_of(week(listed(calm())))
    assert found.subject == "Kent and Medway SALT, 16 November 2026: no breach warnings"
    assert found.summary == (
        "No breaches this week: no list that you asked about has a warning.",
        "So there is no change to judge.",
        "Nothing is asked of you this week.",
    )
    assert found.sections[0].blocks[0].status.startswith("No breach: nobody is over it")
    assert found.sections[0].blocks[0].link is None
    assert found.actions == ("Nothing is asked of you this week.",)
    assert (found.notice, found.sections[0].caveats) == (INVENTED, ())


@pytest.mark.parametrize("over", [HIDDEN, number(10)])
def test_a_calm_list_of_which_not_all_is_known_claims_no_more(over):
    found = email_of(week(listed(calm(over=over))))
    assert found.sections[0].blocks[0].status == "No warning stands."
    calm_week = over.value is not None
    assert found.summary[0].startswith("No breaches" if calm_week else "No breach warning stands this week; of 1 of 1")


def test_with_part_missing_a_list_without_warning_is_not_called_free_of_breaches():
    found = email_of(week(listed(calm(), missing=("NQ7",))))
    assert found.sections[0].blocks[0].status == "No warning stands; part of the list is missing."
    assert "of 1 of 1 lists not all is known" in found.summary[0]
    assert found.sections[0].caveats[0].endswith("nothing here is a sign that fewer wait.")


def test_late_figures_are_told_with_their_age():
    """F34: what is old is never shown as new."""
    old = SUNDAY - 3 * WEEK
    other = listed(calm(over=HIDDEN), service="ASD")
    given = listed(calm(), period_end=old, latest_period=SUNDAY), other
    found = email_of(week(*given, late=("Nothing newer has come.",)))
    late = "In figures 22 days old no list that you asked about had a warning; this week's data are late."
    assert found.summary[0] == f"{late} Of 1 of 2 lists not all is known."
    assert found.glance[0].endswith(": no warning in figures 22 days old, 545 waiting.")
    status = found.sections[0].blocks[0].status
    assert status == "No warning stood in figures 22 days old; newer ones are late."
    assert "22 days old" in found.sections[0].about
    assert "No figures of this list came for the week to 15 November 2026." in found.sections[0].caveats
    assert found.subject.endswith("no breach warnings (figures late)")
    assert found.actions[0].startswith("Commissioner: ask those named as late")


def test_a_source_that_stopped_is_no_week_without_breaches():
    old = SUNDAY - 7 * WEEK
    found = email_of(week(listed(calm(), period_end=old, latest_period=old), late=("Nothing newer has come.",)))
    assert found.summary[0].startswith("In figures 50 days old no list")
    assert found.summary[0].endswith("this week's data are late.")
    assert "No breach" not in said(found)
    assert "likely" not in said(found)


def test_a_list_without_any_figure_is_named_and_not_zero():
    found = email_of(week(lists=(), silent=(("WHEELCHAIR", "QKS"),)))
    assert found.subject == "Kent and Medway wheelchairs, 16 November 2026: no figures"
    assert found.summary[0].startswith("There is no figure of any list that you asked about")
    assert found.late[0].endswith("there is no figure. That is not zero.")


def test_a_local_mark_is_no_breach_of_anything():
    local = warned(org="QKS", service="ADHD", standard_id="ADHD_LOCAL_52W", over_days=364)
    found = email_of(week(listed(mark(local), service="ADHD")))
    assert found.subject.endswith("10 children newly over the local 52 week mark")
    assert "breach warning" not in said(found).lower()
    assert found.sections[0].blocks[0].status.startswith("Warning, medium. ")
    assert "(no national standard)" in found.sections[0].blocks[0].title


def test_where_nearly_all_are_over_the_long_tail_is_told():
    tail = warned(
        org="QKS", service="ASD", standard_id="ASD_NICE_13W", subject="long_tail", over_days=1092, threshold_days=91,
        waiting=3189, over_now=900, over_standard=2905, tail=(Tail(156, 900), Tail(208, 10)),
    )  # fmt: skip
    found = email_of(week(listed(mark(tail), service="ASD")))
    assert found.subject.endswith("10 children newly over 156 weeks")
    assert found.sections[0].blocks[0].notes[0] == (
        "Nearly every child here waits over 13 weeks already (2,905 of 3,190), so the longest waits are watched and "
        "the way they go."
    )
    assert found.summary[0].endswith(
        "under the standard of 13 weeks to a first appointment (NICE): at the end of the week to 15 November 2026, "
        "2,905 of 3,190 children wait over 13 weeks, 900 of them over 156 weeks, 10 newly."
    )
    assert found.sections[0].blocks[0].title == "Over 156 weeks. Standard: 13 weeks to a first appointment (NICE)"
    glance = email_of(week(listed(mark(tail), service="ASD"), listed(calm()))).glance[0]
    assert ": 2,905 of 3,190 over 13 weeks, 900 of them over 156 weeks, 10 newly;" in glance


def test_a_tail_beside_a_hidden_number_is_told_without_it():
    small = {"waiting": 12, "over_now": 9, "over_standard": 3, "tail": (Tail(156, 9),)}
    tail = warned(org="QKS", service="ASD", standard_id="ASD_NICE_13W", subject="long_tail", over_days=1092, **small)
    note = email_of(week(listed(mark(tail), service="ASD"))).sections[0].blocks[0].notes[0]
    assert note == "The longest waits are watched and the way they go."
    glance = email_of(week(listed(mark(tail), service="ASD"), listed(calm()))).glance[0]
    assert "13 weeks" not in glance


def test_drivers_are_at_most_three_and_the_real_rises_come_first():
    worse = {"change": 30, "real_change_shown": True, "is_worse_shown": True}
    parts = [
        warned(org="RYY", over_now=60, **worse),
        warned(org="NQ7", over_now=80, change=40, real_change_shown=False),
        warned(org="RPA", over_now=20, change=3, real_change_shown=True, is_worse_shown=True),
        warned(org="RVV", over_now=900, state={"state": "cleared"}),
        warned(org="RXY", over_now=900, over_days=364),
    ]
    found = email_of(week(listed(mark(warned(org="QKS"), parts=parts))))
    rise = "30 more over 18 weeks than in the week to 8 November 2026, a real change"
    assert found.sections[0].drivers == (
        f"Kent Community Health NHS Foundation Trust: {rise}.",
        "More joined the list (50) than left it (40).",
        "Medway Community Healthcare has 80 of the 165 over 18 weeks.",
    )
    assert found.summary[2].endswith(f"Look first here: {found.sections[0].drivers[0]}")


@pytest.mark.parametrize(
    "changes",
    [
        {"referrals": None},
        {"left": None},
        {"left": HIDDEN},
        {"referrals": number(40)},
        {"referrals": HIDDEN},
        {"referrals": number(45)},
    ],
)
def test_flows_that_are_not_known_or_even_drive_nothing(changes):
    assert email_of(week(listed(**changes))).sections[0].drivers == ()


@pytest.mark.parametrize(
    ("whole", "of"), [(6, "50"), (50, "nearly all of the 50"), (52, "nearly all of the 50"), (60, "50 of the 60")]
)
def test_holders_are_told_beside_the_sum_where_that_is_shown(whole, of):
    own = warned(org="QKS", over_now=whole, over_standard=whole)
    parts = [warned(org="RYY", over_now=50)]
    found = email_of(week(listed(mark(own, parts=parts), referrals=None)))
    assert found.sections[0].drivers == (f"Kent Community Health NHS Foundation Trust has {of} over 18 weeks.",)


def test_a_provider_that_has_the_whole_list_is_called_the_only_one_once():
    """It was said to have nearly all of each number."""
    marks = [
        mark(warned(org="QKS", standard_id=code, over_days=days), parts=[warned(org="RYY", over_days=days)])
        for code, days in (("CHS_18W", 126), ("CHS_52W", 364))
    ]
    one = listed(*marks, only_provider="Salus", referrals=None)
    assert email_of(week(one)).sections[0].drivers == ("Salus is the only provider.",)
    cleared = replace(one, marks=(mark(warned(org="QKS", state={"state": "cleared"})),))
    assert email_of(week(cleared)).sections[0].drivers == ()


def test_at_a_glance_every_number_has_its_week_or_month():
    monthly = {"freq": "M", "period_end": date(2026, 9, 30), "latest_period": date(2026, 9, 30)}
    same = email_of(week(listed(), listed(calm(), service="EHC")))
    assert same.glance_about == "Figures for the week to 15 November 2026."
    assert "2026" not in "".join(same.glance)
    mixed = email_of(week(listed(), listed(calm(), service="EHC", source="chs_sitrep", **monthly)))
    assert mixed.glance_about is None
    assert [line.partition(": ")[0] for line in mixed.glance] == [
        "Speech and language therapy for children, the week to 15 November 2026",
        "Education, health and care plans, September 2026",
    ]


WORSE = "Over 52 weeks: real change for the worse; over 18 weeks: for the better. "
UNTELLABLE = "Over 52 weeks: cannot be told whether it got worse; over 18 weeks: real change for the better. "


def better_and(**changes):
    """A list that is really better over 18 weeks, with another warning about those over 52."""
    soon = (due(12, 200.0, 210.0, 220.0),)
    fewer = warned(org="QKS", change=-20, real_change_shown=True, is_worse_shown=False, newly_over=soon)
    longer = {"standard_id": "CHS_52W", "threshold_days": 364, "over_days": 364, "over_now": 40, "newly_over_now": 0}
    return mark(fewer), mark(warned(org="QKS", **longer, **changes))


@pytest.mark.parametrize(
    ("change", "real", "worse", "ways"),
    [(20, True, True, WORSE), (5, False, False, UNTELLABLE), (-20, False, False, ""), (-20, True, False, "")],
)
def test_no_list_is_called_better_alone_while_a_longer_wait_of_it_gets_worse(change, real, worse, ways):
    marks = better_and(change=change, real_change_shown=real, is_worse_shown=worse)
    found = email_of(week(listed(*marks), listed(calm(), service="ASD")))
    said = "20 fewer" if ways else "20 fewer, a real change for the better"
    name = f"Speech and language therapy for children{'. ' if ways else ': '}"
    assert found.glance[0] == f"{name}{ways}165 of 545 over 18 weeks, 10 newly; in all {said}."
    assert found.summary[1].startswith(f"{ways}Since the week to 8 November 2026, those over 18 weeks: in all {said}.")


def test_a_change_that_is_not_known_goes_no_way_beside_a_worse_one():
    marks = better_and(change=20, real_change_shown=True, is_worse_shown=True)
    found = email_of(week(listed(*marks, missing=("A provider",)), listed(calm(), service="ASD")))
    assert found.glance[0].endswith(": 165 of 545 over 18 weeks, 10 newly; change not known.")


def test_a_hidden_sum_is_told_at_a_glance_by_whoever_has_most_of_it():
    """A warning whose number could not be shown stood beside a provider's number that was."""
    own = warned(org="QKS", over_now=53, over_standard=53, change=None)
    hidden = replace(own, seen=replace(own.seen, over_now=None, few=None))
    glance = email_of(week(listed(mark(hidden, parts=[warned(org="RYY", over_now=50)])), listed(calm(), service="EHC")))
    assert glance.glance[0].endswith(
        "cannot be shown. Kent Community Health NHS Foundation Trust has 50 over 18 weeks."
    )


def test_a_warning_that_the_commissioner_was_asked_for_last_goes_no_further():
    state = {"state": "escalated", "owner": Role.COMMISSIONER}
    status = email_of(week(listed(mark(warned(org="QKS", state=state))))).sections[0].blocks[0].status
    assert status.endswith("; to be taken by 19 November 2026.")


def test_a_warning_that_somebody_took_is_told_without_the_reason():
    taken = Acknowledgement(MONDAY, Role.PROVIDER, "ring 07700 900123", date(2026, 12, 1), "medium")
    state = {"state": "acknowledged", "acknowledged": taken}
    found = email_of(week(listed(mark(warned(org="QKS", state=state)))))
    assert "Taken by the provider on 16 November 2026 until 1 December 2026." in found.sections[0].blocks[0].status
    assert "Acknowledge" not in " ".join(found.summary)
    assert "07700" not in said(found)


def test_a_cleared_warning_is_told_once_more_and_stands_no_longer():
    cleared = warned(org="QKS", state={"state": "cleared"})
    found = email_of(week(listed(mark(cleared, over=number(0)))))
    assert found.subject.endswith("no breach warnings")
    assert found.sections[0].blocks[0].status == "Cleared on 16 November 2026."


@pytest.mark.parametrize(("service", "standard_id"), [(one.services[0], one.id) for one in STANDARDS.values()])
@pytest.mark.parametrize("subject", ["threshold", "long_tail"])
def test_a_code_of_a_standard_stands_in_the_small_print_alone(service, standard_id, subject):
    one = warned(org="QKS", service=service, standard_id=standard_id, subject=subject, over_days=1092)
    chart = ChartFacts("Children waiting", "165 at the end.", "<svg/>", ())
    lists = listed(mark(one), service=service), listed(calm(standard_id), service="SALT")
    email = email_of(week(*lists, chart=chart))
    (small_print,) = [line for line in email.about if standard_id in line]
    assert small_print.startswith("Standards by code: ")
    assert not [code for code in STANDARDS if code in said(replace(email, about=()))]
    assert {line.count(standard_id) for line in csv_of(email).splitlines()[-1:]} == {1}


def test_invented_figures_are_called_so_once_before_anything_else_is_said():
    one = warned(org="QKS", caveats=(Caveat(SYNTHETIC, "Synthetic data: no real child stands behind this figure."),))
    lists = listed(mark(one)), listed(calm(), service="EHC")
    found = email_of(week(*lists))
    assert found.notice == INVENTED
    assert "Synthetic" not in said(found)
    mixed = email_of(week(*lists, listed(calm(), service="ASD", is_synthetic=False)))
    assert mixed.notice is None
    assert [len(section.caveats) for section in mixed.sections] == [1, 1, 0]
    assert email_of(week(lists=())).notice is None


def test_the_email_says_what_it_is_not_for():
    found = email_of(week(listed(), listed(calm(), service="EHC")))
    assert any("not for operational use" in text and "Urgent eating disorder" in text for text in found.about)
    assert any("never add up" in text for text in found.about)
    assert any("Support does not need a diagnosis." in text for text in found.about)
    assert any("medium: more are over than the standard allows" in text for text in email_of(week()).about)
    assert REAL in email_of(week()).about
    assert not any("medium: " in text or text == REAL for text in email_of(week(listed(calm()))).about)
    assert any("fewer than 8" in text for text in found.about)
    assert any("fewer than 5" in text for text in email_of(week(), Rule.MHSDS).about)
    assert not any("never add up" in text for text in email_of(week()).about)


def test_published_figures_are_rounded_too():
    one = warned(org="QKS", source="chs_sitrep", freq="M", level=Level.ICB, period_end=date(2026, 9, 30))
    monthly = listed(mark(one), source="chs_sitrep", freq="M", period_end=date(2026, 9, 30))
    found = email_of(week(replace(monthly, latest_period=date(2026, 9, 30))))
    assert "Figures for September 2026, 47 days old, from Community health services" in found.sections[0].about
    assert "163" not in said(found)


def test_the_csv_has_every_number_and_runs_nothing():
    """I22: a cell that a spreadsheet would run gets an apostrophe."""
    evil = listed(service="SALT", org="NAME:=cmd|x", balance=(("=1+1", number(5)),))
    lines = csv_of(email_of(week(evil, listed()))).splitlines()
    assert lines[0] == "list,standard,standard_id,what,figure"
    assert any(line.endswith(",CHS_18W,Waiting over 18 weeks,165 of 545") for line in lines)
    assert any("'=1+1" in line for line in lines)
    assert not any(cell.strip('"').startswith("=") for line in lines for cell in line.split(","))


@pytest.mark.parametrize(
    ("label", "words"), [(">104", "over 104 weeks"), ("0-1", "0 to 1 week"), (">4-12", "4 to 12 weeks")]
)
def test_bands_are_words(label, words):
    assert band_words(label) == words


@pytest.mark.parametrize(
    ("booked", "words"), [(number(40, "about 4 in 10"), "about 4 in 10"), (HIDDEN, "fewer than 8")]
)
def test_how_many_of_those_due_are_booked_is_told_where_records_tell_it(booked, words):
    label = "Already booked, of those due to cross in 4 weeks"
    assert rows(email_of(week(listed(replace(mark(warned(org="QKS")), booked=booked)))))[label] == words
    assert label not in rows(email_of(week()))


def test_a_sudden_fall_is_not_to_be_trusted_whatever_stands():
    fell = email_of(week(listed(calm(), fell=True)))
    assert fell.sections[0].blocks[0].status == (
        "No warning stands; the list fell suddenly, which is not to be trusted yet."
    )
    assert "No breaches this week" not in said(fell)
    assert "nobody is over it" not in said(fell)
    caveat = Caveat(UNEXPLAINED, "It fell.")
    both = email_of(week(listed(mark(warned(org="QKS", caveats=(caveat,), is_whole=False)), fell=True)))
    (told,) = (one for one in both.sections[0].caveats if "fell" in one)
    assert told.endswith("not to be trusted yet, and no improvement.")
    assert not any(claim in said(both) for claim in MAY_NOT_CLAIM)


def test_figures_that_the_warnings_have_not_seen_are_said():
    assert NEWER in email_of(week(listed(is_newer=True))).sections[0].caveats
    assert NEWER not in email_of(week(listed())).sections[0].caveats
    assert NEWER not in email_of(week(listed(calm(), is_newer=True))).sections[0].caveats


UNREAD = "A weekly return of a provider was refused."


def test_a_file_that_was_refused_or_is_held_is_told_beside_its_list_and_asks_for_somebody():
    found = email_of(week(listed(calm(), unread=(UNREAD,)), unread=(UNREAD,)))
    assert UNREAD in found.sections[0].caveats
    assert UNREAD not in found.late
    assert found.subject.endswith("(figures late)")
    assert "A file came that could not be taken in: see below whose." in found.summary[2]
    assert any("files named as refused or held" in line for line in found.actions)
    assert "Nothing is asked of you this week." not in said(found)


def test_a_file_of_a_list_without_figures_is_told_all_the_same():
    found = email_of(week(lists=(), silent=(("SALT", "RYY"),), unread=(UNREAD, "And another one.")))
    assert found.late[1:] == (UNREAD, "And another one.")
    assert "2 files came that could not be taken in" in found.summary[2]

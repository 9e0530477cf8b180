"""What the weekly email says of lists whose warnings it may not tell: nothing that depends on them."""

import pytest

from jobs.mail.breach_csv import csv_of
from jobs.mail.breach_silence import LOOK, NEVER, NOTHING_ASKED, RENEW, given_in_mail
from jobs.mail.parts import text_of
from tests.mailed import HIDDEN, calm, email_of, listed, mark, warned, week
from waitlists.security.warned import NOT_GIVEN
from waitlists.suppression import Rule

CLAIMS = ("no breach", "no warning", "nobody is over", "nobody is likely", "nothing is asked")


def untold(**changes):
    return listed(calm(over=HIDDEN), **({"is_told": False} | changes))


@pytest.mark.parametrize(
    "lists",
    [
        [untold()],
        [untold(), untold(service="ADHD")],
        [untold(missing=("NQ7",)), untold(service="ADHD", fell=True)],
        [untold(), listed(calm(), service="ADHD", source="chs_sitrep")],
        [untold(), listed(mark(warned(service="ADHD", source="chs_sitrep")), service="ADHD", source="chs_sitrep")],
    ],
)
def test_nothing_in_it_says_that_none_stands(lists):
    email = email_of(week(*lists), Rule.MHSDS)
    about = email.sections[[section.title.startswith("Speech") for section in email.sections].index(True)]
    said = "\n".join([email.subject, *email.summary, *email.actions, about.blocks[0].status, *email.glance[:1]]).lower()
    assert not any(claim in said for claim in CLAIMS)
    assert about.blocks[0].status == "Whether a warning stands is not told here."
    assert LOOK in email.actions
    assert NOT_GIVEN in email.about


def test_the_subject_and_the_sentences_of_such_a_list():
    email = email_of(week(untold()), Rule.MHSDS)
    assert email.subject == "Kent and Medway SALT, 16 November 2026: this week's figures"
    assert email.summary == (NOT_GIVEN, "So it is not said here whether anything changed.", LOOK)
    assert email.actions == (LOOK,)


def test_at_a_glance_it_has_its_size_alone():
    email = email_of(week(untold(), untold(service="ADHD")), Rule.MHSDS)
    assert email.glance[0].endswith(": 545 waiting; its warnings are not given here.")


def test_lists_are_counted_among_those_that_are_told():
    told = [
        listed(mark(warned(service=service, source="chs_sitrep")), service=service, source="chs_sitrep")
        for service in ("ADHD", "ASD")
    ]
    assert email_of(week(*told, untold())).summary[0].startswith("2 of 2 published lists have a warning. ")
    assert email_of(week(*told, listed(calm()))).summary[0].startswith("2 of 3 lists have a warning. ")
    assert "have a warning" not in email_of(week(told[0], untold())).summary[0]


def test_a_mail_of_published_lists_alone_says_it_too():
    calm_week = week(listed(calm(), source="chs_sitrep"))
    email = email_of(calm_week, Rule.MHSDS)
    assert NOT_GIVEN in text_of(email)
    assert email.actions == (NOTHING_ASKED,)
    assert NOT_GIVEN not in text_of(email_of(calm_week))


def test_its_numbers_are_in_the_table():
    assert "545" in csv_of(email_of(week(untold()), Rule.MHSDS))


def test_mail_may_be_forwarded_so_nothing_unpublished_is_given_in_it():
    assert not given_in_mail(Rule.MHSDS).covers("referral_extract", "RYY")
    assert given_in_mail(Rule.MHSDS).covers("chs_sitrep", "RYY")
    assert given_in_mail(Rule.HES).covers("referral_extract", "RYY")


BARE = "this subscription does not name CHS_18W and CHS_52W, under which it is watched"


def test_of_lists_that_are_not_watched_nothing_calm_is_said():
    """A subscription to speech therapy by a standard of wheelchairs: its mails said "No breaches" for ever."""
    email = email_of(week(listed(marks=())))
    assert email.subject == "Kent and Medway SALT, 16 November 2026: no warning can come"
    assert email.summary == (f"{NEVER}: this is no week without breaches.", "So there is no change to judge.", RENEW)
    assert email.sections[0].caveats[0] == (
        f"No warning of this list can come: {BARE}. How many are over a standard is not told here."
    )
    assert email.actions == (RENEW,)
    assert "no breaches" not in text_of(email).lower()


def test_the_watched_are_told_of_and_the_others_named():
    other = listed(marks=(), service="ASD")
    email = email_of(week(listed(calm()), other))
    assert email.summary[0] == (
        "No breaches this week: no list that is watched has a warning. "
        "Of 1 other list no warning can come under this subscription."
    )
    assert email.glance[1] == "Autism assessment: no warning can come, 545 waiting."
    assert "Of 2 other lists no warning" in email_of(week(listed(calm()), other, listed(marks=()))).summary[0]


def test_a_list_of_which_no_standard_is_watched_asks_for_no_other_subscription():
    email = email_of(week(listed(marks=(), service="CAMHS_SCOT", source="phs_camhs")))
    assert "No warning of this list can come: no standard of it is watched." in email.sections[0].caveats[0]
    assert email.actions == (NOTHING_ASKED,)

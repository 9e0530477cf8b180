"""What the weekly email says where no warning stands, and where it may not be told whether one does.

Of a list whose warnings are not given in mail, all that is said is the same whether or not one stands.
"""

from typing import Final

from forecasting.warnings.words import stands
from jobs.mail.breach_facts import ListFacts, MarkFacts, WeekFacts
from jobs.mail.breach_words import days_old
from waitlists.security.access import NOTHING_UNPUBLISHED, Role, Sight
from waitlists.security.warned import NOT_GIVEN, sight_of_warnings
from waitlists.suppression import Rule

NOTHING_ASKED: Final = "Nothing is asked of you this week."
LOOK: Final = "Whoever may see such lists exactly: look in the service whether a warning of them waits for you."


def given_in_mail(rule: Rule) -> Sight:
    """Whose unpublished lists are warned of in mail: it is forwarded, so whoever it is for."""
    return sight_of_warnings(Role.PUBLIC, NOTHING_UNPUBLISHED, rule)


def calm_of(one: ListFacts, mark: MarkFacts, week: WeekFacts) -> str:
    """What is said where no warning is open: that nobody is over it, of known, whole and new figures alone."""
    if not one.is_told:
        return "Whether a warning stands is not told here."
    if mark.warned is not None:
        return stands(mark.warned.life)
    if one.missing:
        return "No warning stands; part of the list is missing."
    if one.fell:
        return "No warning stands; the list fell suddenly, which is not to be trusted yet."
    if one.is_late(week.as_of):
        return f"No warning stood in figures {days_old(week, one)}; newer ones are late."
    if mark.over.value == 0:
        return "No breach: nobody is over it, and nobody is likely to be in 12 weeks."
    return "No warning stands."


def number_of_none(week: WeekFacts) -> str:
    """What the subject says in place of a number where no warning is told."""
    if not week.lists:
        return "no figures"
    return "no breach warnings" if week.is_told else "this week's figures"


def none_stands(week: WeekFacts) -> str:
    """The first sentence where no warning is told."""
    if not week.lists:
        return "There is no figure of any list that you asked about, so nothing can be said of breaches."
    if not week.is_told:
        return NOT_GIVEN
    unknown = [
        one for one in week.lists if any(mark.over.value is None for mark in one.marks) or one.missing or one.fell
    ]
    part = f"of {len(unknown)} of {len(week.lists)} lists not all is known." if unknown else ""
    late = [one for one in week.lists if one.is_late(week.as_of)]
    if late:
        oldest = days_old(week, min(late, key=lambda one: one.period_end))
        said = f"In figures {oldest} no list that you asked about had a warning; this week's data are late."
        return f"{said} {part.capitalize()}".rstrip()
    if unknown:
        return f"No breach warning stands this week; {part}"
    return "No breaches this week: no list that you asked about has a warning."


def nothing_to_judge(week: WeekFacts) -> str:
    """The second sentence where no warning is told."""
    return "So there is no change to judge." if week.is_told else "So it is not said here whether anything changed."


def nothing_asked(week: WeekFacts) -> str:
    """What is asked where nothing else is."""
    return NOTHING_ASKED if week.is_told else LOOK

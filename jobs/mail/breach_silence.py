"""What the weekly email says where no warning stands, and where it may not be told whether one does.

Of a list whose warnings are not given in mail, all that is said is the same whether or not one stands.
"""

from collections.abc import Sequence
from typing import Final

from forecasting.warnings.watched import watched
from forecasting.warnings.words import stands
from jobs.mail.breach_facts import ListFacts, MarkFacts, WeekFacts
from jobs.mail.breach_words import days_old
from waitlists.quality.words import joined
from waitlists.security.access import NOTHING_UNPUBLISHED, Role, Sight
from waitlists.security.warned import NOT_GIVEN, sight_of_warnings
from waitlists.suppression import Rule

NOTHING_ASKED: Final = "Nothing is asked of you this week."
LOOK: Final = "Whoever may see such lists exactly: look in the service whether a warning of them waits for you."

NEVER: Final = "Under this subscription no warning can ever come of the lists that you asked about"
UNWATCHED: Final = "no standard of it is watched"
RENEW: Final = "To be warned of a list whose standards this subscription does not name, have it made anew."


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
        doubt = "the newest figures cannot be right" if one.is_doubted else "part of the list is missing"
        return f"No warning stands; {doubt}."
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
    if not _watched(week):
        return "no warning can come"
    return "no breach warnings" if week.is_told else "this week's figures"


def none_stands(week: WeekFacts) -> str:
    """The first sentence where no warning is told."""
    if not week.lists:
        return "There is no figure of any list that you asked about, so nothing can be said of breaches."
    if not _watched(week):
        return f"{NEVER}: this is no week without breaches."
    if not week.is_told:
        return NOT_GIVEN
    return f"{_none_of(week, _watched(week))}{_beside_them(week)}"


def _none_of(week: WeekFacts, lists: Sequence[ListFacts]) -> str:
    unknown = [one for one in lists if any(mark.over.value is None for mark in one.marks) or one.missing or one.fell]
    part = f"of {len(unknown)} of {len(lists)} lists not all is known." if unknown else ""
    late = [one for one in lists if one.is_late(week.as_of)]
    which = "that you asked about" if len(lists) == len(week.lists) else "that is watched"
    if late:
        oldest = days_old(week, min(late, key=lambda one: one.period_end))
        said = f"In figures {oldest} no list {which} had a warning; this week's data are late."
        return f"{said} {part.capitalize()}".rstrip()
    if unknown:
        return f"No breach warning stands this week; {part}"
    return f"No breaches this week: no list {which} has a warning."


def _beside_them(week: WeekFacts) -> str:
    others = len(week.lists) - len(_watched(week))
    of = "list no" if others == 1 else "lists no"
    return f" Of {others} other {of} warning can come under this subscription." if others else ""


def unwatched(one: ListFacts) -> str | None:
    """What a list says of which no warning can come; None of one that is watched."""
    if one.is_watched:
        return None
    names = [standard.id for standard in watched(one.service, one.source)]
    why = f"this subscription does not name {joined(names)}, under which it is watched" if names else UNWATCHED
    return f"No warning of this list can come: {why}. How many are over a standard is not told here."


def could_be_watched(week: WeekFacts) -> bool:
    """Whether another subscription would bring warnings of a list of which none can come under this one."""
    return any(not one.is_watched and watched(one.service, one.source) for one in week.lists)


def _watched(week: WeekFacts) -> list[ListFacts]:
    return [one for one in week.lists if one.is_watched]


def nothing_to_judge(week: WeekFacts) -> str:
    """The second sentence where no warning is told."""
    return "So there is no change to judge." if week.is_told else "So it is not said here whether anything changed."


def nothing_asked(week: WeekFacts) -> str:
    """What is asked where nothing else is."""
    if not week.is_told:
        return LOOK
    return RENEW if could_be_watched(week) else NOTHING_ASKED

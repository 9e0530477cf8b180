"""The subject of the weekly email, and its three sentences: where it stands, whether it is real, what to do."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from forecasting.warnings.caveats import is_unbalanced
from forecasting.warnings.life import answer_by
from forecasting.warnings.warning import SEVERITIES
from jobs.mail.breach_drivers import drivers_of, holders_of
from jobs.mail.breach_facts import ListFacts, MarkFacts, Warned, WeekFacts
from jobs.mail.breach_silence import none_stands, nothing_asked, nothing_to_judge, number_of_none
from jobs.mail.breach_ways import change_and_ways
from jobs.mail.breach_words import (
    NOT_KNOWN,
    day_words,
    days_old,
    is_local,
    really_worse,
    short_place,
    short_service,
    since_words,
    standing_words,
    watched_words,
)
from waitlists.periods import in_words
from waitlists.quality.words import joined, name_of, sent_nothing
from waitlists.services import SERVICES
from waitlists.standards import find_standard

UNTOLD: Final = "how many it is about cannot be shown"
"""Small, or they would give small ones away: which of both is not told either."""

UNEXPLAINED: Final = ", as who joined and who left do not explain the list"


class Leading(NamedTuple):
    """The warning that the subject is about, and the list it stands on."""

    facts: ListFacts
    mark: MarkFacts
    warned: Warned


def in_order(lists: Sequence[ListFacts]) -> list[ListFacts]:
    """Lists with the gravest warnings first; of equal ones in the order of the subscription."""
    return sorted(lists, key=lambda one: max((_weight(mark) for mark in one.marks), default=(0, 0, 0)), reverse=True)


def leading(week: WeekFacts) -> Leading | None:
    """The gravest warning of which a number can be told, else the gravest; None where none stands."""
    every = [
        (one, mark, mark.warned) for one in week.lists for mark in one.marks if mark.warned and mark.warned.is_open
    ]
    return (
        Leading(*max(every, key=lambda found: (found[2].seen.over_now is not None, _weight(found[1]))))
        if every
        else None
    )


def subject_of(week: WeekFacts) -> str:
    """Scope, date and one number."""
    head, late = leading(week), " (figures late)" if _is_late(week) else ""
    return f"{_scope(week)}, {day_words(week.as_of)}: {_number(week, head)}{late}"


def summary_of(week: WeekFacts) -> tuple[str, ...]:
    """Three sentences or paragraphs for somebody who reads no further."""
    head = leading(week)
    return _stands(week, head), _real(week, head), _do(week, head)


def glance_of(week: WeekFacts) -> tuple[str, ...]:
    """A line a list, where there are several: the gravest warning of each."""
    return tuple(_glance(week, one) for one in in_order(week.lists)) if len(week.lists) > 1 else ()


def glance_about_of(week: WeekFacts) -> str | None:
    """The week or month that these lines are about; None where it is not one for all, and each line names its own."""
    return f"Figures for {_periods(week)[0]}." if len(_periods(week)) == 1 else None


def _periods(week: WeekFacts) -> list[str]:
    return list(dict.fromkeys(in_words(one.period_end, one.freq) for one in week.lists))


def title_of(week: WeekFacts, one: ListFacts) -> str:
    """A list by its service, and by its place where there are several."""
    service = SERVICES[one.service].label
    return service if len({other.org for other in week.lists}) == 1 else f"{service}, {name_of(one.org)}"


def _glance(week: WeekFacts, one: ListFacts) -> str:
    when = f", {in_words(one.period_end, one.freq)}" if len(_periods(week)) > 1 else ""
    name = f"{title_of(week, one)}{when}"
    if not one.is_told:
        return f"{name}: {one.waiting.words} waiting; its warnings are not given here."
    if not one.is_watched:
        return f"{name}: no warning can come, {one.waiting.words} waiting."
    leading_mark = max(one.marks, key=_weight, default=None)
    warned = leading_mark.warned if leading_mark else None
    if leading_mark is None or warned is None or not warned.is_open:
        old = f" in figures {days_old(week, one)}" if one.is_late(week.as_of) else ""
        return f"{name}: no warning{old}, {one.waiting.words} waiting."
    seen, stood = warned.seen, standing_words(warned)
    if stood is None or seen.over_now is None:
        parts = " ".join(["", *islice(holders_of(one, leading_mark), 1)])
        return f"{name}: {stood}." if stood else f"{name}: a warning stands; {UNTOLD}.{parts}"
    newly = f", {seen.newly_over_now:,} newly" if seen.newly_over_now else ""
    change, ways = change_and_ways(one, warned)
    said = f"change {change}" if change == NOT_KNOWN else f"{'in all ' if newly else ''}{change}"
    return f"{name}{'. ' if ways else ': '}{ways}{stood}{newly}; {said}."


def _weight(mark: MarkFacts) -> tuple[int, float, float]:
    if mark.warned is None or not mark.warned.is_open:
        return (0, 0, 0)
    seen, severity = mark.warned.seen, mark.warned.severity
    return (1 + SEVERITIES.index(severity or SEVERITIES[0]), seen.newly_over_now or 0, seen.over_now or 0)


def _scope(week: WeekFacts) -> str:
    services, orgs = _asked_about(week)
    what = short_service(services[0]) if len(services) == 1 else f"{len(services)} services"
    where = short_place(orgs[0]) if len(orgs) == 1 else f"{len(orgs)} organisations"
    return f"{where} {what}" if len(services) == 1 else f"{where}, {what}"


def _asked_about(week: WeekFacts) -> tuple[list[str], list[str]]:
    """Services and organisations, those too of which there is no list."""
    asked = [(one.service, one.org) for one in week.lists] + list(week.silent)
    return list(dict.fromkeys(one for one, _ in asked)), list(dict.fromkeys(org for _, org in asked))


def _number(week: WeekFacts, head: Leading | None) -> str:
    if head is None:
        return number_of_none(week)
    seen, mark = head.warned.seen, watched_words(head.warned.figures)
    services, orgs = _asked_about(week)
    of = f" in {short_service(head.facts.service)}" if len(services) > 1 else ""
    where = f"{of}, {short_place(head.facts.org)}" if len(orgs) > 1 else of
    if seen.newly_over_now:
        return f"{seen.newly_over_now:,} children newly {mark}{where}"
    if seen.over_now is not None:
        return f"{seen.over_now:,} children {mark}{where}"
    return f"{seen.few} children {mark}{where}" if seen.few else f"a warning whose number cannot be shown{where}"


def _stands(week: WeekFacts, head: Leading | None) -> str:
    if head is None:
        return none_stands(week)
    seen, figures = head.warned.seen, head.warned.figures
    with_one = sum(any(mark.warned and mark.warned.is_open for mark in one.marks) for one in week.lists)
    plain = find_standard(figures.standard_id).plain
    kind = "warning" if is_local(figures.standard_id) else f"breach warning under the standard of {plain}"
    newly = f", {seen.newly_over_now:,} newly" if seen.newly_over_now else ""
    told = sum(one.is_told for one in week.lists)
    of = "lists" if week.is_told else "published lists"
    lists = f"{with_one} of {told} {of} have a warning. " if told > 1 else ""
    when = in_words(figures.period_end, figures.freq)
    has = f"{lists}{SERVICES[figures.service].label}, {short_place(figures.org)}, has a {kind}"
    stood = standing_words(head.warned, " wait" if seen.is_part else " children wait")
    return f"{has}; {UNTOLD}." if stood is None else f"{has}: at the end of {when}, {stood}{newly}."


def _real(week: WeekFacts, head: Leading | None) -> str:
    late = _absent(week)
    if late:
        did = sent_nothing("W" if any(one.missing and one.freq == "W" for one in week.lists) else "M")
        return f"{joined(late)} {did}, so no fall in these numbers may be read as an improvement."
    if head is None:
        return nothing_to_judge(week)
    since, (change, ways) = since_words(head.warned.figures), change_and_ways(head.facts, head.warned)
    in_all = "in all " if head.warned.seen.newly_over_now else ""
    told = f"{ways}Since {since}, those {watched_words(head.warned.figures)}: {in_all}{change}."
    why = UNEXPLAINED if is_unbalanced(head.warned.seen.caveats) else ""
    said = told if change != NOT_KNOWN else f"Whether it changed since {since} is not known{why}."
    others = sum(mark.warned is not head.warned and _got_worse(mark) for one in week.lists for mark in one.marks)
    return f"{said} {others} other warning{'s' if others > 1 else ''} really got worse." if others else said


def _got_worse(mark: MarkFacts) -> bool:
    return mark.warned is not None and mark.warned.is_open and really_worse(mark.warned)


def _do(week: WeekFacts, head: Leading | None) -> str:
    asked = list(_asked(week))
    first = next(iter(drivers_of(head.facts, head.mark)), None) if head else None
    look = [f"Look first here: {first}"] if first else []
    return " ".join([*asked, *look]) or nothing_asked(week)


def _asked(week: WeekFacts) -> Iterator[str]:
    waiting = [
        mark.warned
        for one in week.lists
        for mark in one.marks
        if mark.warned and mark.warned.life.state in {"raised", "worse", "escalated"}
    ]
    if waiting:
        due = min(answer_by(one.life) for one in waiting)
        count = f"{len(waiting)} warning{'s' if len(waiting) > 1 else ''}"
        first = f"the first was due by {day_words(due)}" if due < week.as_of else f"the first by {day_words(due)}"
        yield f"Acknowledge {count} at the links below and say what is being done, {first}."
    if week.late or _absent(week):
        yield "Ask those named as late for their figures."
    if week.unread:
        count = "A file" if len(week.unread) == 1 else f"{len(week.unread)} files"
        yield f"{count} came that could not be taken in: see below whose."


def _absent(week: WeekFacts) -> list[str]:
    return list(dict.fromkeys(name for one in week.lists for name in one.missing))


def _is_late(week: WeekFacts) -> bool:
    return bool(week.late or week.unread or _absent(week))

"""The weekly breach email as facts in order: subject, three sentences, a section a list, who does what; pure.

Templates only set it: whatever is said in the HTML is said in the plain text, since both are made of one `Email`. It is
written when nothing breaches and when figures are late too, and says so: silence is an alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from forecasting.warnings.life import NEXT
from forecasting.warnings.seen import SeenDue
from forecasting.warnings.watched import LEFT_OUT
from forecasting.warnings.words import crossing_words, held_words, stands
from jobs.mail.breach_caveats import caveats_of
from jobs.mail.breach_drivers import drivers_of
from jobs.mail.breach_facts import ChartFacts, Figure, ListFacts, MarkFacts, Warned, WeekFacts
from jobs.mail.breach_silence import LOOK, NOTHING_ASKED, RENEW, calm_of, could_be_watched, given_in_mail
from jobs.mail.breach_summary import glance_about_of, glance_of, in_order, subject_of, summary_of, title_of
from jobs.mail.breach_words import (
    SEVERITIES,
    SEVERITIES_MEAN,
    band_words,
    change_words,
    count_words,
    day_words,
    days_old,
    hidden_words,
    is_local,
    mark_words,
    over_words_of,
    since_words,
    tail_sentence,
    titled,
)
from waitlists.periods import STEP_WORDS, in_words
from waitlists.quality.words import name_of
from waitlists.security.warned import left_out
from waitlists.services import SERVICES
from waitlists.sources import SOURCES
from waitlists.standards import find_standard
from waitlists.suppression.rules import Rule, words

MOST_DRIVERS = 3
FAMILIES = (
    "For families: these figures are about lists and do not say when one child is seen. Support does not need a "
    "diagnosis."
)
REAL = (
    "A change is called real by the rules of Making Data Count (NHS England), from many weeks or months; what lies "
    "within usual variation may be chance."
)
INVENTED = "Invented figures: no real child stands behind any number in this mail."


class Row(NamedTuple):
    """A line of a table: what it is and the number in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """One standard of a list: how it stands, its numbers, what to know, and whom it waits for."""

    title: str
    standard_id: str
    status: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    link: str | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One list: what the figures are about, its numbers, its standards, what drives it, and how good the data are."""

    title: str
    about: str
    rows: tuple[Row, ...]
    hidden: str | None
    blocks: tuple[Block, ...]
    drivers: tuple[str, ...]
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Email:
    """The whole email before it is set."""

    subject: str
    summary: tuple[str, ...]
    glance_about: str | None
    glance: tuple[str, ...]
    sections: tuple[Section, ...]
    late: tuple[str, ...]
    actions: tuple[str, ...]
    about: tuple[str, ...]
    base_url: str
    chart: ChartFacts | None = None
    notice: str | None = None
    """What has to be known before anything is read."""

    fault: str | None = None
    """The kind of error that kept the email of the week from being made; then this one says so and no more."""


def unmade(day: date, *, base_url: str, fault: str) -> Email:
    """What is sent where the email of a week broke on its way: a Monday without any would say less."""
    return Email(
        subject=f"Weekly breach email, {day_words(day)}: it could not be made",
        summary=(
            "This week's mail could not be made, because of a fault in the service: this is no week without breaches.",
            "What is known of your lists stands in the service.",
            "Whoever runs the service sees the fault; the mail is made when the week has been done again.",
        ),
        glance_about=None,
        glance=(),
        sections=(),
        late=(),
        actions=("Look your lists up in the service.",),
        about=("This mail holds no figures; that is not zero.",),
        base_url=base_url,
        fault=fault,
    )


def compose(week: WeekFacts, *, base_url: str, rule: Rule) -> Email:
    """The email of one subscriber's week, in words.

    Parameters
    ----------
    base_url : where people reach the service; links begin with it
    rule : by which the numbers were hidden
    """
    return Email(
        subject=subject_of(week),
        summary=summary_of(week),
        glance_about=glance_about_of(week),
        glance=glance_of(week),
        sections=tuple(_section(one, week, base_url) for one in in_order(week.lists)),
        late=(*week.late, *_silent(week), *_unplaced(week)),
        actions=tuple(_actions(week)),
        about=tuple(_about(week, rule)),
        base_url=base_url,
        chart=week.chart,
        notice=INVENTED if week.is_synthetic else None,
    )


def _section(one: ListFacts, week: WeekFacts, base_url: str) -> Section:
    when = in_words(one.period_end, one.freq)
    blocks = tuple(_block(one, mark, week, base_url) for mark in one.marks)
    drivers = tuple(dict.fromkeys(text for mark in one.marks for text in drivers_of(one, mark)))
    told = [(name, figure) for name, figure in _beside(one) if figure.value is not None]
    # One line names what is hidden: a line each would be most of the mail about a small list.
    hidden = [f"{name[:1].lower()}{name[1:]}" for name, figure in _beside(one) if figure.value is None]
    return Section(
        title=title_of(week, one),
        about=f"Figures for {when}, {days_old(week, one)}, from {SOURCES[one.source].label}.",
        rows=(
            Row("Waiting, without the missing" if one.missing and not one.is_doubted else "Waiting", one.waiting.words),
            *(Row(name, figure.words) for name, figure in told),
        ),
        hidden=f"Not shown: {'; '.join(hidden)}." if hidden else None,
        blocks=blocks,
        drivers=drivers[:MOST_DRIVERS],
        caveats=tuple(dict.fromkeys(caveats_of(one, is_noticed=week.is_synthetic))),
    )


def _beside(one: ListFacts) -> Iterator[tuple[str, Figure]]:
    """Who joined and who left, and what balances fewer waiting."""
    flows = ((f"Joined the list in the {STEP_WORDS[one.freq]}", one.referrals), ("Left it", one.left))
    yield from ((name, figure) for name, figure in flows if figure is not None)
    yield from one.balance


def _block(one: ListFacts, mark: MarkFacts, week: WeekFacts, base_url: str) -> Block:
    warned = mark.warned
    title = titled(mark)
    if warned is None or not warned.is_open:
        over = Row(f"Waiting {mark_words(mark)}", mark.over.words)
        return Block(title, mark.standard_id, calm_of(one, mark, week), (over,))
    kind = "Warning" if is_local(mark.standard_id) else "Breach warning"
    return Block(
        title,
        mark.standard_id,
        f"{kind}, {SEVERITIES[warned.severity]}. {stands(warned.life, week.as_of)}{_or_else(warned)}",
        tuple(_rows(one, mark, warned)),
        tuple(_notes(warned)),
        f"{base_url}/breaches/{warned.figures.id}",
        is_open=True,
    )


def _or_else(warned: Warned) -> str:
    is_asked = warned.life.state in {"raised", "worse", "escalated"}
    return " Untaken it goes to the next role." if is_asked and warned.life.owner in NEXT else ""


def _rows(one: ListFacts, mark: MarkFacts, warned: Warned) -> Iterator[Row]:
    figures, seen, named = warned.figures, warned.seen, mark_words(mark)
    when = "" if figures.period_end == one.period_end else f", {in_words(figures.period_end, figures.freq)}"
    if seen.over_now is None:
        yield Row(f"Waiting {named}{when}", hidden_words(seen))
        return
    yield Row(f"Waiting {named}{when}", f"{over_words_of(seen)}")
    if figures.newly_since is not None:
        yield Row(f"Newly over since {day_words(figures.newly_since)}", count_words(seen.newly_over_now))
    yield Row(f"Change since {since_words(figures)}", change_words(one, warned))
    # Figures may be so old that a horizon counted from them is over.
    ahead = [due for due in seen.newly_over if due.by > figures.as_of]
    for due in ahead:
        yield Row(f"Due to cross in {due.weeks} weeks, by {day_words(due.by)}", _likely(due))
    later = [due for due in ahead if due.not_yet_referred is not None]
    if later:
        last = later[-1]
        yield Row(f"Beside them, not yet referred, by {day_words(last.by)}", f"about {last.not_yet_referred:,.0f}")
    if mark.booked is not None:
        yield Row("Already booked, of those due to cross in 4 weeks", mark.booked.words)
    if seen.longest_band is not None:
        yield Row("Longest wait", band_words(seen.longest_band))


def _likely(due: SeenDue) -> str:
    said = crossing_words(due.p10, due.p90)
    return said if due.p90 is None else f"likely {said}"


def _notes(warned: Warned) -> Iterator[str]:
    tail = tail_sentence(warned)
    if tail is not None:
        yield tail
    if any(due.p90 is not None for due in warned.seen.newly_over):
        yield held_words(warned.figures)


def _silent(week: WeekFacts) -> Iterator[str]:
    for service, org in week.silent:
        yield f"{SERVICES[service].label}, {name_of(org)}: there is no figure. That is not zero."


def _unplaced(week: WeekFacts) -> Iterator[str]:
    """Files of which no section tells, as their list has none yet."""
    told = {said for one in week.lists for said in one.unread}
    yield from (said for said in week.unread if said not in told)


def _actions(week: WeekFacts) -> Iterator[str]:
    if week.has_warning:
        yield (
            "Whoever is asked to take a warning: acknowledge it at its link by the day named, and say what is being "
            "done and until when."
        )
        yield (
            "Service manager: take to this week's meeting the longest waits and those due to cross in 4 weeks, booked "
            "or not. Who may see them finds them in the service; no child is in this mail."
        )
    if week.late or any(one.missing for one in week.lists):
        yield "Commissioner: ask those named as late for their figures; until then read no fall as progress."
    if week.unread:
        till_then = " Till then no fall is progress." if any(one.is_awaited for one in week.lists) else ""
        yield f"Whoever runs the service: see to the files named as refused or held.{till_then}"
    if could_be_watched(week):
        yield RENEW
    if not week.is_told:
        yield LOOK
    elif not week.has_warning and not week.late and not week.unread and not could_be_watched(week):
        yield NOTHING_ASKED


def _about(week: WeekFacts, rule: Rule) -> Iterator[str]:
    small = words(rule)
    yield (
        f"Numbers are rounded to the nearest 5. Small ones ({small}) are not shown, nor those that would give "
        "them away; a number not shown is not zero."
    )
    yield from filter(None, [left_out(given_in_mail(rule))])
    if len(week.lists) > 1:
        yield "A child may be on several lists, so lists never add up."
    yield FAMILIES
    yield "For planning and oversight, not for operational use: no child's place or appointment may be decided by it."
    yield from ([REAL, SEVERITIES_MEAN] if week.has_warning else [])
    yield from LEFT_OUT.values()
    if codes := dict.fromkeys(mark.standard_id for one in week.lists for mark in one.marks):
        yield f"Standards by code: {'; '.join(f'{code}, {find_standard(code).plain}' for code in codes)}."

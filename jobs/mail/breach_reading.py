"""Reads what the weekly email of a subscriber is made of, as known on a day, and hides what has to be hidden."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from sqlalchemy import Connection

from forecasting.warnings.past import MEASURE_OVER
from forecasting.warnings.seen import counted_as
from forecasting.warnings.told import life_told
from forecasting.warnings.warning import Acknowledgement, BreachWarning
from forecasting.warnings.watched import watched
from jobs.mail.breach_absent import absent_by_name, in_doubt
from jobs.mail.breach_booked import Booked
from jobs.mail.breach_chart import chart_of
from jobs.mail.breach_facts import ChartFacts, Figure, ListFacts, MarkFacts, Warned, WeekFacts
from jobs.mail.breach_silence import given_in_mail
from jobs.mail.breach_summary import leading
from jobs.shelf import Shelf
from waitlists.domain import Level, Measure
from waitlists.mail.subscribers import Subscription
from waitlists.organisations import ORGANISATIONS, board_of
from waitlists.periods import add_months, in_words
from waitlists.quality.steps import STEP_SHARE
from waitlists.quality.whole import why_unknown
from waitlists.quality.words import joined, name_of, sent_nothing
from waitlists.running.expected import next_file
from waitlists.services import SERVICES
from waitlists.sources import SOURCES, freq_of
from waitlists.standards import find_standard, last_day_within
from waitlists.store.decisions import history_of
from waitlists.store.latest import Wanted, latest_lists
from waitlists.store.newer import Worked, is_newer
from waitlists.store.read import StoredFinding, StoredList, StoredVintage, stored_list, stored_lists
from waitlists.store.unread import Unread
from waitlists.suppression import cut
from waitlists.suppression.lists import REFERRALS, REMOVALS, TOTAL
from waitlists.suppression.rules import NOT_KNOWN, NOT_SHOWN, STEP
from waitlists.suppression.sheets import OVER_104, Sheet, nothing
from waitlists.trends.decisions import Charted, explains, in_force

BALANCING = (
    ("Waiting over 104 weeks", OVER_104),
    ("Seen, and waiting for the next stage", cut("next", TOTAL)),
    ("Waiting for a review", cut("review", TOTAL)),
    ("Rejected in the period", cut(REMOVALS, "rejected")),
    ("Left without being seen in the period", cut(REMOVALS, "discharged_unseen")),
)
"""What may get worse while fewer wait, and where it stands on a sheet."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One day's warnings and the shelf of what may be shown, for the mail of all subscribers."""

    connection: Connection
    as_of: date
    shelf: Shelf
    warnings: Sequence[BreachWarning]
    taken: Mapping[str, Sequence[Acknowledgement]]
    booked: Booked
    worked: Worked
    unread: Unread

    def week(self, wants: Subscription) -> WeekFacts:
        """All that the mail of one subscriber is made of."""
        asked = [(service, org) for org in wants.organisations for service in wants.services]
        found = {place: self._stored(*place) for place in asked}
        lists = tuple(self._list(stored, wants) for stored in found.values() if stored is not None)
        silent = tuple(place for place, stored in found.items() if stored is None)
        stored = [one for one in found.values() if one is not None]
        late = tuple(dict.fromkeys(_late(stored, self.as_of)))
        sources = {place: one.source if one else None for place, one in found.items()}
        unread = [said for place, source in sources.items() for said in self.unread.about(*place, source)]
        week = WeekFacts(self.as_of, lists, late, silent, tuple(dict.fromkeys(unread)))
        return replace(week, chart=self._chart(week))

    def _stored(self, service: str, org: str) -> StoredList | None:
        """The list from the source that was warned of, else from the one that answers."""
        warned = next((one.figures.source for one in self._about(service, org)), None)
        return stored_list(self.connection, service=service, org=org, as_of=self.as_of, source=warned)

    def _about(self, service: str, org: str) -> list[BreachWarning]:
        return [one for one in self._given(service) if one.figures.org == org]

    def _given(self, service: str) -> list[BreachWarning]:
        """The warnings of a service that mail may tell of."""
        given = given_in_mail(self.shelf.rule)
        every = [one for one in self.warnings if one.figures.service == service]
        return [one for one in every if given.covers(one.figures.source, one.figures.org)]

    def _list(self, stored: StoredList, wants: Subscription) -> ListFacts:
        sheet = self.shelf.sheet_of(stored)
        watching = watched(stored.service, stored.source)
        standards = [one.id for one in watching if wants.asks_for(one.id)]
        is_doubted = in_doubt(stored)
        sheet = nothing(self.shelf.rule) if is_doubted else sheet
        figure = partial(_figure, sheet)
        return ListFacts(
            service=stored.service,
            org=stored.org,
            source=stored.source,
            freq=freq_of(stored.source),
            period_end=stored.period_end,
            latest_period=stored.latest_period_of_source,
            waiting=figure(TOTAL),
            marks=tuple(self._mark(stored, sheet, standard) for standard in standards),
            balance=tuple((title, figure(name)) for title, name in BALANCING if _is_counted(sheet, name)),
            referrals=figure(REFERRALS) if _is_counted(sheet, REFERRALS) else None,
            left=figure(REMOVALS) if _is_counted(sheet, REMOVALS) else None,
            missing=absent_by_name(stored),
            is_doubted=is_doubted,
            fell=sheet.shown(TOTAL) is not None and self._fell(stored),
            was_shown=not is_doubted and sheet.shown(TOTAL) is None and self._was_shown(stored),
            is_newer=is_newer(self.connection, self._shown(stored), self.worked),
            unread=self.unread.about(stored.service, stored.org, stored.source),
            is_awaited=self.unread.is_awaited(stored.service, stored.org, stored.source),
            only_provider=self._only_provider(stored),
            is_told=given_in_mail(self.shelf.rule).covers(stored.source, stored.org),
            is_synthetic=stored.is_synthetic,
        )

    def _shown(self, stored: StoredList) -> StoredVintage:
        """What pages show the list from by now, which its warnings may not have seen, of whichever source."""
        places = [(stored.service, stored.org)]
        return next(one.vintage for one in latest_lists(self.connection, places, self.as_of, Wanted()))

    def _was_shown(self, stored: StoredList) -> bool:
        """Whether the mail of a week ago could show how many wait; both facts are shown ones, so they tell nothing."""
        a_week_ago = self.as_of - timedelta(weeks=1)
        before = stored_list(
            self.connection, service=stored.service, org=stored.org, as_of=a_week_ago, source=stored.source
        )
        return before is not None and self.shelf.sheet_of(before).shown(TOTAL) is not None

    def _only_provider(self, stored: StoredList) -> str | None:
        """The provider whose list is all of a board's; None where there are several, or that is not known."""
        providers = [one.code for one in ORGANISATIONS.values() if one.level is Level.PROVIDER]
        inside = [code for code in providers if board_of(code, stored.service, self.as_of) == stored.org]
        lists = stored_lists(
            self.connection, as_of=self.as_of, service=stored.service, orgs=inside, source=stored.source, limit=2
        )
        whole = [one for one in lists if (one.period_end, one.bands) == (stored.period_end, stored.bands)]
        return name_of(whole[0].org) if len(lists) == len(whole) == 1 else None

    def _fell(self, stored: StoredList) -> bool:
        """Whether the list fell suddenly and nobody said why."""
        if not any(_is_fall(one, stored) for one in stored.findings):
            return False
        freq, period = freq_of(stored.source), stored.period_end
        charted = Charted(
            service=stored.service, org=stored.org, measure=Measure.LIST_SIZE, freq=freq, source=stored.source
        )
        recorded = in_force(history_of(self.connection, service=stored.service, as_of=self.as_of), self.as_of)
        before = add_months(period, -1) if freq == "M" else period - timedelta(weeks=1)
        return not explains((one.decision for one in recorded), charted, after=before, until=period)

    def _mark(self, stored: StoredList, sheet: Sheet, standard_id: str) -> MarkFacts:
        under = [one for one in self._given(stored.service) if one.figures.standard_id == standard_id]
        own = next((one for one in under if one.figures.org == stored.org), None)
        parts = (one for one in under if board_of(one.figures.org, stored.service, self.as_of) == stored.org)
        return MarkFacts(
            standard_id,
            _over(sheet, standard_id),
            None if own is None else self._warned(own),
            tuple(self._warned(one) for one in parts),
            None if own is None else self.booked.share(stored, standard_id, own.figures.over_days),
        )

    def _warned(self, one: BreachWarning) -> Warned:
        figures, seen = one.figures, self.shelf.seen(one.figures)
        life = life_told(one.life, seen, figures, taken=self.taken.get(one.id, ()), day=self.as_of)
        return Warned(figures, seen, life)

    def _chart(self, week: WeekFacts) -> ChartFacts | None:
        """A picture of what the mail is about first: those over the gravest threshold, else the first list's size."""
        if not week.lists:
            return None
        head = leading(week)
        one = head.facts if head else week.lists[0]
        measure = MEASURE_OVER.get(head.warned.figures.over_days) if head else None
        chart = chart_of(self.connection, self.shelf, one, measure or Measure.LIST_SIZE, as_of=self.as_of)
        return chart and replace(chart, source=SOURCES[one.source].label)


def _figure(sheet: Sheet, name: str) -> Figure:
    return Figure(sheet.shown(name), sheet.plan.said(sheet.name(name)) if _is_named(sheet, name) else NOT_KNOWN)


def _is_fall(one: StoredFinding, stored: StoredList) -> bool:
    """A step of the list to this period that has no known cause, and leaves fewer waiting, as far as rounding shows."""
    if one.code != "step" or one.details.get("cause") != "unknown" or one.period_end != stored.period_end:
        return False
    was, now = (round(float(str(one.details[name])) / STEP) * STEP for name in ("before", "after"))
    return now < was * (1 - STEP_SHARE)


def _is_named(sheet: Sheet, name: str) -> bool:
    return sheet.name(name) in sheet.plan.shown


def _is_counted(sheet: Sheet, name: str) -> bool:
    """Whether anybody counted it at all; of what nobody counts nothing is said."""
    return sheet.table.counts.get(sheet.name(name)) is not None


def _over(sheet: Sheet, standard_id: str) -> Figure:
    """How many are over a standard's own threshold."""
    name = counted_as(last_day_within(find_standard(standard_id)))
    if _is_named(sheet, name):
        return _figure(sheet, name)
    return Figure(None, NOT_SHOWN if _is_counted(sheet, TOTAL) else NOT_KNOWN)


def _late(lists: Sequence[StoredList], as_of: date) -> Iterator[str]:
    """Who sent nothing, by name, and which source is overdue as a whole."""
    for one in lists:
        service, freq = SERVICES[one.service].label, freq_of(one.source)
        if absent := absent_by_name(one):
            yield f"{joined(absent)} {sent_nothing(freq)} for {in_words(one.period_end, freq)} ({service})."
        found = (each for each in one.findings if each.period_end == one.period_end)
        yield from (f"{service}: {why}" for why in why_unknown(found, on=as_of))
        if one.period_end < one.latest_period_of_source:
            latest = in_words(one.latest_period_of_source, freq)
            yield f"{name_of(one.org)} has no figures for {latest} ({service}); the newest are used."
    for source in dict.fromkeys(one.source for one in lists):
        newest = max(one.latest_period_of_source for one in lists if one.source == source)
        if next_file(source, newest)[1] < as_of:
            when = in_words(newest, freq_of(source))
            yield f"Nothing newer than {when} has come of {SOURCES[source].label}: {(as_of - newest).days} days."

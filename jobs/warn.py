"""Works out every breach warning of a day from what was known on it, and keeps those that are new or different.

Reads the lists in the source that answers first, goes on from the warnings of the day before, and stores nothing twice.
Acknowledgements count from the day after they were made, so that a day worked out again comes to the same; whoever asks
meanwhile is told of them by `forecasting.warnings.life.stands_on`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.kept import kept, taken_of, warning_of
from forecasting.warnings.past import MEASURE_OVER, ListPast, Shown, pasts_of
from forecasting.warnings.seen import counted_as
from forecasting.warnings.warning import Acknowledgement, BreachWarning, Counted
from forecasting.warnings.watched import watched
from jobs.outcomes import Progress
from jobs.records.child_lists import FOR_CHILDREN, LIST_SOURCES
from jobs.shelf import Shelf
from waitlists.counts.histories import ListHistory
from waitlists.details import ListWaits
from waitlists.domain import Level
from waitlists.errors import WaitlistsError
from waitlists.logs import logger
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.standards import last_day_within
from waitlists.store import read
from waitlists.store.decisions import history_of
from waitlists.store.latest import weekly_leads
from waitlists.store.read_waits import single_waits
from waitlists.store.unread import Unread
from waitlists.store.warnings import KeptWarning, load_assessment, save_assessment, taken_until
from waitlists.suppression import Rule
from waitlists.trends.decisions import Decision, in_force


def by_state(warnings: Sequence[BreachWarning]) -> Mapping[str, int]:
    """How many warnings stand in each state."""
    return dict(sorted(Counter(one.life.state for one in warnings).items()))


def worked_out(
    connection: Connection,
    *,
    as_of: date,
    rule: Rule | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_broken: Callable[[str], None] = lambda _: None,
) -> tuple[BreachWarning, ...]:
    """The warnings of a day in memory; the same day gives the same.

    Whether a change is real is judged twice: of exact figures, and of what `rule` shows of them, or of each rounded by
    itself.
    Should a list break the work, it is told to `on_broken` in a few words, a warning of it stands as it stood, and the
    others are worked out without it.
    """
    levels = {one.code: Level(one.level) for one in read.known_organisations(connection)}
    known = _known_before(connection, as_of)
    warned = partial(warnings_of, known=known, as_of=as_of, levels=levels)
    lists = partial(_lists, connection, as_of, rule, on_progress)
    try:
        return warned(past for one in lists() for past in one.pasts(one.orgs, as_of))
    except (WaitlistsError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - the edge where one list must not keep the others from being warned of
        logger().error("warn.fault", as_of=str(as_of), kind=type(error).__name__)
    return warned([past for one in lists() for org in one.orgs for past in _alone(one, org, as_of, warned, on_broken)])


def keep(connection: Connection, found: Sequence[BreachWarning], *, as_of: date, run_id: int) -> bool:
    """Whether the warnings of a day were not there yet; then they are now."""
    rows = [_row(one) for one in found]
    is_new = save_assessment(connection, run_id=run_id, as_of=as_of, warnings=rows)
    logger().info("warn.kept", as_of=str(as_of), warnings=len(rows), is_new=is_new)
    return is_new


class _Lists(NamedTuple):
    """Lists of one service in the source that answers for them."""

    history: ListHistory
    waits: Mapping[tuple[int, str], ListWaits]
    orgs: Sequence[str]
    decisions: Sequence[Decision]
    shown: Shown | None
    awaited: frozenset[str]

    def pasts(self, orgs: Sequence[str], as_of: date) -> Iterator[ListPast]:
        found = pasts_of(self.history, self.waits, orgs=orgs, as_of=as_of, decisions=self.decisions, shown=self.shown)
        yield from (replace(one, is_awaited=one.org in self.awaited) for one in found)


def _alone(
    one: _Lists,
    org: str,
    as_of: date,
    warned: Callable[[Sequence[ListPast]], Sequence[BreachWarning]],
    on_broken: Callable[[str], None],
) -> Sequence[ListPast]:
    """The past of a list that can be warned of by itself; none of the one that breaks."""
    try:
        pasts = tuple(one.pasts([org], as_of))
        warned(pasts)
    except Exception as error:  # noqa: BLE001 - as above: this is the one that breaks
        on_broken(f"{one.history.service} {org}: its warnings could not be worked out ({type(error).__name__})")
        return ()
    return pasts


def _lists(
    connection: Connection, as_of: date, rule: Rule | None, on_progress: Callable[[Progress], None]
) -> Iterator[_Lists]:
    """Each list once, in the source that answers for it on every page."""
    stored, leads = read.stored_services(connection), weekly_leads(connection, as_of)
    wanted = [(source, service) for source in LIST_SOURCES for service in sorted(FOR_CHILDREN & stored[source])]
    unread, answered = Unread.of(connection, as_of), defaultdict[str, set[str]](set)
    for done, (source, service) in enumerate(wanted, start=1):
        history = read.list_history(connection, source=source, service=service, as_of=as_of)
        others = (org for org in history.orgs if leads.get((service, org), source) == source)
        lists = [org for org in others if org not in answered[service]]
        answered[service].update(lists)
        waits = single_waits(connection, source=source, service=service, as_of=as_of)
        recorded = in_force(history_of(connection, service=service, as_of=as_of), as_of)
        shown = None if rule is None or source in PUBLISHED_SOURCES else _shown_in(connection, rule, history)
        awaited = frozenset(org for org in lists if unread.is_awaited(service, org, source))
        yield _Lists(history, waits, lists, [one.decision for one in recorded], shown, awaited)
        on_progress(Progress("warnings", done, len(wanted), service))


def _shown_in(connection: Connection, rule: Rule, history: ListHistory) -> Shown:
    """Counts of the lists of a history as its sheets show them; what is kept of these is the counts alone."""
    kept: dict[Counted, Mapping[str, int]] = {}

    def over(counted: Counted, over_days: int) -> int | None:
        if not kept:
            kept.update(_counts_shown(connection, rule, history))
        return kept.get(counted, {}).get(counted_as(over_days))

    return Shown(rule, over)


def _counts_shown(
    connection: Connection, rule: Rule, history: ListHistory
) -> Iterator[tuple[Counted, Mapping[str, int]]]:
    """What is shown of those over a wait, of every list of every vintage."""
    shelf, own = Shelf(connection, rule), watched(history.service, history.source)
    names = {counted_as(days) for days in (*MEASURE_OVER, *(last_day_within(one) for one in own))}
    periods = {vintage.id: vintage.period_end for vintage in history.vintages}
    shelf.fetch(history.source, history.service, periods.values())
    for vintage_id, org in history.cells:
        counted = Counted(vintage_id, org, periods[vintage_id])
        sheet = shelf.sheet(history.source, history.service, counted)
        yield counted, {name: count for name in names if (count := sheet.shown(name)) is not None}


def _known_before(connection: Connection, as_of: date) -> Known:
    """The warnings as the last earlier day left them, and what was taken since, until the day before."""
    last = load_assessment(connection, before=as_of, is_published=False)
    if last is None:
        return Known()
    return Known({one.warning: warning_of(one.content) for one in last.warnings}, taken_before(connection, as_of))


def taken_before(connection: Connection, as_of: date) -> dict[str, list[Acknowledgement]]:
    """By warning, who had taken it by the end of the day before: what a run of a day knows of."""
    taken: dict[str, list[Acknowledgement]] = defaultdict(list)
    for one in taken_until(connection, as_of - timedelta(days=1)):
        said = taken_of(on=one.known_on, role=one.role, reason=one.reason, until=one.until, severity=one.severity)
        taken[one.warning].append(said)
    return taken


def _row(warning: BreachWarning) -> KeptWarning:
    figures, life = warning.figures, warning.life
    return KeptWarning(
        warning=warning.id,
        source=figures.source,
        service=figures.service,
        org=figures.org,
        standard_id=figures.standard_id,
        state=life.state,
        severity=life.severity,
        content=kept(warning),
    )

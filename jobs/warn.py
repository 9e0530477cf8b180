"""Works out every breach warning of a day from what was known on it, and keeps those that are new or different.

Reads the lists in the source that answers first, goes on from the warnings of the day before, and stores nothing twice.
Acknowledgements count from the day after they were made, so that a day worked out again comes to the same; whoever asks
meanwhile is told of them by `forecasting.warnings.life.stands_on`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.kept import kept, taken_of, warning_of
from forecasting.warnings.past import ListPast, pasts_of
from forecasting.warnings.warning import Acknowledgement, BreachWarning
from jobs.child_lists import FOR_CHILDREN, LIST_SOURCES
from jobs.outcomes import Progress
from waitlists.domain import Level
from waitlists.logs import logger
from waitlists.store import read
from waitlists.store.read_waits import single_waits
from waitlists.store.warnings import KeptWarning, load_assessment, save_assessment, taken_until


def by_state(warnings: Sequence[BreachWarning]) -> Mapping[str, int]:
    """How many warnings stand in each state."""
    return dict(sorted(Counter(one.life.state for one in warnings).items()))


def worked_out(
    connection: Connection, *, as_of: date, on_progress: Callable[[Progress], None] = lambda _: None
) -> tuple[BreachWarning, ...]:
    """The warnings of a day in memory; the same day gives the same."""
    levels = {one.code: Level(one.level) for one in read.known_organisations(connection)}
    pasts = _pasts(connection, as_of, on_progress)
    return warnings_of(pasts, _known_before(connection, as_of), as_of=as_of, levels=levels)


def keep(connection: Connection, found: Sequence[BreachWarning], *, as_of: date, run_id: int) -> bool:
    """Whether the warnings of a day were not there yet; then they are now."""
    rows = [_row(one) for one in found]
    is_new = save_assessment(connection, run_id=run_id, as_of=as_of, warnings=rows)
    logger().info("warn.kept", as_of=str(as_of), warnings=len(rows), is_new=is_new)
    return is_new


def _pasts(connection: Connection, as_of: date, on_progress: Callable[[Progress], None]) -> Iterator[ListPast]:
    """Each list once, in the first source that has it."""
    stored = read.stored_services(connection)
    wanted = [(source, service) for source in LIST_SOURCES for service in sorted(FOR_CHILDREN & stored[source])]
    answered: dict[str, set[str]] = defaultdict(set)
    for done, (source, service) in enumerate(wanted, start=1):
        history = read.list_history(connection, source=source, service=service, as_of=as_of)
        lists = [org for org in history.orgs if org not in answered[service]]
        answered[service].update(lists)
        waits = single_waits(connection, source=source, service=service, as_of=as_of)
        yield from pasts_of(history, waits, orgs=lists, as_of=as_of)
        on_progress(Progress("warnings", done, len(wanted), service))


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

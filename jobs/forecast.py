"""Forecasts every children's list, says when it clears and warns of breaches, as known on a day; publishes it at once.

Reads whole histories in one look at the store, computes in memory, and stores all answers in one transaction, so that
a reader meets the forecasts of one run or of the one before. A series whose fit broke is named and the rest published.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from forecasting import store as forecast_store
from forecasting.engine import Contest, forecast_all
from forecasting.fanout import Workers
from forecasting.flow.answers import Goal
from forecasting.flow.clearance import clear_all
from forecasting.results import STATUSES, Clearance, Forecast
from forecasting.warnings.warning import BreachWarning
from jobs.outcomes import Progress
from jobs.records.child_lists import FOR_CHILDREN, LIST_SOURCES
from jobs.runs import Clock, concluded, running
from jobs.warn import by_state, keep, worked_out
from waitlists.counts.histories import ListHistory
from waitlists.errors import FinishedInPart
from waitlists.logs import logger
from waitlists.sources import PUBLISHED_SOURCES, WEEKLY_OWN
from waitlists.standards import last_day_within, usual_target
from waitlists.store import read, write
from waitlists.store.latest import weekly_leads
from waitlists.store.session import reading
from waitlists.suppression import Rule


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: the knowledge date, the clock, how many processes fit, and the seed of all chance.

    `contest` names the models that compete; None for all of them. `rule` says what is shown to those who may not see
    exact figures, and so how their warnings are judged; None rounds each number by itself, which costs no deciding.
    """

    as_of: date
    clock: Clock
    jobs: int
    seed: int
    contest: Contest | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """All forecasts, clearance answers and breach warnings of a day, worked out and not stored yet."""

    forecasts: Sequence[Forecast]
    clearances: Sequence[Clearance]
    warnings: Sequence[BreachWarning]
    broken: tuple[str, ...] = ()
    """Lists of which warnings could not be worked out, and the kind of error."""


@dataclass(frozen=True, slots=True)
class ForecastOutcome:
    """What a forecast run did: how many series got numbers, which failed, and what readers now see."""

    as_of: date
    by_status: Mapping[str, int]
    by_model: Mapping[str, int]
    clearances: int
    warnings: Mapping[str, int]
    failed: tuple[str, ...]
    run_id: int
    dataset_version: int | None

    @property
    def exit_code(self) -> int:
        """14 when a series failed and the rest is published."""
        return FinishedInPart.exit_code if self.failed else 0

    def as_json(self) -> dict[str, Any]:
        """Every fact."""
        return {
            "as_of": self.as_of.isoformat(),
            "series": sum(self.by_status.values()),
            "by_status": dict(self.by_status),
            "by_model": dict(self.by_model),
            "clearances": self.clearances,
            "warnings": dict(self.warnings),
            "failed": list(self.failed),
            "run_id": self.run_id,
            "dataset_version": self.dataset_version,
            "exit_code": self.exit_code,
        }


def forecast(engine: Engine, ask: Ask, *, on_progress: Callable[[Progress], None]) -> ForecastOutcome:
    """Every children's list forecast as known on a day; where nothing was known nothing is stored but the run.

    Raises
    ------
    DatabaseUnavailable
        When nothing could be stored; readers go on seeing the forecasts there were.
    """
    with running(engine, command="forecast", as_of=ask.as_of, clock=ask.clock) as run_id:
        found = foresee(engine, ask, on_progress=on_progress)
        return concluded(engine, run_id, lambda connection: _stored(connection, ask, found, run_id=run_id))


def foresee(engine: Engine, ask: Ask, *, on_progress: Callable[[Progress], None]) -> Foreseen:
    """Every children's list foreseen as known on a day, in memory; the same seed gives the same numbers."""
    histories = known_histories(engine, as_of=ask.as_of, on_progress=on_progress)
    workers = Workers(
        ask.jobs, on_progress=lambda done, total: on_progress(Progress("fitting", done, total, f"{total:,} series"))
    )
    forecasts = forecast_all(histories, as_of=ask.as_of, seed=ask.seed, contest=ask.contest, run=workers)
    clearances = clear_all(histories, as_of=ask.as_of, goals=goals(ask.as_of))
    broken: list[str] = []
    with reading(engine) as connection:
        warnings = worked_out(
            connection, as_of=ask.as_of, rule=ask.rule, on_progress=on_progress, on_broken=broken.append
        )
    return Foreseen(forecasts, clearances, warnings, tuple(broken))


def _stored(connection: Connection, ask: Ask, found: Foreseen, *, run_id: int) -> ForecastOutcome:
    """In one transaction: all answers, the new dataset version, the run's end; no version where nothing was known."""
    version = None
    if found.forecasts:
        forecast_store.save(connection, run_id, found.forecasts, found.clearances)
        keep(connection, found.warnings, as_of=ask.as_of, run_id=run_id)
        version = write.publish(connection, run_id=run_id, now=ask.clock(), keeps_trends=True)
    outcome = outcome_of(ask, found, run_id=run_id, version=version)
    _finish(connection, outcome, now=ask.clock())
    return outcome


def known_histories(engine: Engine, *, as_of: date, on_progress: Callable[[Progress], None]) -> list[ListHistory]:
    """All that was known on a day of every children's service, each list in the sources that answer for it."""
    found: list[ListHistory] = []
    with reading(engine) as connection:
        stored, leads = read.stored_services(connection), weekly_leads(connection, as_of)
        wanted = [(source, service) for source in LIST_SOURCES for service in sorted(FOR_CHILDREN & stored[source])]
        for done, (source, service) in enumerate(wanted, start=1):
            found.append(read.list_history(connection, source=source, service=service, as_of=as_of))
            on_progress(Progress("histories", done, len(wanted), service))
    return _once((history for history in found if history.cells), leads)


def _once(histories: Iterable[ListHistory], leads: Mapping[tuple[str, str], str]) -> list[ListHistory]:
    """Each list asked about in the source that answers, and in the first of those that anybody may see.

    No history without a list; the cells of others stay, since a sum may have to be made good with them.
    """
    answered: dict[tuple[str, bool], set[str]] = defaultdict(set)
    found: list[ListHistory] = []
    for history in histories:
        place = history.service, history.source in PUBLISHED_SOURCES
        others = {org for org in history.orgs if leads.get((history.service, org), history.source) != history.source}
        lists = frozenset(history.orgs) - answered[place] - (others if history.source in WEEKLY_OWN else set())
        answered[place] |= lists
        if lists:
            found.append(replace(history, lists=lists))
    return found


def goals(as_of: date) -> dict[str, Goal]:
    """By service, the share due by the next 31 March under the first standard for those waiting, where one is set."""
    found: dict[str, Goal] = {}
    for service in sorted(FOR_CHILDREN):
        usual = usual_target(service, as_of)
        if usual.standard and usual.share:
            found[service] = Goal(usual.standard.id, last_day_within(usual.standard) / 7, usual.share)
    return found


def outcome_of(ask: Ask, found: Foreseen, *, run_id: int, version: int | None) -> ForecastOutcome:
    """What was worked out, in counts."""
    statuses = Counter(item.status for item in found.forecasts)
    models = Counter(item.model for item in found.forecasts if item.model)
    return ForecastOutcome(
        as_of=ask.as_of,
        by_status={status: statuses[status] for status in STATUSES},
        by_model=dict(sorted(models.items())),
        clearances=len(found.clearances),
        warnings=by_state(found.warnings),
        failed=(*(f"{item.key}: {item.reason}" for item in found.forecasts if item.is_failed), *found.broken),
        run_id=run_id,
        dataset_version=version,
    )


def _finish(connection: Connection, outcome: ForecastOutcome, *, now: datetime) -> None:
    status = "partial" if outcome.failed else "done"
    summary = {**outcome.by_status, "clearances": outcome.clearances, "failed": list(outcome.failed)}
    write.finish_run(connection, outcome.run_id, status=status, summary=summary, now=now)
    logger().info("forecast.stored", **outcome.by_status, failed=len(outcome.failed))

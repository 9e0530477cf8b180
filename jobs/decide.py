"""What may be shown of unpublished weeks, decided before anybody asks: the API then only looks it up.

A week is decided again where its figures have changed, and one that is not decided yet is decided when it is asked for:
whether this ran changes how long an answer takes, never what it says.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

import joblib
from sqlalchemy import Connection, Engine

from jobs.ahead import judge_ahead
from jobs.outcomes import Progress
from waitlists.logs import configure, logger
from waitlists.store.decided import Weeks, decided_of, keep_decided
from waitlists.store.read_history import stored_services
from waitlists.store.read_sheets import OWN_SOURCES, periods_of, weeks_of
from waitlists.store.session import make_engine, reading, writing
from waitlists.suppression import Rule
from waitlists.suppression.tables import Decided
from waitlists.suppression.weeks import Week, decided_in


class DecidedWeeks(NamedTuple):
    """What was decided of weeks, under which rule."""

    weeks: Weeks
    states: Mapping[str, Sequence[Decided]]
    rule: Rule

    def keep(self, connection: Connection) -> None:
        """Keep it in the caller's transaction, in the place of what was decided of the same weeks before."""
        keep_decided(connection, self.weeks, self.states, self.rule)


def decide_weeks(engine: Engine, rule: Rule, *, on_progress: Callable[[Progress], None], jobs: int = 1) -> DecidedWeeks:
    """Decide every week of every service whose figures nobody publishes, and keep it; those that had to be.

    Parameters
    ----------
    jobs
        Processes to do it in.
    """
    weeks = _undecided(engine, rule)
    joblib_: Any = joblib
    tasks = (joblib_.delayed(_decided)(week, rule) for week in weeks.values())
    found: list[list[Decided]] = []
    for states in joblib_.Parallel(n_jobs=jobs if len(weeks) > jobs else 1, return_as="generator")(tasks):
        found.append(states)
        on_progress(Progress("deciding what may be shown", len(found), len(weeks)))
    decided = DecidedWeeks(weeks, dict(zip(weeks, found, strict=True)), rule)
    if weeks:
        with writing(engine) as connection:
            decided.keep(connection)
        logger().info("weeks.decided", weeks=len(weeks), rule=rule.value)
    return decided


@contextmanager
def deciding(database_url: str, rule: Rule, *, day: date) -> Generator[BaseProcess]:
    """Weeks being decided, then trends being judged, in a process of its own while the block works.

    What is not done at its end is left undone.
    """
    work = multiprocessing.get_context("spawn").Process(target=_decide, args=(database_url, rule, day), daemon=True)
    work.start()
    try:
        yield work
    finally:
        work.terminate()
        work.join()


def _decide(database_url: str, rule: Rule, day: date) -> None:
    # The parent ends it, and answers go before it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)
    configure(level="warning", form="console")
    engine = make_engine(database_url)
    decide_weeks(engine, rule, on_progress=lambda _: None)
    judge_ahead(engine, rule, day=day, on_progress=lambda _: None)


def _undecided(engine: Engine, rule: Rule) -> Weeks:
    """Weeks of which nothing is decided as they are now, by digest."""
    found: dict[str, Week] = {}
    with reading(engine) as connection:
        stored = stored_services(connection)
        periods = sorted({period for source in OWN_SOURCES for period in periods_of(connection, source=source)})
        for service in sorted({service for source in OWN_SOURCES for service in stored[source]}):
            weeks = weeks_of(connection, source=OWN_SOURCES[0], service=service, periods=periods)
            by_digest = {week.digest(rule): week for week in weeks if week.lists}
            known = decided_of(connection, by_digest, rule)
            found |= {digest: week for digest, week in by_digest.items() if digest not in known}
    return found


def _decided(week: Week, rule: Rule) -> list[Decided]:
    return decided_in(week.sheets(rule))

"""A week worked out with files that are not stored yet: on a copy of the database, which nobody else sees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from forecasting.warnings.kept import renumbered
from forecasting.warnings.warning import BreachWarning
from jobs.arrivals import Arrived
from jobs.decide import DecidedWeeks, decide_weeks
from jobs.forecast import Ask, Foreseen, foresee
from jobs.load import Run, store_apart, store_files
from jobs.outcomes import Progress
from waitlists.errors import WaitlistsError
from waitlists.logs import logger
from waitlists.store import read
from waitlists.store.numbers import VintageOf, newest_number, numbers_after
from waitlists.store.rehearsal import rehearsal
from waitlists.store.session import reading, writing
from waitlists.suppression import Rule


class Copied(NamedTuple):
    """What of a copy has to be told to the original: what was decided on it, and the numbers of its new vintages."""

    decided: DecidedWeeks
    newest: int
    numbers: Mapping[VintageOf, int]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What a week comes to, and from what: files, in the parts that are stored, and the version that readers saw."""

    parts: tuple[Arrived, ...]
    found: Foreseen
    seen: int
    copied: Copied | None = None

    def settled(self, connection: Connection) -> Sequence[BreachWarning]:
        """Keep what was decided; the warnings, by the numbers of a database in which the files are stored by now."""
        if self.copied is None:
            return self.found.warnings
        numbers = numbers_after(connection, self.copied.newest)
        # One that is not there, because somebody stored other files meanwhile, may be shown to nobody.
        moved = {old: numbers.get(of, 0) for of, old in self.copied.numbers.items() if numbers.get(of) != old}
        if moved:
            return [renumbered(one, moved) for one in self.found.warnings]
        self.copied.decided.keep(connection)
        return self.found.warnings


def work_out(
    engine: Engine, arrived: Arrived, run: Run, ask: Ask, rule: Rule, *, on_progress: Callable[[Progress], None]
) -> WorkedOut:
    """All that follows from what is stored and from files that have come, which are stored on a copy alone."""
    if not arrived.has_any:
        _, seen, found = _foreseen(engine, ask, rule, on_progress)
        return WorkedOut((arrived,), found, seen)
    with rehearsal(engine) as copy:
        with reading(copy) as connection:
            newest = newest_number(connection)
        parts = tried(copy, arrived, run)
        refused = sum(len(part.refused) for part in parts)
        logger().info("weekly.tried", slot=str(ask.as_of), refused=refused)
        decided, seen, found = _foreseen(copy, ask, rule, on_progress)
        with reading(copy) as connection:
            copied = Copied(decided, newest, numbers_after(connection, newest))
    return WorkedOut(parts, found, seen, copied)


def tried(copy: Engine, arrived: Arrived, run: Run) -> tuple[Arrived, ...]:
    """The parts in which files were stored on a copy: all in one or, where that breaks this program, each by itself."""
    try:
        with writing(copy) as connection:
            store_files(connection, arrived, run)
    except WaitlistsError:
        raise
    except Exception as error:  # noqa: BLE001 - the edge where one file must not keep the week from the others
        logger().error("weekly.fault", kind=type(error).__name__)
    else:
        return (arrived,)
    with writing(copy) as connection:
        return store_apart(connection, arrived, run).parts


def _foreseen(
    engine: Engine, ask: Ask, rule: Rule, on_progress: Callable[[Progress], None]
) -> tuple[DecidedWeeks, int, Foreseen]:
    """What is decided and foreseen, and the version of what it is worked out from, 0 where there is none."""
    decided = decide_weeks(engine, rule, on_progress=on_progress)
    with reading(engine) as connection:
        version = read.latest_version(connection)
    found = foresee(engine, replace(ask, rule=rule), on_progress=on_progress)
    logger().info("weekly.foreseen", slot=str(ask.as_of), series=len(found.forecasts))
    return decided, version.version if version else 0, found

"""Works out the warnings of a day by themselves and queues its mail, all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from forecasting.warnings.warning import BreachWarning
from jobs.mail.breach_email import Email
from jobs.mail.queueing import queue_mail, weekly_emails
from jobs.outcomes import Progress
from jobs.runs import Clock, concluded, running
from jobs.warn import by_state, keep, worked_out
from waitlists.errors import BadArgument, FinishedInPart
from waitlists.periods import london_date
from waitlists.settings import Settings
from waitlists.store import write
from waitlists.store.session import reading
from waitlists.suppression import Rule

COMMAND = "warn"


@dataclass(frozen=True, slots=True)
class WarnOutcome:
    """What warning of a day came to: warnings by state, whether they are new, and how many mails were queued."""

    as_of: date
    by_state: Mapping[str, int]
    is_new: bool
    mails: int
    is_old_news: bool
    problems: tuple[str, ...]
    run_id: int
    dataset_version: int | None

    @property
    def exit_code(self) -> int:
        """14 when a list or a mail broke and the rest is kept and queued."""
        return FinishedInPart.exit_code if self.problems else 0

    def as_json(self) -> dict[str, Any]:
        """Every fact."""
        return {
            "as_of": self.as_of.isoformat(),
            "warnings": dict(self.by_state),
            "is_new": self.is_new,
            "mails_queued": self.mails,
            "is_old_news": self.is_old_news,
            "problems": list(self.problems),
            "run_id": self.run_id,
            "dataset_version": self.dataset_version,
        }


def warn_of(
    engine: Engine, settings: Settings, *, as_of: date, clock: Clock, on_progress: Callable[[Progress], None]
) -> WarnOutcome:
    """The warnings of a day kept, and its mail queued; the same day again keeps and queues nothing.

    Raises
    ------
    BadArgument
        The day has not come yet.
    """
    _check_day(as_of, clock)
    with running(engine, command=COMMAND, as_of=as_of, clock=clock) as run_id:
        broken: list[str] = []
        found = _found(engine, settings, as_of, on_progress, broken.append)

        def conclude(connection: Connection) -> WarnOutcome:
            is_new = keep(connection, found, as_of=as_of, run_id=run_id)
            queued = queue_mail(connection, settings, as_of=as_of, now=clock())
            version = write.publish(connection, run_id=run_id, now=clock(), keeps_trends=True) if is_new else None
            states = by_state(found)
            problems = (*broken, *queued.problems)
            summary = {**states, "mails": queued.mails, "problems": len(problems)}
            status = "partial" if problems else "done"
            write.finish_run(connection, run_id, status=status, summary=summary, now=clock())
            return WarnOutcome(as_of, states, is_new, queued.mails, queued.is_old_news, problems, run_id, version)

        return concluded(engine, run_id, conclude)


def told_of(
    engine: Engine, settings: Settings, *, as_of: date, clock: Clock, on_progress: Callable[[Progress], None]
) -> list[tuple[int, Email]]:
    """What each subscriber would be told of a day, by number; nothing is kept and nothing queued.

    Raises
    ------
    BadArgument
        The day has not come yet.
    """
    _check_day(as_of, clock)
    found = _found(engine, settings, as_of, on_progress, lambda _: None)
    with reading(engine) as connection:
        return [(one.id, email) for one, email in weekly_emails(connection, settings, found, as_of=as_of)]


def _found(
    engine: Engine,
    settings: Settings,
    as_of: date,
    on_progress: Callable[[Progress], None],
    on_broken: Callable[[str], None],
) -> Sequence[BreachWarning]:
    with reading(engine) as connection:
        rule = Rule(settings.suppression)
        return worked_out(connection, as_of=as_of, rule=rule, on_progress=on_progress, on_broken=on_broken)


def _check_day(as_of: date, clock: Clock) -> None:
    if as_of > london_date(clock()):
        raise BadArgument("this day has not come yet", field="--as-of")

"""The commands `waitlists weekly` and `waitlists schedule`: a week by hand, and the clock that needs no hand."""

import os
import sys
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.access import Around, Json, day

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from jobs.mail.outbox import Drained
    from jobs.outcomes import WeekOutcome
    from waitlists.settings import Settings

SETTLING_SECONDS = 3.0
"""How long a file has to lie unchanged for who cannot come back later."""

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds between tries to reach a database at the start, doubled each time."""

AsOf = Annotated[
    date, typer.Option("--as-of", parser=day, metavar="DATE", help="The week as known by the end of this day.")
]


def weekly(
    context: typer.Context,
    as_of: AsOf,
    *,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes that fit models.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = 1,
    as_json: Json = False,
) -> None:
    """Do the whole week, once: load the inbox, forecast, warn, send the mail.

    What lies in the inbox and names no date of its own counts as known from the day given. A week that was done before
    is done over again and comes to the same answers; nothing is sent twice. Mail that the server does not take now is
    tried again by `waitlists schedule`, or by `waitlists outbox send`; should the database go away before the mail, the
    week is told all the same, with `mail` null in the JSON, and the exit code is 12. What takes longer than two hours
    hangs: it is let go, and the command ends with exit code 1.
    """
    from jobs.commands.screens import progress_bars
    from jobs.database import closing, engine_for_loading
    from jobs.forecast import Ask
    from jobs.inbox import Inbox
    from jobs.mail.outbox import drain
    from jobs.weekly import Around as Week
    from jobs.weekly import asked_week

    around: Around = context.find_root().obj
    settings = around.settings()
    inbox = Inbox(settings.inbox)
    ask = Ask(as_of=as_of, clock=around.clock, jobs=jobs, seed=seed)
    opened, is_new = engine_for_loading(settings.database_url)
    if is_new:
        typer.echo(f"Made a new database, {settings.database_shown}.", err=True)

    def late(outcome: "WeekOutcome") -> None:
        _tell(around, outcome, lambda: None, as_json=as_json)
        _leave(outcome.exit_code, "the week is done; judging trends after it did not end in its time and was ended")

    with closing(opened) as engine:
        with progress_bars(is_shown=not as_json) as on_progress:
            week = Week(engine, settings, ask, on_progress)
            outcome = asked_week(week, lambda: inbox.look_twice(_settle), on_hung=lambda: _give_up(as_of), on_late=late)
        _tell(around, outcome, lambda: drain(engine, settings, clock=around.clock), as_json=as_json)
    raise typer.Exit(outcome.exit_code)


def _tell(around: Around, outcome: "WeekOutcome", send: "Callable[[], Drained | None]", *, as_json: bool) -> None:
    """Say what a week came to, whatever becomes of the mail that is due after it, and then that."""
    from jobs.commands.screens import console
    from jobs.commands.weekly_screen import week_screen

    mail: Drained | None = None
    if not as_json:
        console().print(week_screen(outcome))
    try:
        mail = send()
    finally:
        if as_json:
            around.print_json({**outcome.as_json(), "mail": mail.as_json() if mail else None})
        elif mail is None and outcome.mails:
            typer.echo("Mail: not all sent yet; `waitlists outbox send` sends it, or the clock does")
        elif mail and any(mail.as_json().values()):
            typer.echo(f"Mail: {mail}")


def schedule(context: typer.Context) -> None:
    """Be the clock, until stopped: the week on Monday at 06:00 London, the inbox, the outbox, nightly checks.

    May be stopped and killed at any moment; what was due meanwhile is done at the next start, the newest week for all
    that were missed. Several may run on one database: each slot is done once. A job that takes much too long ends the
    command with exit code 1, for whatever keeps it up to start it anew.
    """
    from jobs.database import closing
    from jobs.schedule import schedule as keep_time
    from jobs.schedule import stopping_on_signals
    from jobs.timetable import timetable
    from waitlists.logs import configure

    around: Around = context.find_root().obj
    settings = around.settings()
    configure(level=settings.log_level, form=settings.log_format)
    with stopping_on_signals() as stop:
        engine = _database(settings, stop)
        if engine is None:
            return
        with closing(engine):
            jobs = timetable(settings, settle=_settle)
            ended = keep_time(engine, settings, jobs, clock=around.clock, stop=stop)
            if not ended.is_over:
                # A thread that is still at work would keep the process; what it did not finish has been let go.
                sys.stderr.flush()
                os._exit(1 if ended.hung else 0)
    if ended.hung:
        raise typer.Exit(1)


def _database(settings: "Settings", stop: Event) -> "Engine | None":
    """The database, once it answers; None when the command was stopped before it did."""
    from jobs.database import ready_engine, sqlite_file
    from waitlists.errors import DatabaseUnavailable
    from waitlists.logs import logger

    wait = FIRST_WAIT
    while not stop.is_set():
        try:
            return ready_engine(settings.database_url)
        except DatabaseUnavailable as error:
            # A file that is missing or damaged does not mend itself; a server comes back.
            if sqlite_file(settings.database_url) is not None:
                raise
            logger().warning("schedule.database_away", reason=str(error))
        stop.wait(wait)
        wait = min(2 * wait, LONGEST_WAIT)
    return None


def _give_up(as_of: date) -> None:
    """End the process: nothing else ends a thread that hangs."""
    said = f"the week of {as_of} did not end in its time and was ended: `waitlists status` says how it is"
    _leave(1, f"{said}; run `waitlists weekly --as-of {as_of}` again")


def _leave(code: int, said: str) -> None:
    typer.echo(f"waitlists: {said}", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _settle() -> None:
    Event().wait(SETTLING_SECONDS)

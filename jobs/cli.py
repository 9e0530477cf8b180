"""The command `waitlists`: what people type, what they read back, and the exit code they get.

Commands only take arguments apart and show answers; the work is in the other files of this folder and is imported when
a command runs, so that `--help` answers at once. The present moment is read here and passed on.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from jobs.commands.access import Around, audit_app, day, keys_app, refuse_to_come
from jobs.commands.analyse import analyse_app
from jobs.commands.backup import backup, restore
from jobs.commands.clock import schedule, weekly
from jobs.commands.decisions import rebases_app, targets_app
from jobs.commands.load import load
from jobs.commands.mail import outbox_app, subscribers_app, warn
from jobs.commands.mapping import mapping_app
from jobs.commands.records import erase, quarantine_app
from jobs.commands.template import template_app
from jobs.version import version
from waitlists.errors import WaitlistsError

if TYPE_CHECKING:
    from waitlists.settings import Settings

EXIT_CODES = (
    "Exit codes: 0 done, 1 something needs a person (status), 2 bad usage, 10 files refused, 11 a file could identify "
    "a child, 12 no database, 13 other schema revision, 14 finished in part, 15 held for approval."
)


app = typer.Typer(
    name="waitlists",
    help="How many children wait for NHS help, how long, and what may happen next.",
    epilog=EXIT_CODES,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"waitlists {version()}")
        raise typer.Exit


AsOf = Annotated[
    date, typer.Option("--as-of", parser=day, metavar="DATE", help="What was known by the end of this day.")
]
Json = Annotated[bool, typer.Option("--json", help="Print every fact as JSON.")]


@app.callback()
def everything(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,  # noqa: ARG001 - its callback acts
) -> None:
    """How many children wait for NHS help, how long, and what may happen next."""
    context.obj = Around(clock=_now, settings=_settings, print_json=_print_json)


app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.add_typer(analyse_app, name="analyse")
app.add_typer(template_app, name="template")
app.add_typer(mapping_app, name="mapping")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(rebases_app, name="rebases")
app.add_typer(targets_app, name="targets")
app.add_typer(subscribers_app, name="subscribers")
app.add_typer(outbox_app, name="outbox")
app.command()(load)
app.command()(weekly)
app.command()(schedule)
app.command()(erase)
app.command()(warn)
app.command()(backup)
app.command()(restore)


@app.command()
def migrate(
    *,
    grant: Annotated[str | None, typer.Option(metavar="USER", help="PostgreSQL: the user that only serves.")] = None,
) -> None:
    """Create the schema, or bring it up to date.

    The database is the one that WAITLISTS_DATABASE_URL names (default: waitlists.db in this folder). Users that only
    serve may then do what this version needs; a new one is named with --grant.
    """
    from jobs.database import closing, migrated
    from waitlists.store.session import make_engine

    settings = _settings()
    with closing(make_engine(settings.database_url)) as engine:
        found = migrated(engine, serving=grant)
    typer.echo(f"{settings.database_shown}: schema is up to date (it was {found.before or 'empty'}).")
    if found.serving:
        typer.echo(f"May serve from it: {', '.join(found.serving)}.")


@app.command()
def forecast(
    as_of: AsOf,
    *,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes that fit models.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = 1,
    as_json: Json = False,
) -> None:
    """Forecast every children's list as known on a day.

    Says for each how many are likely to wait in the next 12 months and when it clears, or why nothing is said. Lists
    of adults are loaded and shown, not forecast.
    """
    from jobs.commands.forecast_screens import forecast_screen
    from jobs.commands.screens import console, progress_bars
    from jobs.database import closing, ready_engine
    from jobs.forecast import Ask
    from jobs.forecast import forecast as forecast_lists
    from waitlists.suppression import Rule

    refuse_to_come(as_of, _now())
    settings = _settings()
    ask = Ask(as_of=as_of, clock=_now, jobs=jobs, seed=seed, rule=Rule(settings.suppression))
    opened = ready_engine(settings.database_url)
    with closing(opened) as engine, progress_bars(is_shown=not as_json) as on_progress:
        outcome = forecast_lists(engine, ask, on_progress=on_progress)
    if as_json:
        _print_json(outcome.as_json())
    else:
        console().print(forecast_screen(outcome))
    raise typer.Exit(outcome.exit_code)


@app.command()
def backtest(
    *,
    service: Annotated[str | None, typer.Option(help="One service, such as SALT.", metavar="CODE")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes that fit models.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = 1,
    as_json: Json = False,
) -> None:
    """Score every model on the past.

    Each model forecasts from past days with what was known then; its scores are set beside those of repeating the
    last value. Nothing is stored.
    """
    from jobs.backtest import backtest as look_back
    from jobs.commands.forecast_screens import backtest_screen
    from jobs.commands.screens import console, progress_bars
    from jobs.database import closing, ready_engine
    from jobs.forecast import Ask
    from waitlists.periods import london_date

    ask = Ask(as_of=london_date(_now()), clock=_now, jobs=jobs, seed=seed)
    opened = ready_engine(_settings().database_url)
    with closing(opened) as engine, progress_bars(is_shown=not as_json) as on_progress:
        outcome = look_back(engine, ask, service=service, on_progress=on_progress)
    if as_json:
        _print_json(outcome.as_json())
    else:
        console().print(backtest_screen(outcome))


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve the API until stopped.

    Its documentation is at /docs. SIGTERM lets open requests end first.
    """
    from jobs.serve import Address
    from jobs.serve import serve as serve_api

    settings = _settings(is_service=True)
    url, proxies = settings.database_url, settings.proxies
    serve_api(Address(host, port, workers), database_url=url, now=_now(), tell=_tell, proxies=proxies)


@app.command()
def status(*, as_json: Json = False) -> None:
    """Say what ran and what needs a person.

    Ends with exit code 1 when somebody has to do something: figures overdue, a run that failed, a file refused.
    """
    from jobs.commands.screens import console, status_screen
    from jobs.database import closing, ready_engine
    from jobs.status import status as look

    settings = _settings()
    with closing(ready_engine(settings.database_url)) as engine:
        outcome = look(engine, now=_now(), zone=settings.zone)
    if as_json:
        _print_json(outcome.as_json())
    else:
        console().print(status_screen(outcome))
    raise typer.Exit(outcome.exit_code)


@app.command()
def demo(
    *,
    folder: Annotated[Path, typer.Option("--dir", help="Where its files and database go.")] = Path("demo"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    is_served: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve at the end, or stop.")] = True,
) -> None:
    """Show it all on invented figures.

    Writes synthetic workbooks, referral extracts and weekly returns, loads them, forecasts, prints answers for Kent and
    Medway, and serves them. Running it again does only what is not done yet.
    """
    from jobs.commands.forecast_screens import demo_screen
    from jobs.commands.screens import console, progress_bars
    from jobs.demo.stages import demo as run_demo

    settings = _settings()
    base_url = f"http://{host}:{port}" if port else settings.base_url
    with progress_bars() as on_progress:
        outcome = run_demo(folder, clock=_now, on_progress=on_progress, pepper=settings.key_pepper, base_url=base_url)
    console().print(demo_screen(outcome, port=port))
    if outcome.exit_code or not is_served:
        raise typer.Exit(outcome.exit_code)
    from jobs.decide import deciding
    from jobs.serve import Address
    from jobs.serve import serve as serve_api
    from waitlists.periods import london_date
    from waitlists.suppression import Rule

    # A board's first page would wait for it; the person who started this need not.
    now = _now()
    with deciding(outcome.database_url, Rule(settings.suppression), day=london_date(now)):
        serve_api(Address(host, port), database_url=outcome.database_url, now=now, tell=_tell)


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run the command line, by default this process's own; the entry point `waitlists`.

    A mistake of the person who typed it is one line on standard error and its exit code, never a traceback.
    """
    try:
        app(words, prog_name="waitlists")
    except WaitlistsError as error:
        field = getattr(error, "field", None)
        hint = f" ({field})" if field and field not in str(error) else ""
        _tell(f"waitlists: {error}{hint}")
        sys.exit(error.exit_code)
    sys.exit(0)


def _settings(*, is_service: bool = False) -> "Settings":
    """The settings, read once in a command, with the log set up as they say.

    A command that a person waits for shows its progress and its answer; its log begins at warnings unless asked for.
    """
    from waitlists.logs import configure
    from waitlists.settings import Settings

    settings = Settings.read()
    is_wanted = is_service or "log_level" in settings.model_fields_set
    configure(level=settings.log_level if is_wanted else "warning", form=settings.log_format)
    return settings


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _print_json(answer: dict[str, Any]) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode() + "\n")

"""The command `waitlists load`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.access import Around, Json, day, refuse_to_come

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.files import Refusal
    from jobs.outcomes import LoadOutcome
    from jobs.records.files import Asked
    from waitlists.ingest.fetch import TakenFile
    from waitlists.settings import Settings

Words = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Files, folders of files, or https:// addresses of workbooks.")
]
KnownFrom = Annotated[
    date | None,
    typer.Option(parser=day, metavar="DATE", help="Backfill: known from this day where a file prints no date."),
]


def load(  # noqa: PLR0913 - the options people type
    context: typer.Context,
    words: Words,
    *,
    source: Annotated[str | None, typer.Option(help="Refuse files of any other source.", metavar="NAME")] = None,
    as_of: KnownFrom = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Read the files as referral records, under this mapping.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Load a delivery that is held.")] = False,
    reason: Annotated[str, typer.Option(help="Why a held delivery is right.", metavar="TEXT")] = "",
    by: Annotated[str, typer.Option(help="The role that approves, no person's name.", metavar="ROLE")] = "admin",
    verbose: Annotated[bool, typer.Option("--verbose", help="Show every finding.")] = False,
    as_json: Json = False,
) -> None:
    """Check files and load them as new vintages.

    The same file again changes nothing; a corrected file is kept beside the old one. Every file is told apart by what
    is in it, checked, and loaded whole or refused whole. Referral records that differ much from the last delivery are
    held (exit code 15) until the same file is loaded with --approve; it is known from that day, so leave --as-of out.
    """
    from jobs.commands.screens import console, load_screen

    around: Around = context.obj
    refuse_to_come(as_of, around.clock())
    records = _asked(around.settings(), mapping, (by, reason) if approve else None)
    outcome = _load(around, words, as_of, source, records, is_shown=not as_json)
    if as_json:
        around.print_json(outcome.as_json())
    else:
        console().print(load_screen(outcome, verbose=verbose))
    raise typer.Exit(outcome.exit_code)


def _load(
    around: Around, words: "Sequence[str]", as_of: date | None, source: str | None, records: "Asked", *, is_shown: bool
) -> "LoadOutcome":
    from jobs.ahead import is_judged_at_once, judge_ahead
    from jobs.commands.screens import progress_bars
    from jobs.database import closing, engine_for_loading
    from jobs.decide import decide_weeks
    from jobs.load import Moment
    from jobs.load import load as load_files
    from waitlists.periods import london_date
    from waitlists.suppression import Rule

    settings = around.settings()
    opened, is_new = engine_for_loading(settings.database_url)
    if is_new:
        typer.echo(f"Made a new database, {settings.database_shown}.", err=True)
    paths = [Path(word) for word in words if "://" not in word]
    fetched = _fetched([word for word in words if "://" in word], settings)
    with closing(opened) as engine, progress_bars(is_shown=is_shown) as on_progress:
        outcome = load_files(
            engine,
            paths,
            moment=Moment(around.clock, as_of),
            source=source,
            records=records,
            fetched=fetched,
            on_progress=on_progress,
        )
        if outcome.dataset_version is not None:
            rule, today = Rule(settings.suppression), london_date(around.clock())
            decide_weeks(engine, rule, on_progress=on_progress)
            # All of England is judged by the week; a load beside it ends at once.
            if is_judged_at_once(engine):
                judge_ahead(engine, rule, day=today, on_progress=on_progress)
    return outcome


def _fetched(urls: "Sequence[str]", settings: "Settings") -> "list[TakenFile | Refusal]":
    from jobs.files import fetch_all
    from waitlists.ingest.fetch.web import Web

    return list(fetch_all(urls, Web(frozenset(settings.fetch_hosts.split(",")))))


def _asked(settings: "Settings", mapping: Path | None, approval: tuple[str, str] | None) -> "Asked":
    from jobs.records.files import Approval, Asked
    from jobs.records.mappings import read_mapping, read_mappings

    return Asked(
        read_mapping(mapping) if mapping else None,
        read_mappings(settings.mappings),
        Approval.of(*approval) if approval else None,
    )

"""The commands `waitlists quarantine` and `waitlists erase`: rows that broke a rule, and records that have to go."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.access import Around, Json

if TYPE_CHECKING:
    from sqlalchemy import Engine

quarantine_app = typer.Typer(
    help="Rows of records and returns that broke a rule.", no_args_is_help=True, rich_markup_mode=None
)

Delivery = Annotated[int, typer.Argument(metavar="DELIVERY", help="Its number in `waitlists quarantine list`.")]


@quarantine_app.command("list")
def list_rows(context: typer.Context, *, as_json: Json = False) -> None:
    """Count the rows by delivery, rule and field, and name what is wrong with returns loaded in part; no value."""
    from dataclasses import asdict

    from jobs.records.quarantine import in_part, listed
    from waitlists.periods import london_date

    around: Around = context.find_root().obj
    with _engine(around) as engine:
        found, returns = listed(engine), in_part(engine, on=london_date(around.clock()))
    if as_json:
        items = [{**asdict(one), "period_end": one.period_end.isoformat()} for one in found]
        around.print_json({"items": items, "returns": [asdict(one) for one in returns]})
        return
    for one in found:
        place = f" at {one.field}" if one.field else ""
        typer.echo(
            f"Delivery {one.delivery_id} ({one.file_name}, {one.period_end}): {one.rule}{place}: {one.held:,} held, "
            f"{one.released:,} released"
        )
    for one in returns:
        typer.echo(f"Delivery {one.delivery_id} ({one.file_name}), a weekly return: {one.rows:,} put aside; correct:")
        typer.echo("\n".join(f"  {sentence}" for sentence in one.sentences))
    if not (found or returns):
        typer.echo("No row is quarantined.")


@quarantine_app.command("export")
def export_rows(
    context: typer.Context,
    delivery: Delivery,
    *,
    output: Annotated[Path, typer.Option(help="A new file, which its owner alone may read.", metavar="FILE")],
) -> None:
    """Write the held rows of a delivery to a CSV file for its sender; recorded in the audit."""
    from jobs.records.quarantine import export

    around: Around = context.find_root().obj
    with _engine(around) as engine:
        count = export(engine, delivery, output, now=around.clock())
    typer.echo(
        f"{count:,} rows written. They are personal data: send them to their sender alone, then delete the file. "
        "Texts that might name somebody were not kept: their length stands in their place."
    )


@quarantine_app.command("release")
def release_rows(
    context: typer.Context,
    delivery: Delivery,
    *,
    mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="The mapping, mended.")] = None,
    as_json: Json = False,
) -> None:
    """Read the held rows of a delivery again, and take those that break no rule any more.

    For after a mapping, or a register of this software, was mended.
    """
    from jobs.records.mappings import OWN_WORDS, read_mapping
    from jobs.records.quarantine import release

    around: Around = context.find_root().obj
    named = read_mapping(mapping) if mapping else OWN_WORDS
    with _engine(around) as engine:
        found = release(engine, delivery, mapping=named, clock=around.clock)
    if as_json:
        around.print_json(found.as_json())
    else:
        gone = f" Not stored, as they were erased meanwhile: rows {found.erased:,}." if found.erased else ""
        typer.echo(f"{found.released:,} rows released, {found.still_held:,} still held.{gone}")


def erase(
    context: typer.Context,
    *,
    pseudonyms: Annotated[
        Path | None, typer.Option("--pseudonym-file", metavar="FILE", help="One pseudonym a line; - is standard input.")
    ] = None,
    expired: Annotated[bool, typer.Option("--expired", help="What ended before the retention began.")] = False,
    as_json: Json = False,
) -> None:
    """Erase children's records: every version and every quarantined row; recorded in the audit.

    What was counted from them stays. A week that is at work is waited for, as it has a private copy. Pseudonyms are
    never typed on the command line, where others could read them.
    """
    from dataclasses import asdict

    from jobs.records.erase import erase as erase_listed
    from jobs.records.erase import erased_in_words, expire
    from waitlists.errors import BadArgument

    around: Around = context.find_root().obj
    if (pseudonyms is None) == (not expired):
        raise BadArgument("give either --pseudonym-file FILE or --expired", field="erase")
    with _engine(around) as engine:
        if pseudonyms is None:
            found = expire(engine, weeks=around.settings().retention_weeks, clock=around.clock, on_wait=_waiting)
        else:
            found = erase_listed(engine, _lines(pseudonyms), clock=around.clock, on_wait=_waiting)
    if as_json:
        around.print_json(asdict(found))
    else:
        typer.echo(erased_in_words(found))


def _waiting() -> None:
    typer.echo(
        "They are erased. A week is at work on a private copy of the database that may still hold them: waiting until "
        "it ends, which takes minutes.",
        err=True,
    )


def _lines(path: Path) -> list[str]:
    from waitlists.errors import BadArgument

    if str(path) == "-":
        return sys.stdin.read().splitlines()
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        text = "the file of pseudonyms is no UTF-8 text: save it as plain text, one pseudonym a line"
        raise BadArgument(text, field="--pseudonym-file") from None
    except OSError as error:
        text = f"the file of pseudonyms cannot be read ({error.strerror}): name a file, or - for standard input"
        raise BadArgument(text, field="--pseudonym-file") from None


@contextmanager
def _engine(around: Around) -> "Generator[Engine]":
    from jobs.database import closing, ready_engine

    with closing(ready_engine(around.settings().database_url)) as engine:
        yield engine

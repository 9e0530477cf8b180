"""The commands `waitlists template ...`: empty forms for those who send figures."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobs.commands.analyse import day_option

if TYPE_CHECKING:
    from jobs.commands.access import Around

template_app = typer.Typer(help="Empty forms for those who send figures.", no_args_is_help=True, rich_markup_mode=None)


@template_app.callback()
def templates() -> None:
    """Empty forms for those who send figures."""


@template_app.command("weekly-return")
def weekly_return(
    context: typer.Context,
    *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The new file.", show_default=False)],
    provider: Annotated[str, typer.Option(metavar="ODS", help="Who sends it; open where not given.")] = "",
    service: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A service; may be repeated. The five usual ones if none.")
    ] = None,
    week: Annotated[
        date | None,
        typer.Option(parser=day_option, metavar="DATE", help="The Sunday it ends on; the last one if none."),
    ] = None,
    form: Annotated[str | None, typer.Option("--format", metavar="xlsx|csv", help="As the file's name says.")] = None,
) -> None:
    """Write an empty weekly return: who waits, how long, who came and who left, without any child's record.

    Fill in the counts and load it with `waitlists load`.
    """
    from jobs.records.template import write_template
    from waitlists.ingest.weekly_return_template import USUAL_SERVICES, template_rows
    from waitlists.periods import london_date, week_ending

    around: Around = context.obj
    last = week_ending(london_date(around.clock()) - timedelta(days=7))
    rows = template_rows(provider=provider, services=service or USUAL_SERVICES, week=week or last)
    written = write_template(rows, form=form or ("csv" if output.suffix.lower() == ".csv" else "xlsx"), path=output)
    beside = [f" {path} says how." for path in written[1:]]
    typer.echo(f"{output}: {len(rows)} rows to fill in.{''.join(beside)}")

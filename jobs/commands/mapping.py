"""The commands `waitlists mapping ...`: how a provider's extract becomes ours."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jobs.commands.access import Around

mapping_app = typer.Typer(help="How a provider's extract becomes ours.", no_args_is_help=True, rich_markup_mode=None)


@mapping_app.callback()
def mappings() -> None:
    """How a provider's extract becomes ours."""


@mapping_app.command("check")
def check_mapping(
    context: typer.Context,
    mapping: Annotated[Path, typer.Argument(metavar="MAPPING.toml", help="The mapping.")],
    sample: Annotated[Path | None, typer.Argument(metavar="[SAMPLE]", help="An extract to try it on.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print every fact as JSON.")] = False,
) -> None:
    """Check a mapping, alone or on a sample of the extract; nothing is stored.

    Says every fault at once, with its place. On a sample it counts what would be taken and what quarantined, and why.
    """
    from jobs.records.mapping_check import check
    from waitlists.periods import london_date

    around: Around = context.obj
    checked = check(mapping, sample, on=london_date(around.clock()))
    if as_json:
        around.print_json(checked.as_json())
    else:
        typer.echo("\n".join(checked.lines()))
    raise typer.Exit(checked.exit_code)

"""The commands `waitlists analyse ...`: the methods on a file of one's own, without a database.

Each reads a file, answers on standard output, and says a mistake in one sentence on standard error.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from jobs.analysis.reading import deliver, iso_day, put
from jobs.commands.access import Around
from waitlists.errors import BadArgument


class OneSentence(TyperCommand):
    """A command that refuses an option given twice, and says every mistake of usage in one sentence."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Arguments taken apart, or one sentence."""
        try:
            self._refuse_repeated(ctx, args)
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            raise BadArgument(" ".join(error.format_message().split())) from None

    def _refuse_repeated(self, ctx: Any, args: list[str]) -> None:
        """Of two values one would have to be left out in silence."""
        _, _, given = self.make_parser(ctx).parse_args(args=list(args))
        for option in self.get_params(ctx):
            is_repeatable = option.nargs < 0 or getattr(option, "multiple", False) or _is_plain_flag(option)
            if given.count(option) > 1 and not is_repeatable:
                raise BadArgument(f"{option.opts[-1]} is given more than once")


def _is_plain_flag(option: object) -> bool:
    """A flag that can only be set, such as --json; said twice it says the same."""
    return bool(getattr(option, "is_flag", False)) and not getattr(option, "secondary_opts", ())


def day_option(text: str) -> date:
    """The day of an option's value, or a mistake of usage."""
    found = iso_day(text)
    if found is None:
        raise typer.BadParameter("expected a date such as 2026-03-31")
    return found


Input = Annotated[Path, typer.Argument(metavar="INPUT", help="The file to read.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table for people.")]
SeriesFile = Annotated[Path | None, typer.Argument(metavar="INPUT", help="The file to read.", show_default=False)]
Batch = Annotated[Path | None, typer.Option(metavar="CASES", help="Many series instead, one JSON object a line.")]
Rebase = Annotated[
    list[date] | None, typer.Option(parser=day_option, metavar="DATE", help="New limits from here; repeatable.")
]
Screen = Annotated[
    bool | None, typer.Option("--screen/--no-screen", help="Leave out extreme moving ranges.", show_default=False)
]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write there instead.")]

analyse_app = typer.Typer(
    help="The methods on a file of your own, no database.", no_args_is_help=True, rich_markup_mode=None
)


@analyse_app.command(cls=OneSentence)
def queue(
    context: typer.Context,
    path: Input,
    *,
    start: Annotated[date | None, typer.Option(parser=day_option, metavar="DATE", help="First census day.")] = None,
    end: Annotated[date | None, typer.Option(parser=day_option, metavar="DATE", help="Last census day.")] = None,
    target_wait: Annotated[float, typer.Option(metavar="W", help="Weeks a child should wait at most.")] = 18.0,
    percentile: Annotated[float, typer.Option(metavar="P", help="Share that should wait less.")] = 0.92,
    weeks_to_target: Annotated[float, typer.Option(metavar="T", help="Weeks to reach the target in.")] = 26.0,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Load, waits, pressure and target sizes of a list.

    The file is CSV with one row per referral: referral, removal (empty while waiting) and, if known, reason.
    """
    from jobs.analysis.queue import LABELS, QueueAsk, queue_answer
    from waitlists.periods import london_date
    from waitlists.queue import QueueTarget

    around: Around = context.find_root().obj
    ask = QueueAsk(start, end, QueueTarget(target_wait, percentile, weeks_to_target))
    found = queue_answer(path, ask, today=london_date(around.clock()))
    deliver(found.answer, as_json=as_json, output=output, labels=LABELS, closing=found.closing)


@analyse_app.command(cls=OneSentence)
def spc(  # noqa: PLR0913 - the options people type
    path: SeriesFile = None,
    *,
    batch: Batch = None,
    profile: Annotated[str, typer.Option(metavar="NAME", help="Rules: mdc, or nhsr as the R package.")] = "mdc",
    direction: Annotated[str, typer.Option(metavar="WAY", help="Better: increase, decrease or neutral.")] = "neutral",
    target: Annotated[float | None, typer.Option(metavar="X", help="Constant target.")] = None,
    targets: Annotated[Path | None, typer.Option(metavar="FILE", help="Targets by date: date, target.")] = None,
    rebase: Rebase = None,
    fix_after: Annotated[
        float | None, typer.Option(metavar="N", help="Limits of the first N rows, 12 or more.")
    ] = None,
    screen: Screen = None,
    run_length: Annotated[int, typer.Option(metavar="6|7", help="Points of a shift or trend.")] = 7,
    adjust: Annotated[str, typer.Option(metavar="HOW", help="none, season, trend, residual or auto.")] = "none",
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="flow, stock, rate, percent or median.")] = None,
    suggest_rebase: Annotated[bool, typer.Option("--suggest-rebase", help="Look for a lasting step.")] = False,
    as_json: Json = False,
    output: Output = None,
) -> None:
    """Whether a series has really changed: limits, special causes, variation, assurance.

    The file is CSV: date, value (empty where missing, * where suppressed).
    """
    from jobs.analysis.spc import for_people, options_of, spc_answer, spc_batch, targets_of

    options = options_of({
        "profile": profile, "direction": direction, "target": target, "fix_after": fix_after, "screen": screen,
        "targets": targets_of(targets) if targets else (), "rebase": tuple(rebase or ()), "run_length": run_length,
        "adjust": adjust, "kind": kind, "suggest_rebase": suggest_rebase,
    })  # fmt: skip
    if (path is None) == (batch is None):
        raise BadArgument("expected a file with one series, or --batch and a file of many")
    if batch is not None:
        put("".join(spc_batch(batch, options)), output)
    if path is not None:
        answer = spc_answer(path, options)
        deliver(answer if as_json else for_people(answer), as_json=as_json, output=output)


@analyse_app.command(cls=OneSentence)
def formula(path: Input, *, as_json: Json = False, output: Output = None) -> None:
    """Queue formulas, one case after the other.

    The file is JSON: a list of objects with id, fn and args.
    """
    from jobs.analysis.queue import formula_answer

    deliver(formula_answer(path), as_json=as_json, output=output)

"""The commands `waitlists rebases` and `waitlists targets`: what people decided about a chart, and why."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobs.commands.access import Around, Json, day
from waitlists.domain import Measure
from waitlists.periods import london_date
from waitlists.sources import Freq
from waitlists.standards import Basis

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from waitlists.trends.decisions import Decision, What, Words

rebases_app = typer.Typer(
    help="New limits of a chart from a day on, with the reason.", no_args_is_help=True, rich_markup_mode=None
)
targets_app = typer.Typer(
    help="Targets of a chart from a day on, with the reason.", no_args_is_help=True, rich_markup_mode=None
)

Service = Annotated[str, typer.Option(help="Code of the service.")]
Org = Annotated[str, typer.Option(help="Code of the organisation.")]
MeasureOf = Annotated[Measure, typer.Option(help="What the chart shows.")]
Since = Annotated[date, typer.Option("--date", parser=day, metavar="DATE", help="The first day it holds for.")]
Reason = Annotated[str, typer.Option(help="Why, in three words or more; everybody reads it, so no numbers of people.")]
DecidingRole = Annotated[str, typer.Option("--role", help="The role that decided, such as improvement board.")]
DecidedOn = Annotated[
    date | None, typer.Option(parser=day, metavar="DATE", help="The day it was decided; without it today.")
]
StandardOf = Annotated[str | None, typer.Option(help="With share_within_standard: the standard.")]
BasisOf = Annotated[Basis | None, typer.Option(help="With share_within_standard: of those waiting, or of those seen.")]
FreqOf = Annotated[Freq | None, typer.Option(help="Weekly (W) or monthly (M) charts alone.")]
SourceOf = Annotated[str | None, typer.Option(help="Charts of this source alone.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Its number in the list.")]
History = Annotated[bool, typer.Option("--history", help="All that was ever recorded, removals too.")]


@rebases_app.command("add")
def add_rebase(  # noqa: PLR0913 - the options people type
    context: typer.Context,
    *,
    service: Service,
    org: Org,
    measure: MeasureOf,
    since: Since,
    reason: Reason,
    role: DecidingRole,
    decided_on: DecidedOn = None,
    standard: StandardOf = None,
    basis: BasisOf = None,
    freq: FreqOf = None,
    source: SourceOf = None,
    as_json: Json = False,
) -> None:
    """Draw new limits from a day on, because people know what changed; a chart never does so alone."""
    about = _about(service, org, measure, standard=standard, basis=basis, freq=freq, source=source)
    _add(context, _decision(context, about, since, None, (reason, role, decided_on)), as_json=as_json)


@targets_app.command("add")
def add_target(  # noqa: PLR0913 - the options people type
    context: typer.Context,
    *,
    service: Service,
    org: Org,
    measure: MeasureOf,
    since: Since,
    value: Annotated[float, typer.Option(help="The target: people, weeks, or a share from 0 to 1.")],
    reason: Reason,
    role: DecidingRole,
    decided_on: DecidedOn = None,
    standard: StandardOf = None,
    basis: BasisOf = None,
    freq: FreqOf = None,
    source: SourceOf = None,
    as_json: Json = False,
) -> None:
    """Set a target from a day on; the one before it holds until then."""
    about = _about(service, org, measure, standard=standard, basis=basis, freq=freq, source=source)
    _add(context, _decision(context, about, since, value, (reason, role, decided_on)), as_json=as_json)


@rebases_app.command("remove")
def remove_rebase(
    context: typer.Context,
    number: Number,
    *,
    reason: Reason,
    role: DecidingRole,
    decided_on: DecidedOn = None,
    as_json: Json = False,
) -> None:
    """Take back new limits; that they were there, and why they no longer are, stays on record."""
    _remove(context, "rebase", number, _words(context, (reason, role, decided_on)), as_json=as_json)


@targets_app.command("remove")
def remove_target(
    context: typer.Context,
    number: Number,
    *,
    reason: Reason,
    role: DecidingRole,
    decided_on: DecidedOn = None,
    as_json: Json = False,
) -> None:
    """Take back a target; that it was there, and why it no longer is, stays on record."""
    _remove(context, "target", number, _words(context, (reason, role, decided_on)), as_json=as_json)


@rebases_app.command("list")
def list_rebases(context: typer.Context, *, has_history: History = False, as_json: Json = False) -> None:
    """Show the new limits that hold, with reason and role."""
    _list(context, "rebase", has_history=has_history, as_json=as_json)


@targets_app.command("list")
def list_targets(context: typer.Context, *, has_history: History = False, as_json: Json = False) -> None:
    """Show the targets that hold, with reason and role."""
    _list(context, "target", has_history=has_history, as_json=as_json)


def _about(service: str, org: str, measure: Measure, **narrowed: str | None) -> dict[str, Any]:
    return {"service": service, "org": org, "measure": measure, **narrowed}


def _words(context: typer.Context, given: tuple[str, str, date | None]) -> "Words":
    from waitlists.trends.decisions import Words

    reason, role, decided_on = given
    return Words(reason.strip(), role.strip(), decided_on or london_date(_around(context).clock()))


def _decision(
    context: typer.Context,
    about: dict[str, Any],
    since: date,
    value: float | None,
    given: tuple[str, str, date | None],
) -> "Decision":
    from waitlists.trends.decisions import Charted, Decision

    what: What = "rebase" if value is None else "target"
    return Decision(what=what, about=Charted(**about), since=since, value=value, words=_words(context, given))


def _add(context: typer.Context, decision: "Decision", *, as_json: bool) -> None:
    from jobs.decisions import add

    around = _around(context)
    with _engine(around) as engine:
        number = add(engine, decision, clock=around.clock)
    _say(around, f"Recorded as {decision.what} {number}.", {"number": number}, as_json=as_json)


def _remove(context: typer.Context, what: "What", number: int, words: "Words", *, as_json: bool) -> None:
    from jobs.decisions import remove

    around = _around(context)
    with _engine(around) as engine:
        row = remove(engine, what, number, words, clock=around.clock)
    facts = {"number": row, "removes": number}
    _say(around, f"{what.capitalize()} {number} no longer holds (row {row}).", facts, as_json=as_json)


def _list(context: typer.Context, what: "What", *, has_history: bool, as_json: bool) -> None:
    from jobs.decisions import as_json as facts_of
    from jobs.decisions import listed

    around = _around(context)
    with _engine(around) as engine:
        found = [facts_of(one) for one in listed(engine, what, on=london_date(around.clock()), has_history=has_history)]
    lines = [_line(one) for one in found] or [f"No {what} is recorded."]
    _say(around, "\n".join(lines), {"items": found}, as_json=as_json)


def _line(one: dict[str, Any]) -> str:
    narrowed = " ".join(one[name] for name in ("standard", "basis", "freq", "source") if one[name])
    series = f"{one['service']} {one['org']} {one['measure']} {narrowed}".strip()
    what = f"removes {one['removes']}" if one["removes"] else f"from {one['date']}"
    value = "" if one["value"] is None else f", target {one['value']:g}"
    return f"{one['number']}: {series}, {what}{value}: {one['reason']} ({one['role']}, {one['decided_on']})"


def _say(around: Around, text: str, facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        around.print_json(facts)
    else:
        typer.echo(text)


def _around(context: typer.Context) -> Around:
    found: Around = context.find_root().obj
    return found


@contextmanager
def _engine(around: Around) -> "Generator[Engine]":
    from jobs.database import closing, ready_engine

    with closing(ready_engine(around.settings().database_url)) as engine:
        yield engine

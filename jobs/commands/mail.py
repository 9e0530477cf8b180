"""The commands `waitlists subscribers` and `waitlists outbox`: who gets mail, and what became of it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from jobs.commands.access import Around, Json, day
from waitlists.security.access import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from jobs.warning_week import WarnOutcome
    from waitlists.mail.subscribers import Subscriber

NOBODY = "Nobody gets mail: see `waitlists subscribers add --help`."

subscribers_app = typer.Typer(help="Who gets the weekly email.", no_args_is_help=True, rich_markup_mode=None)
outbox_app = typer.Typer(
    help="Mail that is on its way, and what could not be sent.", no_args_is_help=True, rich_markup_mode=None
)


def warn(
    context: typer.Context,
    as_of: Annotated[
        date, typer.Option("--as-of", parser=day, metavar="DATE", help="What was known by the end of this day.")
    ],
    *,
    is_dry: Annotated[bool, typer.Option("--dry-run", help="Print the mail instead; keep and queue nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Work out the breach warnings of a day, and queue the weekly email for each subscriber.

    The same day again changes nothing and queues nothing. Mail is sent by `waitlists schedule`, or by
    `waitlists outbox send`.
    """
    from jobs.commands.screens import progress_bars
    from jobs.mail.parts import text_of
    from jobs.warning_week import told_of, warn_of

    around: Around = context.find_root().obj
    settings, clock, code = around.settings(), around.clock, 0
    with _engine(around) as engine, progress_bars(is_shown=not as_json) as on_progress:
        if is_dry:
            told = told_of(engine, settings, as_of=as_of, clock=clock, on_progress=on_progress)
            outcome = {"mails": [{"subscriber": who, "subject": email.subject} for who, email in told]}
            said = "\n".join(f"To subscriber {who}:\n\n{text_of(email)}" for who, email in told) or NOBODY
        else:
            warned = warn_of(engine, settings, as_of=as_of, clock=clock, on_progress=on_progress)
            outcome, said, code = warned.as_json(), _warned(warned), warned.exit_code
    if as_json:
        around.print_json(outcome)
    else:
        typer.echo(said)
    raise typer.Exit(code)


def _warned(one: "WarnOutcome") -> str:
    states = ", ".join(f"{count:,} {state}" for state, count in one.by_state.items()) or "no warnings"
    known = "" if one.is_new else " They were there already."
    old = " A newer week, or another day of this one, was done before." if one.is_old_news else ""
    failed = f" Failed: {'; '.join(one.problems)}." if one.problems else ""
    return f"As of {one.as_of:%d %B %Y}: {states}.{known} {one.mails:,} mails queued.{old}{failed}"


@subscribers_app.command("add")
def add_subscriber(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="One plain mail address.")],
    *,
    role: Annotated[Role, typer.Option(help="The role in which they act on it.")],
    service: Annotated[list[str], typer.Option(help="A service, such as SALT; may be repeated.", metavar="CODE")],
    org: Annotated[list[str], typer.Option(help="An organisation, such as QKS; may be repeated.", metavar="ODS")],
    standard: Annotated[
        list[str] | None, typer.Option(help="A standard, such as CHS_18W; by default all that are watched.")
    ] = None,
    wants_csv: Annotated[bool, typer.Option("--csv", help="Attach the figures as CSV.")] = False,
    as_json: Json = False,
) -> None:
    """Send somebody the weekly email, with rounded figures whatever their role: mail is forwarded."""
    from jobs.mail.subscribers import add, unwatched
    from waitlists.mail.subscribers import Subscription

    around: Around = context.find_root().obj
    wants = Subscription(role, tuple(service), tuple(org), tuple(standard or ()), wants_csv=wants_csv)
    with _engine(around) as engine:
        added = add(engine, address, wants, now=around.clock())
    if as_json:
        around.print_json(_as_json(added, is_full=False))
    else:
        typer.echo(f"Subscriber {added.id} gets the next weekly email about {_about(added)}.")
        if bare := unwatched(wants):
            typer.echo(
                f"Of {', '.join(bare)} no warning can come under this subscription: the mail has its figures alone."
            )


@subscribers_app.command("remove")
def remove_subscriber(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="The number in `waitlists subscribers list`, or the address.")],
    *,
    as_json: Json = False,
) -> None:
    """Send somebody no more, forget the address, and take back what is still queued for it."""
    from jobs.mail.subscribers import remove

    around: Around = context.find_root().obj
    with _engine(around) as engine:
        number = remove(engine, which, now=around.clock())
    if as_json:
        around.print_json({"id": number, "removed": True})
    else:
        typer.echo(f"Subscriber {number} is forgotten.")


@subscribers_app.command("list")
def list_subscribers(
    context: typer.Context,
    *,
    is_full: Annotated[bool, typer.Option("--full", help="Show whole addresses.")] = False,
    as_json: Json = False,
) -> None:
    """Show who gets mail about what; addresses only in part, unless asked for."""
    from jobs.mail.subscribers import listed

    around: Around = context.find_root().obj
    with _engine(around) as engine:
        found = listed(engine)
    if as_json:
        around.print_json({"items": [_as_json(one, is_full=is_full) for one in found]})
        return
    for one in found:
        csv = ", with CSV" if one.wants.wants_csv else ""
        typer.echo(f"{one.id}  {_address(one, is_full)}  {one.wants.role.value}: {_about(one)}{csv}")
    if not found:
        typer.echo(NOBODY)


@outbox_app.command("list")
def list_outbox(context: typer.Context, *, as_json: Json = False) -> None:
    """Count mail by what became of it, and name what could not be sent, by subscriber's number."""
    from waitlists.store.outbox import outbox_state
    from waitlists.store.session import reading

    around: Around = context.find_root().obj
    with _engine(around) as engine, reading(engine) as connection:
        found = outbox_state(connection)
    dead: list[dict[str, Any]] = [
        {"subscriber": one.subscriber, "kind": one.kind, "slot": one.slot.isoformat(), "attempts": one.attempts,
         "settled_at": one.settled_at.isoformat(), "problem": one.problem}
        for one in found.dead
    ]  # fmt: skip
    if as_json:
        counts = {state.value: count for state, count in found.counts.items()}
        around.print_json({**counts, "held": found.held, "dead_mails": dead})
        return
    held = f" ({found.held:,} of the queued held until `waitlists outbox release`)" if found.held else ""
    typer.echo(f"{', '.join(f'{count:,} {state}' for state, count in found.counts.items())}{held}")
    for one in dead:
        typer.echo(f"{one['kind']} {one['slot']} to subscriber {one['subscriber']} could not be sent: {one['problem']}")


@outbox_app.command("send")
def send_outbox(context: typer.Context, *, as_json: Json = False) -> None:
    """Send what is due now, as `waitlists schedule` does every minute."""
    from jobs.mail.outbox import drain

    around: Around = context.find_root().obj
    with _engine(around) as engine:
        drained = drain(engine, around.settings(), clock=around.clock)
    if as_json:
        around.print_json(drained.as_json())
    else:
        typer.echo(str(drained))


@outbox_app.command("retry")
def retry_outbox(context: typer.Context, *, as_json: Json = False) -> None:
    """Give mail that could not be sent another four hours, once what stood in its way is mended."""
    from waitlists.store.outbox import queue_again

    _moved(context, queue_again, "queued", "queued again.", as_json=as_json)


@outbox_app.command("release")
def release_outbox(context: typer.Context, *, as_json: Json = False) -> None:
    """Have mail sent that a restore holds, once somebody has asked that it was not sent before."""
    from waitlists.store.outbox import release

    _moved(
        context,
        release,
        "released",
        "released: `waitlists schedule` or `waitlists outbox send` sends them.",
        as_json=as_json,
    )


@outbox_app.command("withdraw")
def withdraw_outbox(context: typer.Context, *, as_json: Json = False) -> None:
    """Take back mail that a restore holds: it was sent before, or it is old."""
    from waitlists.store.outbox import withdraw_held

    _moved(context, withdraw_held, "withdrawn", "taken back.", as_json=as_json)


class _Move(Protocol):
    """What is done with mail in the store, to how many."""

    def __call__(self, connection: "Connection", *, now: datetime) -> int: ...


def _moved(context: typer.Context, move: _Move, name: str, said: str, *, as_json: bool) -> None:
    """Do something with mail and say to how many: in words, or as a number of a name."""
    from waitlists.store.session import writing

    around: Around = context.find_root().obj
    with _engine(around) as engine, writing(engine) as connection:
        count = move(connection, now=around.clock())
    if as_json:
        around.print_json({name: count})
    else:
        typer.echo(f"{count:,} {said}")


@contextmanager
def _engine(around: Around) -> "Generator[Engine]":
    from jobs.database import closing, ready_engine

    with closing(ready_engine(around.settings().database_url)) as engine:
        yield engine


def _about(one: "Subscriber") -> str:
    standards = f" ({', '.join(one.wants.standards)})" if one.wants.standards else ""
    return f"{', '.join(one.wants.services)} of {', '.join(one.wants.organisations)}{standards}"


def _address(one: "Subscriber", is_full: bool) -> str:
    from waitlists.mail.addresses import shown_address

    return one.address if is_full else shown_address(one.address)


def _as_json(one: "Subscriber", *, is_full: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "address": _address(one, is_full),
        "role": one.wants.role.value,
        "services": list(one.wants.services),
        "organisations": list(one.wants.organisations),
        "standards": list(one.wants.standards),
        "wants_csv": one.wants.wants_csv,
    }

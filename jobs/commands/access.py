"""The commands `waitlists keys` and `waitlists audit`: who may ask, and who has asked."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from waitlists.errors import BadArgument
from waitlists.periods import london_date
from waitlists.security.access import Role

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from waitlists.security.audit import Entry
    from waitlists.security.keys import StoredKey
    from waitlists.settings import Settings


@dataclass(frozen=True, slots=True)
class Around:
    """What a command gets from the outside: the present moment, the settings, and a way to print JSON."""

    clock: Callable[[], datetime]
    settings: Callable[[], "Settings"]
    print_json: Callable[[dict[str, Any]], None]


def day(text: str) -> date:
    """A date as people type it: 2025-05-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a date such as 2025-05-31") from None


def refuse_to_come(as_of: date | None, now: datetime) -> None:
    """Pass silently over a knowledge date that may be asked for: no day to come, of which nothing is known.

    Raises
    ------
    BadArgument
        For a day after today.
    """
    today = london_date(now)
    if as_of is not None and as_of > today:
        raise BadArgument(f"{as_of} is a day to come; name {today} or a day before it", field="--as-of")


Json = Annotated[bool, typer.Option("--json", help="Print every fact as JSON.")]

keys_app = typer.Typer(help="Make, revoke and list the keys of the API.", no_args_is_help=True, rich_markup_mode=None)
audit_app = typer.Typer(help="Who looked at what, and whether the record is whole.", no_args_is_help=True,
                        rich_markup_mode=None)  # fmt: skip


@keys_app.command("create")
def create_key(
    context: typer.Context,
    *,
    role: Annotated[Role, typer.Option(help="What its holder may see.")],
    org: Annotated[list[str] | None, typer.Option(help="An organisation it is held for; may be repeated.")] = None,
    name: Annotated[str, typer.Option(help="A note on who holds it: a team, not a person.")] = "",
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 365,
    as_json: Json = False,
) -> None:
    """Make a key and print it, once: only a keyed hash of it is kept.

    A provider's key is of one organisation at least; a commissioner's without any sees published figures alone.
    """
    from jobs.keys import Wanted, create

    around = _around(context)
    wanted = Wanted(role, tuple(org or ()), name, days)
    with _engine(around) as engine:
        key, stored = create(engine, wanted, now=around.clock(), pepper=around.settings().key_pepper)
    if as_json:
        around.print_json({"key": str(key), **_key_as_json(stored, around.clock())})
        return
    typer.echo(str(key))
    until = f"{stored.expires_at.day} {stored.expires_at:%B %Y}"
    typer.echo(f"Shown this once. {_whose(stored)}, until {until}.", err=True)
    typer.echo("Once a key exists every caller of the API needs one, on this machine too.", err=True)
    if not around.settings().key_pepper:
        typer.echo("WAITLISTS_KEY_PEPPER is not set; setting it later ends this key.", err=True)
    if role is Role.COMMISSIONER and not stored.scope.organisations:
        typer.echo("It is held for no organisation (--org), so it sees published figures alone.", err=True)


@keys_app.command("revoke")
def revoke_key(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(help="The eight characters that name it in `waitlists keys list`.")],
    *,
    as_json: Json = False,
) -> None:
    """Refuse a key from now on; a running service hears of it within a second."""
    from jobs.keys import revoke

    around = _around(context)
    with _engine(around) as engine:
        found = revoke(engine, prefix, now=around.clock())
    if as_json:
        around.print_json({"prefix": found.prefix, "state": "revoked"})
    else:
        typer.echo(f"Revoked {found.prefix}: {_whose(found)}.")


@keys_app.command("list")
def list_keys(context: typer.Context, *, as_json: Json = False) -> None:
    """Show every key by its prefix: role, organisations, state, last use."""
    from jobs.keys import listed

    around = _around(context)
    with _engine(around) as engine:
        found = listed(engine)
    if as_json:
        around.print_json({"items": [_key_as_json(one, around.clock()) for one in found]})
        return
    _print_table(
        ("Prefix", "Role", "Organisations", "Name", "State", "Expires", "Last used (UTC)"),
        [
            (one.prefix, one.scope.role.value, ", ".join(one.scope.organisations), one.name, one.state(around.clock()),
             f"{one.expires_at:%d %B %Y}", f"{one.last_used_at:%d %B %Y %H:%M}" if one.last_used_at else "never")
            for one in found
        ],
    )  # fmt: skip


@audit_app.command("show")
def show_audit(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The newest entries, at most.")] = 50,
    actor: Annotated[str | None, typer.Option(help="Only of this key prefix, `loopback` or `command`.")] = None,
    as_json: Json = False,
) -> None:
    """Show the newest looks: who, what, about whom, how it was answered. Never a figure."""
    from waitlists.store.audit import last_entries
    from waitlists.store.session import reading

    around = _around(context)
    with _engine(around) as engine, reading(engine) as connection:
        entries = last_entries(connection, limit=limit, actor=actor)
    if as_json:
        around.print_json({"items": [_entry_as_json(entry) for entry in entries]})
        return
    _print_table(
        ("Entry", "When (UTC)", "Who", "Role", "What", "Service", "Organisation", "Result"),
        [
            (str(entry.number), f"{entry.look.at:%d %B %Y %H:%M:%S}", entry.look.actor, entry.look.role,
             entry.look.action, entry.look.service or "", entry.look.org or "", str(entry.look.result))
            for entry in entries
        ],
    )  # fmt: skip


@audit_app.command("verify")
def verify_audit(context: typer.Context, *, as_json: Json = False) -> None:
    """Follow the chain of entries from the first to the last; exit 1 at a broken link."""
    from waitlists.store.audit import verified
    from waitlists.store.session import reading

    around = _around(context)
    with _engine(around) as engine, reading(engine) as connection:
        verdict = verified(connection)
    if as_json:
        around.print_json({"whole": verdict.broken is None, "entries": verdict.entries, "head": verdict.head,
                           "broken": verdict.broken})  # fmt: skip
    elif verdict.broken is None:
        typer.echo(f"Whole: {verdict.entries:,} entries. Head {verdict.head}; note it where nobody can change it.")
    else:
        typer.echo(f"BROKEN: {verdict.broken}. {verdict.entries:,} entries before it hold.")
    raise typer.Exit(0 if verdict.broken is None else 1)


def _around(context: typer.Context) -> Around:
    found = context.find_root().obj
    assert isinstance(found, Around)  # noqa: S101 - what the command line's own callback puts there
    return found


@contextmanager
def _engine(around: Around) -> "Generator[Engine]":
    from jobs.database import closing, ready_engine

    with closing(ready_engine(around.settings().database_url)) as engine:
        yield engine


def _print_table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from jobs.commands.screens import console

    table = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*map(escape, row))
    console().print(table)


def _whose(key: "StoredKey") -> str:
    orgs = ", ".join(key.scope.organisations)
    return f"{key.scope.role.value} key {key.prefix}" + (f" for {orgs}" if orgs else "")


def _key_as_json(key: "StoredKey", now: datetime) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "role": key.scope.role.value,
        "organisations": list(key.scope.organisations),
        "name": key.name,
        "state": key.state(now),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
    }


def _entry_as_json(entry: "Entry") -> dict[str, Any]:
    look = entry.look
    return {
        "entry": entry.number,
        "at": look.at.isoformat(),
        "actor": look.actor,
        "role": look.role,
        "action": look.action,
        "service": look.service,
        "org": look.org,
        "result": look.result,
        "hash": entry.hash,
    }

"""The commands `waitlists backup` and `waitlists restore`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from jobs.commands.access import Around, Json


def backup(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A folder, or a new file (default: WAITLISTS_BACKUPS).")
    ] = None,
    *,
    keep: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Delete older ones of this command, all but the newest N.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the whole database to one file, while others go on working.

    It is read back and checked before it gets its name; only its owner may read it. It holds what the database holds,
    referral records included: keep it as carefully, and not on the same disk.
    """
    from jobs.backup import backup as write_backup
    from jobs.backup import none_past, place_for
    from jobs.database import closing, ready_engine
    from waitlists.errors import FinishedInPart
    from waitlists.running.backups import beyond

    around: Around = context.find_root().obj
    settings = around.settings()
    place = place_for(path, settings.backups, now=around.clock())
    with closing(ready_engine(settings.database_url)) as engine:
        past = partial(beyond, keep=keep) if keep else none_past
        made = write_backup(engine, place, clock=around.clock, past=past)
    if as_json:
        around.print_json(made.as_json())
    else:
        typer.echo(
            f"Dataset version {made.manifest.dataset_version} is in {made.path} ({made.size_bytes / 1e6:,.1f} MB, "
            f"schema revision {made.manifest.revision}); it was read back and is whole."
        )
        if made.deleted:
            typer.echo(f"Deleted {made.deleted:,} older backups.")
    if made.problems:
        raise FinishedInPart("; ".join(made.problems))


def restore(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file that `waitlists backup` wrote.")],
    *,
    is_replacing: Annotated[bool, typer.Option("--replace", help="Lose what is in the database now.")] = False,
    as_json: Json = False,
) -> None:
    """Put a backup back into the database that WAITLISTS_DATABASE_URL names.

    Refuses a damaged file, one of another schema revision, and, without --replace, a database that is not empty.
    Children erased, keys revoked and subscribers removed since are so again, as far as is known here.
    """
    from jobs.restore import Asked
    from jobs.restore import restore as put_back

    around: Around = context.find_root().obj
    settings = around.settings()
    asked = Asked(path, is_replacing, settings.retention_weeks, around.clock)
    restored = put_back(settings.database_url, asked)
    if as_json:
        around.print_json(restored.as_json())
        return
    made = f"{restored.manifest.made_at:%d %B %Y, %H:%M} UTC"
    settled = restored.settled
    typer.echo(
        f"Restored the backup of {made} in {restored.seconds:.1f} s: every table has its rows, the data its checksum. "
        f"Readers see it as dataset version {settled.dataset_version}."
    )
    if settled.versions or settled.quarantined:
        typer.echo(
            f"Erased again: {settled.versions:,} versions of referrals and {settled.quarantined:,} quarantined rows."
        )
    typer.echo(f"What was loaded or decided after {made} is not in it: load those files again.")
    if not restored.is_later_known:
        typer.echo(
            "THE DATABASE WAS EMPTY, or had not come from that backup, so what ended since is not known here. Before "
            "anybody is served: erase again every child erased since the newest backup of that folder, revoke again "
            f"keys revoked and remove again subscribers removed after {made}."
        )
        typer.echo(
            f"NOR IS IT KNOWN WHAT MAIL WAS SENT since: {settled.held:,} mails that waited in the backup are held, and "
            "so is every one about a day until today. `waitlists status` names them; `waitlists outbox release` sends "
            "them, `waitlists outbox withdraw` takes them back."
        )

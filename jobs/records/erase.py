"""The records of children erased on request or at the end of their retention; what was counted stays."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from jobs.runs import Clock, concluded, running
from waitlists.errors import BadArgument, FinishedInPart
from waitlists.periods import london_date
from waitlists.security.audit import Look
from waitlists.store import audit, write
from waitlists.store.erase import Erased, empty_log, erase_expired, erase_pseudonyms
from waitlists.store.rehearsal import await_copies, clear_copies

LONGEST = 200
"""Characters of a line; rows are quarantined for pseudonyms that no record may have, and have to go by those."""


def erase(engine: Engine, lines: Iterable[str], *, clock: Clock, on_wait: Callable[[], None] | None = None) -> Erased:
    """Take out all that is held under the pseudonyms that stand in `lines`, one a line.

    Parameters
    ----------
    on_wait
        Called where a week is at work on a copy that may hold them, before its end is waited for; None does not wait.

    Raises
    ------
    BadArgument
        A line is no pseudonym (its number is given, not what it holds), or there is none.
    FinishedInPart
        All is erased, but SQLite's log still holds it, because another process reads it, or a copy of another user.
    """
    found = [line.strip() for line in lines]
    for number, line in enumerate(found, start=1):
        if len(line) > LONGEST or not line.isprintable():
            raise BadArgument(f"line {number} is no pseudonym: at most {LONGEST} printable characters", field="FILE")
    pseudonyms = sorted({line for line in found if line})
    if not pseudonyms:
        raise BadArgument("there is no pseudonym in it, one a line", field="FILE")
    about = f"{len(pseudonyms)} pseudonyms"
    return _recorded(engine, about, lambda connection: erase_pseudonyms(connection, pseudonyms), clock, on_wait)


def expire(engine: Engine, *, weeks: int | None, clock: Clock, on_wait: Callable[[], None] | None = None) -> Erased:
    """Take out referrals that ended more than so many weeks ago; `on_wait` as for `erase`.

    Raises
    ------
    BadArgument
        WAITLISTS_RETENTION_WEEKS says nothing.
    FinishedInPart
        As for `erase`.
    """
    if weeks is None:
        raise BadArgument("say how long records are kept first", field="WAITLISTS_RETENTION_WEEKS")
    before = london_date(clock()) - timedelta(weeks=weeks)
    return _recorded(
        engine, f"expired {before}", lambda connection: erase_expired(connection, before=before), clock, on_wait
    )


def erased_in_words(found: Erased) -> str:
    """What is no longer there, and of how many pseudonyms nothing ever was, in a sentence or two."""
    gone = f"Erased {_many(found.versions, 'version')} of referrals and {_many(found.quarantined, 'quarantined row')}."
    if not found.unknown:
        return gone
    return f"{gone} Of {_many(found.unknown, 'pseudonym')} nothing was held: see that they are written as sent."


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _recorded(
    engine: Engine,
    about: str,
    work: Callable[[Connection], Erased],
    clock: Clock,
    on_wait: Callable[[], None] | None,
) -> Erased:
    def erased(connection: Connection) -> Erased:
        found, now = work(connection), clock()
        action = f"erase {about}: {found.versions} versions, {found.quarantined} quarantined"
        audit.append(connection, [Look(now, "command", "admin", action, None, None, 0)])
        # Answers about single referrals change, so caches must too.
        write.publish(connection, run_id=run_id, now=now)
        summary = {"versions": found.versions, "quarantined": found.quarantined}
        write.finish_run(connection, run_id, status="done", summary=summary, now=now)
        return found

    with running(engine, command="erase", as_of=None, clock=clock) as run_id:
        found = concluded(engine, run_id, erased)
    if on_wait is not None:
        await_copies(engine, on_wait)
    problems = [_left_in(one) for one in clear_copies(engine)]
    if not empty_log(engine):
        problems.append(
            "the database's -wal file still holds them, for another process is reading: end what reads it and erase"
            " again"
        )
    if problems:
        raise FinishedInPart(f"{erased_in_words(found)} But {'; '.join(problems)}")
    return found


def _left_in(copy: Path) -> str:
    try:
        owner = copy.owner()
    except (KeyError, OSError):
        owner = "another user"
    return (
        f"a copy of the database may still hold them, which this user may not delete: the folder {copy} belongs to"
        f" {owner}, who has to delete it once no week of theirs is at work"
    )

"""A week on a PostgreSQL server whose disk is full, as a program of its own: run where a small disk can be mounted.

`python -m tests.faults.jobs.full_server FOLDER`: FOLDER is a small disk, which the server, a first week and a ballast
fill; what happens then, and once there is room again, is printed as JSON.
"""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import Engine, func, make_url, select, text

from forecasting.engine import Contest
from jobs.database import migrated
from jobs.forecast import Ask
from jobs.inbox import Inbox
from jobs.status import status
from jobs.weekly import JOB, Around, asked_week
from tests.returns import WEEK, as_csv, waiting
from waitlists.errors import WaitlistsError
from waitlists.settings import Settings
from waitlists.store import ledger, tables
from waitlists.store.fingerprint import content_hash
from waitlists.store.session import make_engine, reading

SLOT = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 6, 1, tzinfo=UTC)
LEFT_BYTES = 192 * 2**10
"""Room for a run and its slot, and not for fifty weeks of returns."""


def main(disk: Path, elsewhere: Path) -> None:
    """The week before fits; the week does not, until the ballast goes."""
    inbox = elsewhere / "inbox"
    inbox.mkdir()
    with server_on(disk) as engine:
        deliver(inbox, range(50, 51))
        week(engine, inbox, SLOT - timedelta(weeks=1))
        before = seen(engine)
        deliver(inbox, range(50))
        ballast = disk / "ballast"
        fill(engine, ballast)
        failed = week(engine, inbox, SLOT)
        full = seen(engine)
        ballast.unlink()
        done = week(engine, inbox, SLOT)
        after, again = seen(engine), week(engine, inbox, SLOT)
        told = {"before": before, "failed": failed, "full": full, "done": done, "after": after, "again": again}
    sys.stdout.write(f"\n{json.dumps(told)}")


@contextmanager
def server_on(disk: Path) -> Generator[Engine]:
    """A server whose files lie on a small disk, with this service's schema in it."""
    with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(disk)}):
        import pgserver

        server = pgserver.get_server(disk / "data", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = make_engine(url.render_as_string(hide_password=False))
    migrated(engine)
    yield engine
    engine.dispose()


def deliver(inbox: Path, weeks: range) -> None:
    """Returns of a provider, some weeks back from the newest."""
    for n in weeks:
        week_end = WEEK - timedelta(weeks=n)
        (inbox / f"{week_end}.csv").write_bytes(as_csv(waiting(week=week_end, counts=[40, 30, 20, 10, 9, 8, 7, n])))


def week(engine: Engine, inbox: Path, slot: date) -> dict[str, object]:
    """What a week came to, or how it ended."""
    ask = Ask(slot, lambda: NOW, jobs=1, seed=1, contest=Contest((), ()))
    around = Around(engine, Settings(database_url="sqlite:///unused.db", inbox=inbox), ask, lambda _: None)
    try:
        outcome = asked_week(around, lambda: Inbox(inbox).look_twice(lambda: None))
    except WaitlistsError as error:
        return {"error": str(error), "code": error.exit_code}
    return {"files": dict(outcome.files), "state": outcome.state.value, "is_same": outcome.is_same}


def seen(engine: Engine) -> dict[str, object]:
    """What readers see, what stands of the slot, and what is told to whoever runs it."""
    with reading(engine) as connection:
        found = ledger.find(connection, JOB, SLOT)
        return {
            "dataset": content_hash(connection),
            "versions": connection.execute(select(func.count()).select_from(tables.dataset_version)).scalar_one(),
            "deliveries": connection.execute(select(func.count()).select_from(tables.delivery)).scalar_one(),
            "slot": found.state.value if found else None,
            "needs": sorted({one.code for one in status(engine, now=NOW).needs}),
        }


def fill(engine: Engine, ballast: Path) -> None:
    """Leave little room, once the log has a segment of its own to write on: without that a server stops altogether."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_switch_wal()"))
        connection.execute(text("CHECKPOINT"))
    disk = os.statvfs(ballast.parent)
    with ballast.open("wb") as file:
        file.write(bytes(disk.f_bavail * disk.f_frsize - LEFT_BYTES))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

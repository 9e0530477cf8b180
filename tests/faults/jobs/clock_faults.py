"""The long form of the trials of the clock, for `make faults`: on SQLite and on a PostgreSQL that is taken away too.

Sixty-four nights around both clock changes of 2026 with half a year of nobody looking between them; then a week of the
synthetic Kent by the real timetable, killed on the way. Prints what was tried and found; ends with 1 when anything was
lost, done twice or seen torn.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import make_url

from tests.databases import sqlite_template
from tests.faults.jobs.clock_kent import kent_week
from tests.faults.jobs.clock_trial import (
    AWAY,
    BACK,
    CUT,
    FORWARD,
    FULL,
    NONE,
    STALL,
    STALL_INSIDE,
    TWICE,
    Server,
    Told,
    Trial,
)
from tests.faults.jobs.clock_worker import STEPS
from waitlists.logs import configure
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine

CLOCKS = 3
FEWEST_SLOTS, FEWEST_KILLS = 60, 30
NIGHTS = [day + timedelta(days=n) for day in (date(2026, 3, 14), date(2026, 10, 10)) for n in range(32)]
ROUND = [NONE, *STEPS, STALL, BACK, TWICE, STALL_INSIDE, FORWARD]


def main() -> int:
    configure(level="error", form="console")
    with fresh_folder() as folder:
        found = [
            tried("SQLite", lambda: slots_under_fire(folder, sqlite(folder), None, [FULL])),
            tried("PostgreSQL", lambda: on_postgresql(folder)),
            tried("a week of Kent", lambda: kent_week(folder)),
        ]
    return 0 if all(found) else 1


def tried(what: str, trial: Callable[[], object]) -> bool:
    try:
        print(trial(), flush=True)
    except AssertionError as error:
        print(f"FAILED: {what}: {error}", flush=True)
        return False
    return True


def slots_under_fire(folder: Path, url: str, server: Server | None, own: list[str]) -> Told:
    place = Path(tempfile.mkdtemp(dir=folder))
    told = Trial(url, place, clocks=CLOCKS, server=server).run(NIGHTS, planned(own))
    assert (told.slots >= FEWEST_SLOTS, told.killed >= FEWEST_KILLS) == (True, True), f"too mild a trial: {told}"
    return told


def on_postgresql(folder: Path) -> Told:
    with postgresql(folder) as (url, server):
        return slots_under_fire(folder, url, server, [AWAY, CUT])


def planned(own: list[str]) -> list[str]:
    """A mishap for each night; those that only one database knows stand at every sixteenth."""
    mishaps = [ROUND[n % len(ROUND)] for n in range(len(NIGHTS))]
    for place in range(7, len(mishaps), 16):
        mishaps[place] = own[place // 16 % len(own)]
    return mishaps


def sqlite(folder: Path) -> str:
    shutil.copy(sqlite_template(), folder / "trial.db")
    return f"sqlite:///{folder / 'trial.db'}"


@contextmanager
def postgresql(folder: Path) -> Generator[tuple[str, Server]]:
    """A server of this trial's own, so that it can be stopped without a word."""
    with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR") or str(folder)}):
        import pgserver

        server = pgserver.get_server(folder / "data", cleanup_mode="delete")

    def stop() -> None:
        pgserver.pg_ctl(["-m", "immediate", "-w", "stop"], pgdata=server.pgdata, user=server.system_user)

    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    try:
        yield url, Server(stop, server.ensure_postgres_running)
    finally:
        server.cleanup()


@contextmanager
def fresh_folder() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="waitlists-clock-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

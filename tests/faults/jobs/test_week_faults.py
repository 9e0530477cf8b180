"""A week that is killed leaves nothing but its run: readers see the week before, and the next one does all of it.

The killed attempts are processes of their own, which die by SIGKILL at the boundary named; the last one is this.
"""

import signal
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import RLock

import pytest
import structlog
from sqlalchemy import func, select

from forecasting.engine import Contest
from jobs.forecast import Ask
from jobs.inbox import Inbox
from jobs.weekly import JOB, Around, asked_week
from tests.extracts import csv_of, row
from tests.faults.jobs.clock_trial import PROCESSES
from tests.faults.jobs.clock_worker import Place, obeyed
from tests.functional.jobs.kit import load_files
from tests.returns import WEEK, as_csv, waiting
from waitlists.running.ledger import State
from waitlists.store import ledger as slots
from waitlists.store import tables
from waitlists.store.session import make_engine, reading
from waitlists.store.tables import metadata

SLOT = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
STEPS = ("weekly.read", "rehearsal.begun", "weekly.tried", "weekly.foreseen", "weekly.stored", "weekly.finishing")
FOUND = {"loaded": 2, "held": 1, "refused": 1}
LAST_VALUE = Contest((), ())


def week(place: Place, now: datetime):
    engine = make_engine(place.url)
    try:
        around = Around(engine, place.settings, Ask(SLOT, lambda: now, jobs=1, seed=1, contest=LAST_VALUE), _silent)
        return asked_week(around, lambda: Inbox(place.settings.inbox).look_twice(lambda: None))
    finally:
        engine.dispose()


def _silent(_progress) -> None:
    pass


def killed_week(place: Place, now: datetime) -> None:
    structlog.configure(processors=[lambda _, __, event: obeyed(place, RLock(), event)])
    week(place, now)


def children(count, on):
    told = {"snapshot_date": on.isoformat(), "service": "SALT"}
    return csv_of(row(n, pseudonym_id=f"child-{n:026}", **told) for n in range(1, count + 1))


def filled(place: Place) -> Place:
    """An inbox with a file that is refused, one that is held, a return of which rows are put aside, and a good one."""
    inbox: Path = place.settings.inbox
    inbox.mkdir(parents=True)
    last = place.folder / "records.csv"
    last.write_bytes(children(20, WEEK - timedelta(weeks=1)))
    engine = make_engine(place.url)
    load_files(engine, [last], now=NOW - timedelta(weeks=1))
    engine.dispose()
    (inbox / "bad.csv").write_bytes(b"no,such,columns\n1,2,3\n")
    (inbox / "records.csv").write_bytes(children(9, WEEK))
    (inbox / "part.csv").write_bytes(as_csv([*waiting("ASD", counts=["ten", *([1] * 7)]), *waiting("SALT")]))
    (inbox / "good.csv").write_bytes(as_csv(waiting("SALT", provider="RXY")))
    place.order()
    return place


def seen(engine) -> list[int]:
    """What there is of the week, and of before it, in counts; the runs of those that were killed stand beside."""
    names = (
        "delivery",
        "refusal",
        "held_delivery",
        "dataset_version",
        "figure",
        "forecast",
        "breach_assessment",
        "outbox",
    )
    with reading(engine) as connection:
        counted = (select(func.count()).select_from(metadata.tables[name]) for name in names)
        return [connection.execute(query).scalar_one() for query in counted]


def copies(engine) -> list[Path]:
    file = Path(engine.url.database)
    return list(file.parent.glob(f"{file.name}.copy-*"))


@pytest.mark.slow
def test_f01_f02_a_week_killed_at_any_step_leaves_nothing_and_is_done_whole_by_the_next(database_url, tmp_path):
    """F01, F02: one attempt after the other is killed, each at a later step; nothing of its files is there."""
    place = filled(Place(database_url, tmp_path))
    engine = make_engine(database_url)
    before = seen(engine)
    for n, step in enumerate(STEPS):
        place.order(step=step, do="die")
        process = PROCESSES.Process(target=killed_week, args=(place, NOW + n * HOUR), daemon=True)
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL
        assert seen(engine) == before, step
        assert len(copies(engine)) <= 1, "what the one before left is cleared"
    outcome = week(place, NOW + len(STEPS) * HOUR)
    assert (outcome.exit_code, outcome.state, outcome.files) == (14, State.PARTIAL, FOUND)
    assert sorted(problem.partition(": ")[0] for problem in outcome.problems) == ["bad.csv", "part.csv", "records.csv"]
    assert copies(engine) == []
    with reading(engine) as connection:
        row = slots.find(connection, JOB, SLOT)
        last = tables.dataset_version
        versions = connection.execute(select(last.c.run_id).order_by(last.c.version.desc())).scalars().all()
    assert row is not None
    assert (row.state, row.detail["files"], row.detail["problems"]) == (State.PARTIAL, FOUND, 3)
    assert versions.count(outcome.run_id) == 1
    again = week(place, NOW + 9 * HOUR)
    # What was held or refused waits for a person still, so it is no whole week.
    assert (again.state, again.files, again.is_same) == (State.PARTIAL, {}, True)
    engine.dispose()


def test_a_week_that_breaks_off_leaves_its_files_to_the_next(sqlite_database, tmp_path, monkeypatch):
    place = filled(Place(sqlite_database.url.render_as_string(hide_password=False), tmp_path))
    before = seen(sqlite_database)
    with monkeypatch.context() as patched:
        patched.setattr("jobs.rehearsed.foresee", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            week(place, NOW)
    assert seen(sqlite_database) == before
    (place.settings.inbox / "bad.csv").write_bytes(as_csv(waiting("SALT", provider="RVV")))
    outcome = week(place, NOW + HOUR)
    assert outcome.files == {"loaded": 3, "held": 1}
    assert sorted(problem.partition(": ")[0] for problem in outcome.problems) == ["part.csv", "records.csv"]

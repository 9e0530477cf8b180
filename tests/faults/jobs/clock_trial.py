"""Slots under fire: several clocks on one database, killed, stalled, cut off and set back, and what must hold.

Each slot of the trial has its own mishap. The driver moves the time from slot to slot and goes on when the ledger has
settled one; whatever is not settled in time is lost, and fails. Meanwhile a reader looks again and again: what it sees
of one moment must be whole.
"""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from sqlalchemy import Engine, func, select

from tests.faults.jobs import clock_worker
from tests.faults.jobs.clock_worker import RULE, STEPS, Place, effect
from waitlists.errors import DatabaseUnavailable
from waitlists.mail.subscribers import Subscription
from waitlists.running.ledger import SETTLED, State
from waitlists.running.slots import begins
from waitlists.security.access import Role
from waitlists.store import ledger as store
from waitlists.store import tables
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.subscribers import add_subscriber

PATIENCE_SECONDS = 60.0
"""A slot that is not settled by then is lost."""

HOUR = timedelta(hours=1)
STARTED = "schedule.started"

Mishap = str
"""A step to be killed at, or one of the words below."""

NONE, STALL, STALL_INSIDE, BACK, FORWARD, AWAY, CUT, FULL, TWICE = (
    "none", "stall", "stall_inside", "back", "forward", "away", "cut", "full", "twice",
)  # fmt: skip

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.jobs.clock_worker"])


@dataclass
class Told:
    """What a trial came to."""

    database: str
    slots: int = 0
    mishaps: Counter[str] = field(default_factory=Counter)
    killed: int = 0
    stalled: int = 0
    refused: int = 0
    missed: int = 0
    reads: int = 0
    torn: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        mishaps = ", ".join(f"{count} {name}" for name, count in sorted(self.mishaps.items()))
        return (
            f"{self.database}: {self.slots} slots, each once, none lost, {self.missed} missed for a newer; "
            f"{self.killed} SIGKILLs, {self.stalled} stalls past the lease ({self.refused} refused at the end); "
            f"{self.reads} reads, {len(self.torn)} torn; {self.seconds:.0f} s\n    {mishaps}"
        )


@dataclass
class Server:
    """How a database is taken away and given back, where that can be done."""

    stop: Callable[[], None]
    start: Callable[[], None]


class Fleet:
    """Clocks on one database; those that were killed are replaced."""

    def __init__(self, place: Place, size: int, *, jobs=clock_worker.trial_jobs) -> None:
        self.place, self.size, self.jobs = place, size, jobs
        self.killed, self.alive = 0, []

    def keep(self) -> int:
        """As many as there have to be; how many were found killed."""
        dead = [one for one in self.alive if not one.is_alive()]
        killed = sum(one.exitcode == -signal.SIGKILL for one in dead)
        self.killed += killed
        self.alive = [one for one in self.alive if one.is_alive()]
        while len(self.alive) < self.size:
            self.alive.append(self.started())
        return killed

    def started(self, file_limit: int | None = None):
        process = PROCESSES.Process(target=clock_worker.run, args=(self.place, file_limit, self.jobs), daemon=True)
        process.start()
        return process

    def stalled(self) -> list[int]:
        return [one.pid for one in self.alive if _state(one.pid) == "T"]

    def kill(self) -> None:
        for one in self.alive:
            one.kill()
            one.join()
        self.alive = []

    def retire(self) -> set[int]:
        """SIGTERM for all, once they are there to hear it; how those ended that were not killed before."""
        while not all(map(self._hears, self.alive)):
            Event().wait(0.02)
        for one in self.alive:
            one.terminate()
            if _state(one.pid) == "T":
                os.kill(one.pid, signal.SIGCONT)
        for one in self.alive:
            one.join(30)
        codes = [one.exitcode for one in self.alive]
        self.killed += codes.count(-signal.SIGKILL)
        self.alive = []
        return set(codes) - {-signal.SIGKILL}

    def _hears(self, process) -> bool:
        if not process.is_alive():
            return True
        return any(who == str(process.pid) and what == STARTED for who, what, *_ in self.place.happened())


class Trial:
    """One trial on one database."""

    def __init__(self, url: str, folder: Path, *, clocks: int, server: Server | None = None) -> None:
        self.place = Place(url, folder)
        self.engine = make_engine(url)
        self.server = server
        self.fleet = Fleet(self.place, clocks)
        self.told = Told(self.engine.dialect.name)
        self.first_begun = False
        with writing(self.engine) as connection:
            effect.metadata.create_all(connection)
            wants = Subscription(Role.BOARD, ("SALT",), ("QKS",))
            add_subscriber(connection, "board@example.org", wants, now=datetime.fromisoformat("2026-01-01T00:00Z"))

    def run(self, days: Sequence[date], mishaps: Sequence[Mishap]) -> Told:
        """Every day's slot with its mishap."""
        started = monotonic()
        try:
            with self._read_all_along():
                for slot, mishap in zip(days, mishaps, strict=True):
                    self._slot(slot, mishap)
                assert self.fleet.retire() <= {0}, "SIGTERM did not end every clock with 0"
        finally:
            self.fleet.kill()
        self.told.killed, self.told.seconds = self.fleet.killed, monotonic() - started
        self._judge(days)
        self.engine.dispose()
        return self.told

    def _slot(self, slot: date, mishap: Mishap) -> None:
        self.told.mishaps[f"at {mishap}" if mishap in STEPS else mishap] += 1
        self.place.order(**_orders(slot, mishap))
        if mishap == FULL:
            self._full_disk(slot)
        if mishap == AWAY and self.server:
            self.server.stop()
        moment = begins(RULE, slot)
        self.place.set_clock(moment - HOUR if mishap == FORWARD else moment)
        self.fleet.keep()
        if mishap == FORWARD:
            self._looks()
            assert not self._is_settled(slot), "a slot was done before its time"
            self.place.set_clock(moment)
        if mishap == AWAY and self.server:
            before = self.place.count("schedule.database_away")
            self._until(lambda: self.place.count("schedule.database_away") > before + 1, "nobody misses the database")
            self.server.start()
        if mishap == CUT and self.server:
            self._until(self.fleet.stalled, "nobody stalled")
            self.server.stop()
            self._wake()
            self.server.start()
        self._settle(slot, mishap)
        if mishap == BACK:
            self.place.set_clock(moment - HOUR)
            self._looks()
            self.place.set_clock(moment)
            self._looks()

    def _settle(self, slot: date, mishap: Mishap) -> None:
        """Until the ledger says that a slot is done; who stalled wakes after that, or could keep it from being done."""
        until = monotonic() + PATIENCE_SECONDS
        inside = monotonic() + 2 * clock_worker.LEASE.total_seconds()
        while not self._is_settled(slot):
            assert monotonic() < until, f"{slot} is lost after {mishap}: {self.place.lately()}"
            self.fleet.keep()
            if mishap == STALL_INSIDE and monotonic() > inside:
                self._wake()
            Event().wait(0.02)
        self._wake()
        self.told.slots += 1

    def _wake(self) -> None:
        for pid in self.fleet.stalled():
            self.told.stalled += 1
            os.kill(pid, signal.SIGCONT)

    def _full_disk(self, slot: date) -> None:
        """Files may not grow: nothing of the slot is there, and nobody has died of it."""
        assert self.fleet.retire() <= {0}, "SIGTERM did not end every clock with 0"
        self.place.set_clock(begins(RULE, slot))
        before, size = self.place.count("schedule.database_away"), self.fleet.size
        self.fleet.size = 0
        crammed = self.fleet.started(file_limit=32 * 1024)
        self._until(lambda: self.place.count("schedule.database_away") > before, "nobody noticed the full disk")
        assert crammed.is_alive()
        with reading(self.engine) as connection:
            halves = connection.execute(select(func.count()).select_from(effect).where(effect.c.slot == slot)).scalar()
        assert halves == 0
        crammed.kill()
        crammed.join()
        self.fleet.killed, self.fleet.size = self.fleet.killed + 1, size

    def _looks(self) -> None:
        """Until every clock has looked twice more."""
        before = self.place.count("trial.pulse")
        self._until(
            lambda: self.place.count("trial.pulse") >= before + 3 * self.fleet.size, "the clocks do not look any more"
        )

    def _until(self, is_so: Callable[[], object], otherwise: str) -> None:
        until = monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert monotonic() < until, otherwise
            self.fleet.keep()
            Event().wait(0.02)

    def _is_settled(self, slot: date) -> bool:
        try:
            with reading(self.engine) as connection:
                found = store.find(connection, "trial", slot)
        except DatabaseUnavailable:
            return False
        return found is not None and found.state in SETTLED

    @contextmanager
    def _read_all_along(self) -> Iterator[None]:
        stop = Event()
        reader = Thread(target=self._read, args=[stop])
        reader.start()
        try:
            yield
        finally:
            stop.set()
            reader.join()

    def _read(self, stop: Event) -> None:
        while not stop.wait(0.03):
            try:
                torn = seen_of_one_moment(self.engine)
            except DatabaseUnavailable:
                continue
            self.told.reads += 1
            self.told.torn += torn

    def _judge(self, days: Sequence[date]) -> None:
        """After all: each slot once, with both halves, one version and one mail; the rest missed for a newer."""
        assert seen_of_one_moment(self.engine) == []
        assert self.told.torn == []
        with reading(self.engine) as connection:
            runs = store.job_runs(connection, job="trial", limit=10_000)
            mails = connection.execute(select(tables.outbox.c.slot, tables.outbox.c.state)).all()
        assert sorted(one.slot for one in runs if one.state is State.DONE) == sorted(days)
        between = {days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)} - set(days)
        missed = {one.slot: one for one in runs if one.state is State.MISSED}
        assert set(missed) == between
        assert all(one.superseded_by in days and one.superseded_by > slot for slot, one in missed.items())
        assert sorted(mail.slot for mail in mails) == sorted(days)
        self.told.missed = len(missed)
        self.told.refused = self.place.count("schedule.lease_lost")


def seen_of_one_moment(engine: Engine) -> list[str]:
    """What does not belong together in one look at the database."""
    with reading(engine) as connection:
        done = {
            one.slot: one for one in store.job_runs(connection, job="trial", limit=10_000) if one.state is State.DONE
        }
        halves = connection.execute(select(effect.c.slot, effect.c.half, effect.c.attempt, effect.c.version)).all()
        mails = set(connection.execute(select(tables.outbox.c.slot)).scalars())
        versions = connection.execute(select(func.max(tables.dataset_version.c.version))).scalar() or 0
    by_slot: dict[date, list[tuple[int, int, int]]] = {}
    for slot, half, attempt, version in halves:
        by_slot.setdefault(slot, []).append((half, attempt, version))
    torn = [
        f"{slot}: {found}"
        for slot, found in by_slot.items()
        if not _is_whole(found, done[slot].attempt if slot in done else None)
    ]
    if not set(by_slot) == set(done) == mails:
        torn.append(f"effects {len(by_slot)}, slots done {len(done)}, mails {len(mails)}")
    if versions != len(done):
        torn.append(f"version {versions} after {len(done)} slots")
    return torn


def _is_whole(found: Sequence[tuple[int, int, int]], attempt: int | None) -> bool:
    return sorted(half for half, _, _ in found) == [1, 2] and {one[1] for one in found} == {attempt}


def _orders(slot: date, mishap: Mishap) -> dict[str, object]:
    where = {"slot": str(slot), "attempts": 1, "do": "die"}
    if mishap in STEPS:
        return {"step": mishap, **where}
    if mishap == TWICE:
        return {"step": "trial.finishing", **where, "attempts": 2}
    stalls = {STALL: "trial.begun", STALL_INSIDE: "trial.halfway", CUT: "trial.halfway"}
    return {"step": stalls[mishap], **where, "do": "stall"} if mishap in stalls else {}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""

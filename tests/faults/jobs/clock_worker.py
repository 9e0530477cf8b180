"""A clock as a process of its own, for the tests of faults: on a time of theirs, killed or stalled where they say.

What it does at a slot is small and can be checked: two halves of an effect, a mail and a dataset version, in the one
transaction that finishes the slot. The scheduler, the ledger and the outbox are the real ones.
"""

import json
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from threading import Event, RLock

import structlog
from sqlalchemy import Column, Date, Integer, LargeBinary, MetaData, Table, insert
from sqlalchemy.event import listen

from jobs import ledger
from jobs.mail.outbox import drain
from jobs.schedule import Job, SlotJob, Turn, Watch, schedule, stopping_on_signals
from waitlists.logs import logger
from waitlists.mail.outgoing import Outgoing, message_id
from waitlists.running.ledger import State
from waitlists.running.slots import Daily
from waitlists.settings import Settings
from waitlists.store import outbox, write
from waitlists.store.session import make_engine, writing

STEPS = ("ledger.claimed", "trial.begun", "trial.halfway", "trial.queued", "trial.finishing", "trial.committed")
"""Where a process can be killed: each boundary between two things that it does."""

HALF_BYTES = 48 * 1024
RULE = Daily(day_time(1, 30))
"""The half hour that is left out in March and comes twice in October."""

LEASE = timedelta(seconds=1.2)

effect = Table(
    "effect",
    MetaData(),
    Column("slot", Date, primary_key=True),
    Column("half", Integer, primary_key=True),
    # Part of the key, so that nothing but the ledger keeps two attempts from both being stored.
    Column("attempt", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("filling", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Place:
    """Where a trial happens: the database, and the folder with its time, its orders, what happened, and its mail."""

    url: str
    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(database_url=self.url, outbox=self.folder / "outbox", inbox=self.folder / "inbox")

    def set_clock(self, moment: datetime) -> None:
        """From now on it is that moment, and time goes on from there."""
        self._write("clock", {"moment": moment.isoformat(), "at": time.monotonic()})

    def now(self) -> datetime:
        """The time of the trial; all processes of one machine share it."""
        said = json.loads((self.folder / "clock").read_text())
        return datetime.fromisoformat(said["moment"]) + timedelta(seconds=time.monotonic() - said["at"])

    def order(self, **what: object) -> None:
        """What is to happen to whoever comes by: `step`, perhaps a `slot`, up to which attempt, `do`: die or stall."""
        self._write("orders", what)

    def orders(self) -> dict[str, object]:
        return json.loads((self.folder / "orders").read_text())

    def happened(self) -> list[list[str]]:
        """Process, event word and slot of every line that was logged, in order."""
        lines = [line.split() for path in self.folder.glob("happened.*") for line in path.read_text().splitlines()]
        return [words for _, *words in sorted(line for line in lines if len(line) == 5)]

    def count(self, word: str) -> int:
        return sum(line[1] == word for line in self.happened())

    def lately(self) -> list[list[str]]:
        return [line for line in self.happened() if line[1] != "trial.pulse"][-12:]

    def _write(self, name: str, what: dict[str, object]) -> None:
        half = self.folder / f"{name}.{os.getpid()}"
        half.write_text(json.dumps(what, default=str))
        half.replace(self.folder / name)


def trial(turn: Turn) -> None:
    """Do a slot of the trial."""
    told = {"slot": str(turn.claim.slot), "attempt": turn.claim.attempt}
    logger().info("trial.begun", **told)
    with writing(turn.engine) as connection:
        now = turn.clock()
        run_id = write.start_run(connection, command="trial", as_of=turn.claim.slot, now=now)
        version = write.publish(connection, run_id=run_id, now=now)
        row = {"slot": turn.claim.slot, "attempt": turn.claim.attempt, "version": version}
        connection.execute(insert(effect).values(**row, half=1, filling=bytes(HALF_BYTES)))
        logger().info("trial.halfway", **told)
        connection.execute(insert(effect).values(**row, half=2, filling=bytes(HALF_BYTES)))
        name = message_id("weekly", turn.claim.slot, 1, host="localhost", site="http://127.0.0.1:8000")
        outbox.queue(connection, [Outgoing(name, "weekly", turn.claim.slot, 1, b"\r\nA trial.\r\n")], now=now)
        logger().info("trial.queued", **told)
        write.finish_run(connection, run_id, status="done", summary={}, now=now)
        ledger.finish(connection, turn.claim, state=State.DONE, now=now, detail={}, run_id=run_id)
        logger().info("trial.finishing", **told)
    logger().info("trial.committed", **told)


def trial_jobs(_place: Place) -> list[Job]:
    often = timedelta(seconds=0.1)
    return [
        SlotJob("trial", RULE, trial, every=often, lease=LEASE),
        Watch("pulse", lambda *_: logger().info("trial.pulse"), often),
        Watch("outbox", lambda engine, settings, clock: drain(engine, settings, clock=clock), often),
    ]


def run(place: Place, file_limit: int | None = None, jobs=trial_jobs) -> None:
    """Be a clock until SIGTERM; with a limit no file may grow beyond it, as on a full disk."""
    if file_limit is not None:
        # A compiled module is a file too, and would be cut short with the rest.
        sys.dont_write_bytecode = True
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    gate = RLock()
    structlog.configure(processors=[lambda _, __, event: obeyed(place, gate, event)])
    engine = make_engine(place.url)
    # Who is stopped within a transaction keeps all others from writing: no other thread may be in one just then.
    listen(engine, "checkout", lambda *_: gate.acquire())
    # A connection that could not be made is checked in without having been checked out.
    listen(engine, "checkin", lambda *_: gate.release() if gate._is_owned() else None)
    with stopping_on_signals() as stop:
        schedule(engine, place.settings, jobs(place), clock=place.now, stop=stop)
    engine.dispose()


def obeyed(place: Place, gate: RLock, event):
    """Note an event, and die or stall at it where that is the order of its slot."""
    word, slot, more = event["event"], str(event.get("slot", "-")), event.get("kind", event.get("attempt", "-"))
    # A file for each process: one of them may not be able to write far into any.
    with (place.folder / f"happened.{os.getpid()}").open("a") as file:
        file.write(f"{time.monotonic():015.6f} {os.getpid()} {word} {slot} {more}\n")
    orders = place.orders()
    if word == orders.get("step") and orders.get("slot", slot) == slot:
        if "attempts" not in orders:
            place.order()
        if event.get("attempt", 0) <= int(orders.get("attempts", 99)):
            with gate:
                os.kill(os.getpid(), signal.SIGKILL if orders["do"] == "die" else signal.SIGSTOP)
                # The signal may go to another thread first, and this one run on into its next step.
                Event().wait(0.2)
    raise structlog.DropEvent

"""Slots claimed once: a claim kept alive while its work goes on, the newest slot taken and older ones passed over.

The table of `waitlists.store.ledger` is the truth; the clock that asks may be one of several, may stop at any moment
and may ask twice. Whoever finishes does so in the transaction of what was done.
"""

import os
import socket
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from threading import Event, Thread

from sqlalchemy import Connection, Engine

from waitlists.errors import DatabaseUnavailable, LeaseLost
from waitlists.logs import logger, slot_bound
from waitlists.running.ledger import Claim, State
from waitlists.store import ledger as store
from waitlists.store.session import transact, writing

__all__ = [
    "LEASE",
    "LONGEST",
    "Claim",
    "State",
    "beat",
    "claim",
    "claim_newest",
    "fail",
    "finish",
    "kept",
    "release",
    "working",
]

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=10)
"""Longer than any writer makes others wait, so that a beat that had to wait is no lost lease."""

LONGEST = timedelta(hours=3)
"""How long any work may take; what hangs for longer is kept alive no more, so that another try can begin."""

finish = store.finish


def claim(
    engine: Engine, job: str, slot: date, *, clock: Clock, lease: timedelta = LEASE, is_asked: bool = False
) -> Claim | None:
    """The right to do a slot; None where it is done, or somebody is at it.

    `is_asked`: a person wants it, done already or not.
    """

    def work(connection: Connection) -> Claim | None:
        return store.claim(connection, job, slot, worker=_me(), now=clock(), lease=lease, is_asked=is_asked)

    return _told(transact(engine, work), job, slot)


def claim_newest(
    engine: Engine, job: str, due: Sequence[date], *, clock: Clock, lease: timedelta = LEASE
) -> Claim | None:
    """The right to do the last of some due slots; in the same transaction the older ones are passed over for it.

    None as well while somebody is at an older one.
    """

    def work(connection: Connection) -> Claim | None:
        now, newest = clock(), due[-1]
        older = store.unsettled(connection, job, before=newest)
        if any(one.state is State.RUNNING and one.lease_until > now for one in older):
            return None
        found = store.claim(connection, job, newest, worker=_me(), now=now, lease=lease)
        if found is not None:
            slots = sorted({*due[:-1], *(one.slot for one in older)})
            for slot in store.supersede(connection, job, slots, by=newest, now=now):
                logger().warning("ledger.missed", job=job, slot=str(slot), superseded_by=str(newest))
        return found

    return _told(transact(engine, work), job, due[-1])


def beat(engine: Engine, claim: Claim, *, clock: Clock, lease: timedelta = LEASE) -> None:
    """Keep a claim for another lease.

    Raises
    ------
    LeaseLost
        Somebody else has the slot by now.
    """
    with writing(engine) as connection:
        store.beat(connection, claim, now=clock(), lease=lease)


def fail(engine: Engine, claim: Claim, error: BaseException, *, clock: Clock) -> None:
    """Record that a try broke off, unless somebody else has the slot by now or the database is away.

    Of the error its kind is kept and where it arose: what it says may hold a value.
    """
    kind = type(error).__name__
    told = {"job": claim.job, "slot": str(claim.slot), "attempt": claim.attempt, "kind": kind}
    logger().error("ledger.failed", **told, at=_where(error))
    try:
        with writing(engine) as connection:
            store.fail(connection, claim, now=clock(), kind=kind)
    except (LeaseLost, DatabaseUnavailable) as unsaid:
        logger().warning("ledger.unsaid", job=claim.job, slot=str(claim.slot), kind=type(unsaid).__name__)


def release(engine: Engine, claim: Claim, *, clock: Clock) -> None:
    """Let go of a claim, so that another process takes it at its next look.

    Raises
    ------
    LeaseLost
        Somebody else has it already.
    """
    with writing(engine) as connection:
        store.release(connection, claim, now=clock())
    logger().info("ledger.released", job=claim.job, slot=str(claim.slot), attempt=claim.attempt)


@contextmanager
def working(
    engine: Engine,
    claim: Claim,
    *,
    clock: Clock,
    lease: timedelta = LEASE,
    longest: timedelta = LONGEST,
    on_hung: Callable[[], object] | None = None,
) -> Generator[None]:
    """Work on a slot: the claim is kept alive, an error is recorded with it, and a person's Ctrl-C lets it go.

    A database that is away is no failure of the job, however often: the lease ends by itself, and the slot is taken
    again. `on_hung` is done, in a thread beside the work, where that takes longer than `longest`.
    """
    keeping = kept(engine, claim, clock=clock, lease=lease, longest=longest, on_hung=on_hung)
    with slot_bound(claim.job, str(claim.slot)), keeping:
        try:
            yield
        except (LeaseLost, DatabaseUnavailable):
            raise
        except Exception as error:
            fail(engine, claim, error, clock=clock)
            raise
        except KeyboardInterrupt:
            # Work that was finished just before has nothing to let go of.
            with suppress(LeaseLost):
                release(engine, claim, clock=clock)
            raise


@contextmanager
def kept(
    engine: Engine,
    claim: Claim,
    *,
    clock: Clock,
    lease: timedelta = LEASE,
    longest: timedelta = LONGEST,
    on_hung: Callable[[], object] | None = None,
) -> Generator[None]:
    """Beats for a claim in the background while the block works; a lost lease shows when the block finishes.

    After `longest` there are no more: a thread that lives is no proof that its work goes on. Who waits for it alone is
    told then.
    """
    stop, last = Event(), clock() + longest

    def beats() -> None:
        if not _beat_until(stop, engine, claim, clock, (lease, last)) and on_hung is not None:
            _let_go(engine, claim, clock, on_hung)

    heart = Thread(target=beats, daemon=True, name="heart")
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()


def _let_go(engine: Engine, claim: Claim, clock: Clock, on_hung: Callable[[], object]) -> None:
    """Another process takes it at once; where what hangs is inside a transaction the lease has to end by itself.

    Work that was concluded just now has nothing to let go of and did not hang.
    """
    try:
        release(engine, claim, clock=clock)
    except LeaseLost:
        return
    except DatabaseUnavailable as error:
        logger().warning("ledger.not_released", job=claim.job, slot=str(claim.slot), kind=type(error).__name__)
    on_hung()


def _beat_until(stop: Event, engine: Engine, claim: Claim, clock: Clock, times: tuple[timedelta, datetime]) -> bool:
    """Whether the work ended, or lost its lease; False where it hangs."""
    lease, last = times
    while not stop.wait(lease.total_seconds() / 4):
        if clock() > last:
            logger().error("ledger.hung", job=claim.job, slot=str(claim.slot), attempt=claim.attempt)
            return False
        try:
            beat(engine, claim, clock=clock, lease=lease)
        except LeaseLost:
            logger().warning("ledger.lost", job=claim.job, slot=str(claim.slot), attempt=claim.attempt)
            return True
        except DatabaseUnavailable:
            # Three more beats fit into the lease; if all fail the slot is taken again, by whoever is there.
            logger().warning("ledger.unheard", job=claim.job, slot=str(claim.slot), attempt=claim.attempt)
    return True


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _told(found: Claim | None, job: str, slot: date) -> Claim | None:
    if found is None:
        logger().debug("ledger.taken", job=job, slot=str(slot))
    else:
        logger().info("ledger.claimed", job=job, slot=str(slot), attempt=found.attempt)
    return found


def _me() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}"

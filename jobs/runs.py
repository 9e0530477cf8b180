"""Runs as others see them: running while a command works, then how it ended, together with what it stored.

The row is committed before the work begins, so that a command that was killed is seen, and ends in the transaction that
holds the results: readers go by the dataset version and never meet half of them.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from waitlists.errors import DatabaseUnavailable
from waitlists.logs import logger, run_bound
from waitlists.store import write
from waitlists.store.session import transact, writing

Answer = TypeVar("Answer")
Clock = Callable[[], datetime]


@contextmanager
def running(engine: Engine, *, command: str, as_of: date | None, clock: Clock) -> Generator[int]:
    """A run, by its number, that stands as running while the block works, and as failed when the block breaks off.

    Of the reason only its kind is kept. A run whose process was killed, or whose database went away, goes on standing
    as running; `status` calls it stuck after a while, and running the command again is all it takes.
    """
    with writing(engine) as connection:
        run_id = write.start_run(connection, command=command, as_of=as_of, now=clock())
    with run_bound(run_id):
        try:
            yield run_id
        except BaseException as error:
            kind = type(error).__name__
            logger().error("run.failed", command=command, kind=kind)
            # The error itself says that the database is away.
            with suppress(DatabaseUnavailable), writing(engine) as connection:
                # It may have ended well before the connection was lost.
                if write.is_running(connection, run_id):
                    write.finish_run(connection, run_id, status="failed", summary={"reason": kind}, now=clock())
            raise


def concluded(engine: Engine, run_id: int, work: Callable[[Connection], Answer]) -> Answer:
    """What `work` answers in the transaction in which it also finishes the run; done once more where it was lost.

    A connection lost while it commits leaves open whether it did. Where it did the run has ended: the answer stands.
    """
    answers: list[Answer] = []

    def once(connection: Connection) -> Answer:
        if not answers or write.is_running(connection, run_id):
            answers.append(work(connection))
        return answers[-1]

    return transact(engine, once)

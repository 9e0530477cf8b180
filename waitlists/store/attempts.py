"""What attempts at a slot had loaded that never ended: whoever takes it up again finds those files known already."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from waitlists.store.tables import delivery, held_delivery, refusal, run

_ENDED = ("done", "partial")
_NO_COUNTS: Mapping[str, int] = {}


class EarlierFile(NamedTuple):
    """What became of a file: `code` of one that was refused, `reason` of one that was refused or is held."""

    name: str
    sha256: str | None
    status: str
    source: str | None = None
    counts: Mapping[str, int] = _NO_COUNTS
    code: str | None = None
    reason: str | None = None


def files_before(connection: Connection, command: str, slot: date, *, run_id: int) -> list[EarlierFile]:
    """What became of the files that were loaded for a slot by attempts before `run_id`, since its last that ended."""
    loads = _loads(connection, command, slot, run_id)
    return [*_loaded(connection, loads), *_held(connection, loads), *_refused(connection, loads)] if loads else []


def _loads(connection: Connection, command: str, slot: date, run_id: int) -> Sequence[int]:
    """Attempts run one after the other, so whatever was loaded for the slot since the first of them is theirs."""
    mine = (run.c.command == command, run.c.as_of == slot, run.c.id < run_id)
    ended = connection.execute(select(func.max(run.c.id)).where(*mine, run.c.status.in_(_ENDED))).scalar() or 0
    first = connection.execute(select(func.min(run.c.id)).where(*mine, run.c.id > ended)).scalar()
    if first is None:
        return ()
    loads = select(run.c.id).where(run.c.command == "load", run.c.as_of == slot, run.c.id.between(first, run_id))
    return connection.execute(loads.order_by(run.c.id)).scalars().all()


def _loaded(connection: Connection, loads: Sequence[int]) -> Iterator[EarlierFile]:
    rows = connection.execute(select(delivery).where(delivery.c.run_id.in_(loads)).order_by(delivery.c.id))
    yield from (EarlierFile(row.file_name, row.sha256, "loaded", row.source, row.counts) for row in rows)


def _held(connection: Connection, loads: Sequence[int]) -> Iterator[EarlierFile]:
    table = held_delivery
    waits = select(table).where(table.c.run_id.in_(loads), table.c.state == "held").order_by(table.c.id)
    for row in connection.execute(waits):
        yield EarlierFile(row.file_name, row.sha256, "held", row.source, row.counts, reason="; ".join(row.reasons))


def _refused(connection: Connection, loads: Sequence[int]) -> Iterator[EarlierFile]:
    for row in connection.execute(select(refusal).where(refusal.c.run_id.in_(loads)).order_by(refusal.c.id)):
        yield EarlierFile(row.file_name, row.sha256, "refused", code=row.code, reason=row.reason)

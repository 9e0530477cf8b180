"""Deliveries of referral records: recorded without their bytes, compared with the one before, or held for a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select, update

from waitlists.deliveries.unread import Sender
from waitlists.ingest.mapping import Kind
from waitlists.ingest.referral_delivery import FileFacts
from waitlists.sources import RECORDS
from waitlists.store.rows import add_row, storable, storable_name
from waitlists.store.tables import delivery, held_delivery, referral_delivery

SOURCE = RECORDS


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came: its name, checksum and size, when, and in which run."""

    name: str
    sha256: str
    size: int
    at: datetime
    run_id: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one delivery was for one provider: its day, the open referrals it left, columns nobody knew, and our fields.

    No field stands where it is not known which ones it had; `filled` counts its rows that say something in each of
    the columns.
    """

    provider: str
    kind: Kind
    snapshot_date: date
    known_from: date
    open_by_service: Mapping[str, int]
    unknown_columns: tuple[str, ...]
    systems: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict[str, int])

    def shares_a_system(self, systems: Collection[str]) -> bool:
        """Whether it speaks for one of these source systems; none stands for all of the provider's."""
        return not self.systems or not systems or not set(self.systems).isdisjoint(systems)


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery that a person has to look at, or that one approved."""

    file_name: str
    sha256: str
    snapshot_date: date
    reasons: tuple[str, ...]
    is_approved: bool


def add_extract(connection: Connection, facts: FileFacts, received: Received, *, known_from: date) -> int:
    """The number of a new delivery of records; its bytes are not kept."""
    return add_row(
        connection,
        delivery,
        {
            "sha256": received.sha256,
            "source": SOURCE,
            "file_name": storable_name(received.name),
            "size_bytes": received.size,
            "received_at": received.at,
            "published_on": None,
            "known_from": known_from,
            "period_end": facts.snapshot_date,
            "layout": f"{facts.form} {facts.kind}",
            "is_synthetic": facts.is_synthetic,
            "counts": {},
            "notes": [],
            "providers_in_scope": len(facts.providers),
            "run_id": received.run_id,
        },
    )


def count_delivery(connection: Connection, delivery_id: int, counts: Mapping[str, int]) -> None:
    """Say what became of the rows of a delivery."""
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(counts=dict(counts)))


def add_accepted(connection: Connection, delivery_id: int, accepted: Accepted, counts: Mapping[str, int]) -> None:
    """Record what a delivery was for one provider."""
    connection.execute(
        insert(referral_delivery).values(
            delivery_id=delivery_id,
            provider=accepted.provider,
            kind=accepted.kind,
            snapshot_date=accepted.snapshot_date,
            known_from=accepted.known_from,
            open_by_service=dict(accepted.open_by_service),
            unknown_columns=list(accepted.unknown_columns),
            source_systems=list(accepted.systems),
            fields=list(accepted.fields),
            filled=dict(accepted.filled),
            counts=dict(counts),
        )
    )


def accepted_deliveries(connection: Connection, provider: str) -> list[Accepted]:
    """Every delivery of a provider's records, that of the newest snapshot last."""
    table = referral_delivery
    query = select(table).where(table.c.provider == provider).order_by(table.c.snapshot_date, table.c.delivery_id)
    return [
        Accepted(
            provider,
            row.kind,
            row.snapshot_date,
            row.known_from,
            dict(row.open_by_service),
            tuple(row.unknown_columns),
            tuple(row.source_systems or ()),
            tuple(row.fields or ()),
            dict(row.filled or {}),
        )
        for row in connection.execute(query)
    ]


def newest_known_from(connection: Connection) -> date | None:
    """The day from which the newest records of any provider count as known, None before the first."""
    return connection.execute(select(func.max(referral_delivery.c.known_from))).scalar()


def hold(
    connection: Connection,
    received: Received,
    *,
    snapshot_date: date,
    sender: Sender,
    systems: Sequence[str],
    reasons: Sequence[str],
    counts: Mapping[str, int],
) -> None:
    """Record that a delivery waits for a person; held again it waits as it did."""
    if held(connection, received.sha256) is not None:
        return
    connection.execute(
        insert(held_delivery).values(
            sha256=received.sha256,
            file_name=storable_name(received.name),
            source=sender.source,
            snapshot_date=snapshot_date,
            providers=list(sender.providers),
            services=list(sender.services),
            source_systems=list(systems),
            reasons=list(reasons),
            counts=dict(counts),
            held_at=received.at,
            run_id=received.run_id,
            state="held",
        )
    )


def held(connection: Connection, sha256: str) -> Held | None:
    """The held delivery of this checksum, None where none was held."""
    return next((one for one in held_deliveries(connection) if one.sha256 == sha256), None)


def held_deliveries(connection: Connection) -> list[Held]:
    """Every delivery that was ever held, the oldest first."""
    rows = connection.execute(select(held_delivery).order_by(held_delivery.c.id))
    return [
        Held(row.file_name, row.sha256, row.snapshot_date, tuple(row.reasons), row.state == "approved") for row in rows
    ]


def approve(connection: Connection, sha256: str, *, by: str, reason: str, now: datetime, delivery_id: int) -> None:
    """Record who approved a held delivery and why, and as which delivery it was loaded."""
    connection.execute(
        update(held_delivery)
        .where(held_delivery.c.sha256 == sha256)
        .values(state="approved", approved_at=now, approved_by=by, approval=storable(reason), delivery_id=delivery_id)
    )

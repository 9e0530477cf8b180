"""A delivery of referral records merged into the versions that are there, batch by batch.

What is in a batch is decided by `waitlists.deliveries.merge` and written at once; what a snapshot no longer holds is
known at its end. Nothing of one is held in memory but a few numbers a referral; changes were looked at whole before
(`referral_looked`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute
from sqlalchemy import Connection, case, func, insert, literal, null, select, true

from waitlists.deliveries.digest import identities
from waitlists.deliveries.merge import (
    KNOWN_SCHEMA,
    Known,
    first_day,
    first_difference,
    gone,
    last_seen,
    moved_spells,
    spell_ids,
)
from waitlists.ingest.referral_delivery import Batch
from waitlists.ingest.referral_raw import unidentified
from waitlists.record.schema import IDENTITY, SCHEMA
from waitlists.store import referrals
from waitlists.store.frames import insert_table
from waitlists.store.referral_looked import DAY_ZERO, Changes, Looked, Stamp, by_provider, delivered_by, look
from waitlists.store.tables import referral

_A_DAY = timedelta(days=1)
_NOBODY = Known.of(KNOWN_SCHEMA.empty_table())


@dataclass(frozen=True, slots=True)
class Merged:
    """What a delivery changed: counts of rows, and from which day on which lists have to be counted again.

    Attributes
    ----------
    taken, changed, unchanged, superseded
        Rows by what became of them; together the rows that were accepted.
    absent
        Referrals that a full snapshot no longer held.
    affected_from
        The first day on which a list may have changed; None where nothing changed.
    first_version
        The number of the first version that was written; None where none was.
    """

    taken: int = 0
    changed: int = 0
    unchanged: int = 0
    superseded: int = 0
    absent: int = 0
    affected_from: date | None = None
    providers: frozenset[str] = frozenset()
    first_version: int | None = None

    def __add__(self, other: "Merged") -> "Merged":
        days = [day for day in (self.affected_from, other.affected_from) if day is not None]
        versions = [number for number in (self.first_version, other.first_version) if number is not None]
        return Merged(
            self.taken + other.taken,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.superseded + other.superseded,
            self.absent + other.absent,
            min(days, default=None),
            self.providers | other.providers,
            min(versions, default=None),
        )

    @property
    def is_nothing(self) -> bool:
        """Whether everything is as it was before."""
        return not (self.taken or self.changed or self.absent)

    def counts(self) -> dict[str, int]:
        """The counts by name."""
        names = ("taken", "changed", "unchanged", "superseded", "absent")
        return {name: getattr(self, name) for name in names}


def merge(
    connection: Connection, batches: Iterable[Batch], delivery_id: int, stamp: Stamp, *, providers: Iterable[str]
) -> dict[str, Merged]:
    """All batches of a delivery merged; what that changed, by provider.

    Parameters
    ----------
    batches
        Rows accepted and rejected: a referral whose row was rejected is not absent, and nobody is where a row does not
        say which referral it is.
    providers
        Every provider of the delivery; a snapshot states all their referrals in its source systems.
    """
    merges = _merges(connection, delivery_id, stamp, providers)
    for batch in batches:
        for provider, rows in by_provider(batch.records):
            merges[provider].add(rows)
        for provider, rows in by_provider(batch.rejected):
            if provider in merges:
                merges[provider].keep(rows)
        for provider in compute.unique(unidentified(batch.rejected)[IDENTITY[0]]).to_pylist():
            for one in [merges[provider]] if provider in merges else merges.values():
                one.doubt()
    return {provider: one.finish() for provider, one in merges.items()}


def merge_changes(connection: Connection, changes: Changes, delivery_id: int, stamp: Stamp) -> dict[str, Merged]:
    """Changes that were looked at written; what that changed, by provider."""
    merges = _merges(connection, delivery_id, stamp, changes.looked)
    for provider, several in changes.looked.items():
        for one in several:
            merges[provider].write(one)
    return {provider: one.finish() for provider, one in merges.items()}


def _merges(connection: Connection, delivery_id: int, stamp: Stamp, providers: Iterable[str]) -> dict[str, "_Merge"]:
    numbers = referrals.Numbers(referrals.next_version(connection))
    return {provider: _Merge(connection, provider, delivery_id, stamp, numbers) for provider in sorted(providers)}


class _Merge:
    """One provider's part of a delivery on its way into the database."""

    def __init__(
        self, connection: Connection, provider: str, delivery_id: int, stamp: Stamp, numbers: referrals.Numbers
    ) -> None:
        self._connection = connection
        self._delivery_id = delivery_id
        self._stamp = stamp
        self._numbers = numbers
        self._provider = provider
        self._delivered = delivered_by(connection, provider, stamp)
        self._known = referrals.known_of(connection, provider) if self._delivered.is_whole else _NOBODY
        self._seen = np.zeros(len(self._known.identity), bool)
        self._merged = Merged(providers=frozenset({provider}))
        self._spells: set[str] = set()

    def add(self, rows: pa.Table) -> None:
        """Write what is new in accepted rows."""
        self.write(look(self._connection, rows, self._delivered, self._known if self._delivered.is_whole else None))

    def write(self, looked: Looked) -> None:
        """Write what is new in rows that were looked at."""
        self._see(looked.places)
        decided, rows = looked.decided, looked.rows
        if not decided.taken.all():
            self._replace(looked)
        taken = rows.filter(pa.array(decided.taken))
        self._affected(first_day(taken))
        self._spells |= spell_ids(taken)
        self._write(rows, looked.identity, looked.digest, decided.taken | decided.changed)
        self._merged += Merged(
            taken=int(decided.taken.sum()),
            changed=int(decided.changed.sum()),
            unchanged=int(decided.unchanged.sum()),
            superseded=int(decided.superseded.sum()),
        )

    def keep(self, rejected: pa.Table) -> None:
        """Note that referrals are in the delivery, though their rows were refused."""
        self._see(self._known.places(identities(rejected)))

    def doubt(self) -> None:
        """Take nobody for absent: a row that says not whose it is may be anybody's."""
        self._seen[:] = True

    def finish(self) -> Merged:
        """What changed, once what is absent is marked so."""
        which = gone(self._known, self._delivered, self._seen)
        if which.any():
            others = referrals.of_other_systems(self._connection, self._provider, self._stamp.systems)
            which &= ~np.isin(self._known.version_id, others)
        if which.any():
            self._bury(self._known.version_id[which])
            self._affected(int(last_seen(self._known, self._delivered, which).min()) + 1)
            self._merged += Merged(absent=int(which.sum()))
        if self._spells:
            # However long ago the others of a spell ended, they are on the list again or no longer.
            ended = referrals.first_end(self._connection, self._provider, self._spells)
            self._affected(None if ended is None else (ended - DAY_ZERO).days)
        return self._merged

    def _see(self, places: npt.NDArray[np.intp]) -> None:
        if self._delivered.is_whole:
            self._seen[places[places >= 0]] = True

    def _replace(self, looked: Looked) -> None:
        """Close the versions that changed, and see from which day on that makes a difference."""
        decided, known, replaced = looked.decided, looked.known, looked.replaced
        if decided.restated.any():
            again = known.version_id[looked.places[decided.restated]]
            referrals.restate_versions(self._connection, again, on=self._stamp.snapshot_date)
        if not decided.changed.any():
            return
        order = np.argsort(known.version_id[replaced])
        after = looked.rows.filter(pa.array(decided.changed)).take(pa.array(order))
        self._affected(first_difference(looked.before, after))
        self._spells |= moved_spells(looked.before, after)
        returned = replaced[known.is_absent[replaced]]
        if len(returned):
            self._affected(int(known.stated_on[returned].min()) + 1)
        referrals.close_versions(self._connection, known.version_id[replaced], on=self._stamp.known_from)

    def _write(
        self,
        rows: pa.Table,
        identity: npt.NDArray[np.int64],
        digest: npt.NDArray[np.int64],
        which: npt.NDArray[np.bool_],
    ) -> None:
        count = int(which.sum())
        if not count:
            return
        chosen = rows if count == rows.num_rows else rows.filter(pa.array(which))
        numbers = self._numbers.take(count)
        self._merged += Merged(first_version=numbers.start)
        added: Mapping[str, Any] = {
            "version_id": np.arange(numbers.start, numbers.stop, dtype=np.int32),
            "delivery_id": np.full(count, self._delivery_id, np.int32),
            "known_from": pa.repeat(pa.scalar(self._stamp.known_from, pa.date32()), count),
            "stated_on": chosen["snapshot_date"],
            "is_absent": pa.repeat(self._delivered.is_overtaken, count),
            "identity": identity[which],
            "digest": digest[which],
        }
        names = [*added, *SCHEMA.names]
        columns = [*added.values(), *chosen.columns]
        insert_table(self._connection, referral, pa.Table.from_arrays([*map(_arrow, columns)], names=names))

    def _bury(self, numbers: npt.NDArray[np.int32]) -> None:
        """Follow each of these versions by one that says the referral was no longer on the list."""
        connection, stamp = self._connection, self._stamp
        referrals.close_versions(connection, numbers, on=stamp.known_from)
        first = self._numbers.take(len(numbers)).start
        self._merged += Merged(first_version=first)
        stated: Any = referral.c.stated_on
        # As `last_stated` and `last_seen` have it.
        before, until = (_day(day) for day in (self._delivered.last_before, self._delivered.last_until))
        said = case((stated < until, until), else_=stated)
        seen = case(
            (stated >= stamp.snapshot_date, stamp.snapshot_date - _A_DAY), (stated < before, before), else_=stated
        )
        place = func.row_number().over(order_by=referral.c.version_id)
        new: Mapping[str, Any] = {
            "version_id": literal(first - 1) + place,
            "delivery_id": literal(self._delivery_id),
            "known_from": literal(stamp.known_from),
            "known_until": null(),
            "stated_on": said,
            "is_absent": true(),
            "snapshot_date": seen,
        }
        values = [new.get(column.name, column) for column in referral.c]
        query = select(*values).where(referrals.is_among(connection, numbers))
        connection.execute(insert(referral).from_select([column.name for column in referral.c], query))

    def _affected(self, day: int | None) -> None:
        if day is not None:
            self._merged += Merged(affected_from=DAY_ZERO + timedelta(days=day))


def _arrow(column: Any) -> Any:
    return pa.array(column) if isinstance(column, np.ndarray) else column


def _day(number: int | None) -> date:
    """A day by its number; one before all others for none."""
    return date.min if number is None else DAY_ZERO + timedelta(days=number)

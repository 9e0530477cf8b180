"""Rows of a delivery beside what is known of their referrals, before any of it is written.

Changes are looked at as a whole first: what a list becomes by them is then known in time to hold them back, and the
database need not keep every page that they touch for taking them back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from waitlists.deliveries.digest import digests, identities
from waitlists.deliveries.merge import Decided, Delivered, Known, decide
from waitlists.ingest.mapping import Kind
from waitlists.ingest.referral_delivery import Batch
from waitlists.record.schema import IDENTITY, SCHEMA
from waitlists.store import referrals
from waitlists.store.referral_deliveries import accepted_deliveries

DAY_ZERO = date(1970, 1, 1)
_ENDS = ("clock_stop_date", "service_discharge_date", "referral_rejection_date")
_PROVIDER = IDENTITY[0]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What kind a delivery is, its day, the day it became known, and its source systems."""

    kind: Kind
    snapshot_date: date
    known_from: date
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """Rows of one provider, what is known of them, and what becomes of each.

    `before` are the versions that change, in order of their numbers.
    """

    rows: pa.Table
    identity: npt.NDArray[np.int64]
    digest: npt.NDArray[np.int64]
    known: Known
    places: npt.NDArray[np.intp]
    decided: Decided
    before: pa.Table

    @property
    def replaced(self) -> npt.NDArray[np.intp]:
        """The places among the known of those that change, in the rows' order."""
        return self.places[self.decided.changed]


def look(connection: Connection, rows: pa.Table, delivered: Delivered, known: Known | None = None) -> Looked:
    """Rows of one provider looked at, beside all that is known of it or, without that, of these alone."""
    identity, digest = identities(rows), digests(rows)
    beside = referrals.known_among(connection, identity) if known is None else known
    places = beside.places(identity)
    decided = decide(beside, delivered, places, digest)
    changed = beside.version_id[places[decided.changed]]
    before = referrals.versions(connection, changed) if len(changed) else SCHEMA.empty_table()
    return Looked(rows, identity, digest, beside, places, decided, before)


@dataclass(frozen=True, slots=True)
class Changes:
    """A delivery of changes that was looked at whole, by provider.

    `rejected` are the rows that broke a rule; `is_open` says how many referrals of each service it will leave open.
    """

    looked: Mapping[str, Sequence[Looked]]
    rejected: Sequence[pa.Table]
    is_open: Mapping[str, Mapping[str, int]]


def looked_at(connection: Connection, batches: Iterable[Batch], stamp: Stamp, *, providers: Iterable[str]) -> Changes:
    """Changes looked at; their rows stay in memory until they are written, and no referral is in two of them."""
    delivered = {provider: delivered_by(connection, provider, stamp) for provider in sorted(providers)}
    looked: dict[str, list[Looked]] = {provider: [] for provider in delivered}
    rejected: list[pa.Table] = []
    for batch in batches:
        rejected.append(batch.rejected)
        for provider, rows in by_provider(batch.records):
            looked[provider].append(look(connection, rows, delivered[provider]))
    is_open = {
        provider: _open_after(connection, provider, several, stamp, is_overtaken=delivered[provider].is_overtaken)
        for provider, several in looked.items()
    }
    return Changes(looked, rejected, is_open)


def by_provider(rows: pa.Table) -> Iterable[tuple[str, pa.Table]]:
    """Rows by provider, without those that name none."""
    column = rows[_PROVIDER]
    found = [provider for provider in pc.unique(column).to_pylist() if provider is not None]
    if len(found) == 1 and not column.null_count:
        return [(found[0], rows)]
    return [(provider, rows.filter(pc.equal(column, provider))) for provider in found]


def delivered_by(connection: Connection, provider: str, stamp: Stamp) -> Delivered:
    """What a delivery is beside those of the provider's same source systems that were accepted before it."""
    before = [one for one in accepted_deliveries(connection, provider) if one.kind == "snapshot"]
    days = [(one.snapshot_date - DAY_ZERO).days for one in before if one.shares_a_system(stamp.systems)]
    day = (stamp.snapshot_date - DAY_ZERO).days
    return Delivered.beside(days, day=day, is_whole=stamp.kind == "snapshot")


def _open_after(
    connection: Connection, provider: str, several: Iterable[Looked], stamp: Stamp, *, is_overtaken: bool
) -> dict[str, int]:
    """Open referrals by service in the delivery's source systems, as `open_by_service` will count them."""
    found = Counter(referrals.open_by_service(connection, provider, systems=_apart(connection, provider, stamp)))
    for one in several:
        order = np.argsort(one.known.version_id[one.replaced])
        was_there = ~one.known.is_absent[one.replaced[order]]
        found.subtract(_open(one.before.filter(pa.array(was_there)), stamp.systems))
        if not is_overtaken:
            found.update(_open(one.rows.filter(pa.array(one.decided.taken | one.decided.changed)), stamp.systems))
    return {service: count for service, count in sorted(found.items()) if count}


def _apart(connection: Connection, provider: str, stamp: Stamp) -> Sequence[str] | None:
    """The delivery's source systems, None where the provider's records come from no others: an index then tells all."""
    known = [one.systems for one in accepted_deliveries(connection, provider)]
    return None if known and all(systems and set(systems) <= set(stamp.systems) for systems in known) else stamp.systems


def _open(rows: pa.Table, systems: Sequence[str]) -> Counter[str]:
    is_theirs = pc.is_in(rows["source_system"], value_set=pa.array(systems, pa.string()))
    is_open = [pc.is_null(rows[name]) for name in _ENDS]
    chosen: Any = is_theirs
    for one in is_open:
        chosen = pc.and_(chosen, one)
    return Counter(rows["service"].filter(chosen).to_pylist())

"""What was counted of referral records before, so that counting again writes only what it changed."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, case, exists, func, select

from waitlists.store import tables

Place = tuple[str, date]
"""Scope and period."""


def counted_before(connection: Connection, source: str) -> dict[Place, str | None]:
    """The checksum of what stands of a source, by scope and period."""
    vintage = tables.vintage
    columns = (vintage.c.scope, vintage.c.period_end, vintage.c.digest)
    query = select(*columns).where(vintage.c.source == source).order_by(vintage.c.known_from, vintage.c.id)
    return {(scope, period): digest for scope, period, digest in connection.execute(query)}


def grouped_before(connection: Connection, source: str) -> frozenset[date]:
    """Periods of a source whose lists were counted by groups of children too."""
    vintage, detail = tables.vintage, tables.detail
    by_groups = exists().where(detail.c.vintage_id == vintage.c.id, detail.c.cut != "")
    query = select(vintage.c.period_end).where(vintage.c.source == source, vintage.c.scope == "", by_groups).distinct()
    return frozenset(connection.execute(query).scalars())


def extract_days(connection: Connection, *, known_on: date) -> Mapping[str, tuple[date, date]]:
    """Which days each provider's first whole list and its newest extract describe, as known by the end of a day."""
    table = tables.referral_delivery
    whole = case((table.c.kind == "snapshot", table.c.snapshot_date))
    query = select(table.c.provider, func.min(whole), func.max(table.c.snapshot_date))
    rows = connection.execute(query.where(table.c.known_from <= known_on).group_by(table.c.provider))
    return {provider: (first, last) for provider, first, last in rows if first is not None}

"""A return that is resent with a mistake does not take away what its sender said before.

Where rows of a new file were put aside and a list or flow that stands would vanish with them, the earlier return goes
on standing for that service and week, and a finding says so.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, select

from waitlists.domain import Finding, ParsedDelivery, ParsedVintage, Severity
from waitlists.periods import in_words
from waitlists.sources import freq_of
from waitlists.store import tables
from waitlists.store.left_aside import EARLIER_STANDS

Place = tuple[str, date]
"""Scope and period."""


def without_losses(connection: Connection, delivery: ParsedDelivery) -> ParsedDelivery:
    """The delivery without the parts that would take more away than they say; each left out is a finding."""
    scopes = {part.scope for part in delivery.vintages if part.scope}
    if not scopes or not delivery.counts.get("quarantined"):
        return delivery
    stood = _kinds_in_force(connection, delivery.source, scopes)
    lost = [part for part in delivery.vintages if stood.get((part.scope, part.period_end), set()) - _kinds(part)]
    return replace(
        delivery,
        vintages=tuple(part for part in delivery.vintages if part not in lost),
        findings=(*delivery.findings, *map(_finding, lost)),
    )


def _kinds(part: ParsedVintage) -> set[str]:
    return {figure.kind for figure in part.figures}


def _kinds_in_force(connection: Connection, source: str, scopes: set[str]) -> Mapping[Place, set[str]]:
    """What kinds of figure the newest vintage of each sender's service and period holds."""
    series, figure, vintage = tables.series, tables.figure, tables.vintage
    rows = connection.execute(
        select(vintage.c.scope, vintage.c.period_end, vintage.c.known_from, vintage.c.id, series.c.kind)
        .join(figure, figure.c.vintage_id == vintage.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .where(vintage.c.source == source, vintage.c.scope.in_(scopes))
        .distinct()
        .order_by(vintage.c.known_from, vintage.c.id)
    )
    newest: dict[Place, tuple[int, set[str]]] = defaultdict(lambda: (0, set()))
    for scope, period_end, _, number, kind in rows:
        known, kinds = newest[scope, period_end]
        newest[scope, period_end] = (number, {kind} if number != known else {*kinds, kind})
    return {place: kinds for place, (_, kinds) in newest.items()}


def _finding(part: ParsedVintage) -> Finding:
    when = in_words(part.period_end, freq_of(part.source))
    sender, _, service = part.scope.partition("/")
    return Finding(
        EARLIER_STANDS,
        Severity.WARNING,
        f"Rows of the new file for {when} were put aside, so the earlier return stands: correct and resend it.",
        part.period_end,
        part.period_end,
        service=service or None,
        org=sender,
    )

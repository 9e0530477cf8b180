"""In SQL: parts of a resent return that were left, because the earlier return stands, and whether they came since.

What was found about such a part has no vintage of its own: it stands beside the earlier figures until it is answered.
"""

from datetime import date
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, exists, or_

from waitlists.store import tables

EARLIER_STANDS: Final = "earlier_return_stands"
"""The finding that says so, once for each service and week of a file."""


def is_left() -> ColumnElement[bool]:
    """For a finding: the part it is about was left."""
    finding, left = tables.finding, tables.finding.alias("left_part")
    return exists().where(_is_of_its_file(left), _is_about_it(left)).correlate(finding)


def is_left_unanswered(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """For a finding: the part it is about, or any part where it is about no service, was left and not sent since."""
    finding, left = tables.finding, tables.finding.alias("left_since")
    is_about = or_(finding.c.service.is_(None), _is_about_it(left))
    unanswered = ~is_sent_again(left, on)
    return exists().where(_is_of_its_file(left), is_about, left.c.known_from <= on, unanswered).correlate(finding)


def is_sent_again(said: FromClause, on: date | BindParameter[date]) -> ColumnElement[bool]:
    """For a finding of a return: a later file of its sender, service and week was known by a day, in force or left."""
    file, again = tables.delivery.alias("its_file"), tables.vintage.alias("again")
    left = tables.finding.alias("left_later")
    is_taken = exists().where(
        file.c.id == said.c.delivery_id,
        again.c.source == file.c.source,
        again.c.scope == said.c.org + "/" + said.c.service,
        again.c.period_end == said.c.period_end,
        again.c.known_from <= on,
        again.c.delivery_id > said.c.delivery_id,
    )
    is_left_again = exists().where(
        *(left.c[name] == said.c[name] for name in ("service", "org", "period_end")),
        left.c.code == EARLIER_STANDS,
        left.c.known_from <= on,
        left.c.delivery_id > said.c.delivery_id,
    )
    return or_(is_taken.correlate(said), is_left_again.correlate(said))


def _is_of_its_file(left: FromClause) -> ColumnElement[bool]:
    return and_(left.c.delivery_id == tables.finding.c.delivery_id, left.c.code == EARLIER_STANDS)


def _is_about_it(left: FromClause) -> ColumnElement[bool]:
    finding = tables.finding
    return and_(left.c.service == finding.c.service, left.c.period_end == finding.c.period_end)

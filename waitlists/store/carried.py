"""What a vintage that counts some services anew takes over of the others: copied within the database, and not read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, insert, join, select

from waitlists.store.asked import asked_replacements
from waitlists.store.tables import detail, figure, series


def take_over(connection: Connection, replaced: Mapping[int, int]) -> None:
    """Copy figures and details of the services that new vintages say nothing of, from those that they replace.

    Parameters
    ----------
    replaced
        By new vintage the one whose place it takes.
    """
    if not replaced:
        return
    new = asked_replacements(connection, replaced.items())
    of_new = detail.c.vintage_id == new.c.vintage_id
    # Put together once: asked of every row, it would be looked up for each of them.
    said = select(detail.c.vintage_id, detail.c.service).join_from(new, detail, of_new).distinct().subquery()

    def copied(table: Table, whose: Table) -> Select[*tuple[Any, ...]]:
        columns = [new.c.vintage_id if column.name == "vintage_id" else column for column in table.c]
        rows = join(new, table, table.c.vintage_id == new.c.instead_of)
        if whose is not table:
            rows = rows.join(whose, whose.c.id == figure.c.series_id)
        is_said = and_(said.c.vintage_id == new.c.vintage_id, said.c.service == whose.c.service)
        return select(*columns).select_from(rows.outerjoin(said, is_said)).where(said.c.service.is_(None))

    # Figures first: who is said of is told by the details that are there.
    for table, rows in ((figure, copied(figure, series)), (detail, copied(detail, detail))):
        connection.execute(insert(table).from_select([column.name for column in table.c], rows))

"""What a vintage that counts some services anew takes over of the others: copied within the database, and not read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, insert, select

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
    new, said = asked_replacements(connection, replaced.items()), detail.alias()
    is_said = select(said.c.service).where(said.c.vintage_id == new.c.vintage_id)

    def copied(table: Table) -> Select[*tuple[Any, ...]]:
        columns = [new.c.vintage_id if column.name == "vintage_id" else column for column in table.c]
        return select(*columns).join_from(new, table, table.c.vintage_id == new.c.instead_of)

    figures = copied(figure).join(series, series.c.id == figure.c.series_id).where(series.c.service.not_in(is_said))
    # Figures first: who is said of is told by the details that are there.
    for table, rows in ((figure, figures), (detail, copied(detail).where(detail.c.service.not_in(is_said)))):
        connection.execute(insert(table).from_select([column.name for column in table.c], rows))

"""Everything that can be read from the store, without pandas: lists, histories, findings and provenance.

Each function takes a connection of `session.reading`, which sees one moment: what the newest dataset version published
and nothing of a command that is still at work, since a command writes and publishes in one transaction.
"""

from waitlists.store.in_force import SOURCE_ORDER
from waitlists.store.read_findings import findings
from waitlists.store.read_history import line_totals, list_history, stored_services, weeks_of_lists
from waitlists.store.read_lists import stored_list, stored_lists
from waitlists.store.read_missing import last_known_cells
from waitlists.store.read_provenance import (
    deliveries,
    delivery,
    delivery_cells,
    delivery_content,
    figure_cells,
    held_deliveries,
    known_files,
    known_organisations,
    latest_version,
    periods_sent,
    refusals,
    runs,
    vintages_of,
)
from waitlists.store.stored import (
    DatasetVersion,
    StoredCell,
    StoredDelivery,
    StoredFinding,
    StoredHeld,
    StoredList,
    StoredRefusal,
    StoredRun,
    StoredVintage,
)

__all__ = [
    "SOURCE_ORDER",
    "DatasetVersion",
    "StoredCell",
    "StoredDelivery",
    "StoredFinding",
    "StoredHeld",
    "StoredList",
    "StoredRefusal",
    "StoredRun",
    "StoredVintage",
    "deliveries",
    "delivery",
    "delivery_cells",
    "delivery_content",
    "figure_cells",
    "findings",
    "held_deliveries",
    "known_files",
    "known_organisations",
    "last_known_cells",
    "latest_version",
    "line_totals",
    "list_history",
    "periods_sent",
    "refusals",
    "runs",
    "stored_list",
    "stored_lists",
    "stored_services",
    "vintages_of",
    "weeks_of_lists",
]

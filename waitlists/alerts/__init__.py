"""What needs a person, and in which words: one story for `waitlists status`, /health/freshness and /metrics.

`alerts` follows from a `State` alone, which `store/state.py` reads; nothing here looks at a clock or a database. A
title may be told to anybody who runs the service; a sentence may name a file or a provider, and stays on the console.
"""

from waitlists.alerts.kinds import KINDS, Alert, Kind, Urgency
from waitlists.alerts.rules import alerts, backup_told, slots_late
from waitlists.alerts.state import HeldFile, LastRun, Mail, MissingGrants, PartFile, RefusedFile, SlotRun, Space, State

__all__ = [
    "KINDS",
    "Alert",
    "HeldFile",
    "Kind",
    "LastRun",
    "Mail",
    "MissingGrants",
    "PartFile",
    "RefusedFile",
    "SlotRun",
    "Space",
    "State",
    "Urgency",
    "alerts",
    "backup_told",
    "slots_late",
]

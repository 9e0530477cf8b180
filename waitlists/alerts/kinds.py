"""The kinds of alert: a stable word, how soon somebody has to act, and a title without names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Urgency(StrEnum):
    """How soon a person has to act; a note asks for nothing."""

    NOW = "now"
    SOON = "soon"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """How soon to act, and what is the matter in words that name nobody."""

    urgency: Urgency
    title: str


KINDS: Final[Mapping[str, Kind]] = {
    "slot_late": Kind(Urgency.NOW, "A job of the clock is late."),
    "slot_problem": Kind(Urgency.NOW, "A nightly check or backup found a problem."),
    "stuck": Kind(Urgency.NOW, "A run never ended."),
    "failed": Kind(Urgency.NOW, "The last run of a command failed."),
    "disk_full": Kind(Urgency.NOW, "The database had no space left."),
    "disk_low": Kind(Urgency.NOW, "The disk of the database is nearly full."),
    "ungranted": Kind(Urgency.NOW, "The database user that serves lacks a right."),
    "mail_late": Kind(Urgency.NOW, "Mail is not getting out."),
    "mail_dead": Kind(Urgency.NOW, "Mail was given up."),
    "mail_held": Kind(Urgency.NOW, "Mail is held until somebody says whether to send it."),
    "mail_unmade": Kind(Urgency.SOON, "An email of this week could not be made."),
    "partial": Kind(Urgency.SOON, "The last run of a command finished in part."),
    "nothing_loaded": Kind(Urgency.SOON, "Nothing has been loaded yet."),
    "late": Kind(Urgency.SOON, "A published file is overdue."),
    "late_return": Kind(Urgency.SOON, "A weekly return is late."),
    "refused": Kind(Urgency.SOON, "A file was refused."),
    "held": Kind(Urgency.SOON, "A delivery is held for approval."),
    "in_part": Kind(Urgency.SOON, "Rows of a weekly return were put aside."),
    "backup_old": Kind(Urgency.SOON, "The last backup is old, or there is none."),
    "quarantined": Kind(Urgency.NOTE, "Rows of recent deliveries were put aside."),
}
"""By the word that programs and alert rules go by; the most urgent first, which is the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is the matter: its kind's word, and a sentence for whoever runs the service."""

    code: str
    sentence: str

    @property
    def kind(self) -> Kind:
        """What holds for all alerts of this word."""
        return KINDS[self.code]

"""What is said of an answer whose small numbers are hidden: who is missing, what is late, and no number of children."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from api import words
from api.about import About
from waitlists.domain import Coverage
from waitlists.quality.carried import NOT_ENDED
from waitlists.quality.whole import WHOLE_UNKNOWN
from waitlists.quality.words import names_of, sent_nothing
from waitlists.sources import freq_of
from waitlists.store.read import StoredList

ROUNDED: Final = "Numbers below England are rounded to the nearest 5, and small ones are not shown."
NOT_SHOWN: Final = "Not shown, so that no small number can be worked out."
ADDED: Final = "The last known figures of the missing providers, as shown, are added."
MISSING: Final = "A provider sent no figures: part of the list is not in this number."

NOT_ENDED_YET: Final = "Part of this was taken before its week or month had ended, and may still change."

NOT_ALL_KNOWN: Final = (
    "Nobody can know whether all of this list is here: who else keeps a part of it sent no figure, or is not known."
)

FINDINGS: Final[Mapping[str, str]] = {
    "missing_provider": MISSING,
    NOT_ENDED: NOT_ENDED_YET,
    WHOLE_UNKNOWN: NOT_ALL_KNOWN,
}
"""Findings that may be named without their figures. Any other tells something of exact numbers by being there, such as
that a list is the same as last month's, and is left out."""

COUNTED: Final = frozenset(
    {
        *("loaded", "already_loaded", "refused", "held", "clearances", "failed", "reason"),
        *("ok", "fallback", "insufficient_data", "blocked"),
    }
)
"""Entries of a run's summary that count files or series, or name them."""


def cares(stored: StoredList | None, about: About) -> Iterator[str | None]:
    """Every reason for care with a list that can be given without its numbers."""
    yield ROUNDED
    if stored is None:
        return
    if not about.is_suppressed:
        yield missing(stored.coverage, stored.period_end, source=stored.source)
        yield NOT_ALL_KNOWN if any(one.code == WHOLE_UNKNOWN for one in stored.findings) else None
    yield words.late_sentence(stored, about)
    yield words.SYNTHETIC if stored.is_synthetic else None


def missing(coverage: Coverage, period_end: date, *, source: str) -> str | None:
    """Who sent no figures, or none to this source, without their last known lists."""
    if not coverage.missing:
        return None
    who = names_of([one.org for one in coverage.missing])
    is_silent = any(one.last_period != period_end for one in coverage.missing)
    what = sent_nothing(freq_of(source)) if is_silent else "sent figures elsewhere, not in this sum"
    return f"Part of the list is missing, so this is no sign that fewer wait: {who} {what}."


def findings(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings that may be named, each without figures and without the cell it was found in."""
    return [
        {**one, "sentence": FINDINGS[one["code"]], "sheet": None, "cell": None}
        for one in found
        if one["code"] in FINDINGS
    ]


def breaks(every: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Breaks that come from the calendar; a step that was found in the figures tells of them."""
    return [one for one in every if one["cause"] == "definition"]


def run_summary(summary: Mapping[str, object]) -> dict[str, object]:
    """What a command did, in counts of files and series; counts of children stay on the machine it ran on."""
    return {name: value if name in COUNTED else None for name, value in summary.items()}


def vintage(one: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A vintage without its file: the checksum of a small file would tell which guess of its numbers is right."""
    return None if one is None else {**one, "sha256": None, "file_name": None, "deliveries": []}

"""What a list would be with whoever is absent from it, and the notes that say who that is.

Absent is who sent no figures, and who printed a 0 that cannot be believed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from waitlists import bands
from waitlists.absent import last_known_of
from waitlists.counts.histories import OVER_WEEKS, VintageCells
from waitlists.domain import Coverage, Measure, MissingProvider
from waitlists.periods import STEP_WORDS
from waitlists.quality.carried import NOT_ENDED
from waitlists.quality.whole import WHOLE_UNKNOWN
from waitlists.quality.words import name_of, names_of
from waitlists.quality.zeros import hidden_behind_zero
from waitlists.sources import freq_of
from waitlists.store.read import StoredList

LastKnown = Mapping[tuple[str, date], VintageCells]
"""What a provider last said of the service, by provider and period."""

ADDED = "The last known figures of the missing providers are added; nobody knows their figures of this {step}."
WHOLE = "Every expected provider is there: nothing to adjust."
OTHERS = "Nobody can know who is expected here besides those that sent figures, nor what there is to add."
UNKNOWN = "The list itself is not known, so nothing can be added to it."
_COUNTS = (Measure.LIST_SIZE, *OVER_WEEKS)


def missing_providers(coverage: Coverage) -> list[dict[str, Any]]:
    """Who sent no figures, with their last known list."""
    return [
        {
            "org": one.org,
            "org_name": name_of(one.org),
            "last_period": one.last_period,
            "last_list_size": one.last_list_size,
        }
        for one in coverage.missing
    ]


def absent_from(stored: StoredList) -> tuple[MissingProvider, ...]:
    """Who is not in the figure: no figures sent, or a 0 printed that cannot be believed."""
    zeros = [
        one for found in stored.findings if found.period_end == stored.period_end for one in hidden_behind_zero(found)
    ]
    return (*stored.coverage.missing, *zeros)


def is_provisional(stored: StoredList) -> bool:
    """Whether the figure may still change: somebody is or may be absent from it, or its period had not ended."""
    return bool(absent_from(stored)) or _is_found(stored, NOT_ENDED) or may_lack_others(stored)


def may_lack_others(stored: StoredList) -> bool:
    """Whether nobody can know who is expected in the figure besides those that are known."""
    return _is_found(stored, WHOLE_UNKNOWN)


def coverage_of(stored: StoredList) -> float | None:
    """The share of expected providers that is there; None where all that are known are, and others may not be."""
    return None if may_lack_others(stored) and not stored.coverage.missing else stored.coverage.share


def _is_found(stored: StoredList, code: str) -> bool:
    return any(one.code == code and one.period_end == stored.period_end for one in stored.findings)


def adjusted(stored: StoredList, last_known: LastKnown) -> dict[str, Any] | None:
    """The list, and those waiting long, with the last known figures of whoever is absent added."""
    absent = absent_from(stored)
    if stored.bands.total is None or not absent or _is_own(stored, absent):
        return None
    return {
        **{measure.value: _made_good(stored.bands, absent, measure, last_known) for measure in _COUNTS},
        "added": sum(one.last_list_size for one in absent),
        "sentence": ADDED.format(step=STEP_WORDS[freq_of(stored.source)]),
    }


def _is_own(stored: StoredList, absent: Sequence[MissingProvider]) -> bool:
    """Whether the list is the absent provider's own: then nothing of it is known, and nothing is added to nothing."""
    return stored.org in {one.org for one in absent}


def _made_good(
    counts: bands.WaitBands, absent: Sequence[MissingProvider], measure: Measure, last_known: LastKnown
) -> int | None:
    def value(provider: MissingProvider) -> int | None:
        cells = last_known.get((provider.org, provider.last_period))
        return cells.value(measure) if cells else None

    raw = bands.over_weeks(counts, OVER_WEEKS[measure]) if measure in OVER_WEEKS else counts.total
    added = last_known_of(absent, measure, value=value)
    return None if raw is None or added is None else raw + added


def of_another_list(absent: Sequence[MissingProvider], source: str) -> str:
    """Why no share and no wait is given of a list of which part is absent."""
    return f"{_who(absent)}: this would be of another list than last {STEP_WORDS[freq_of(source)]}'s."


def raw_notes(stored: StoredList, made_good: Mapping[str, Any] | None) -> dict[str, str]:
    """By count, that it is as published and without whom; and why nothing is added to it."""
    absent = absent_from(stored)
    if not absent:
        return dict.fromkeys(("adjusted", "coverage"), OTHERS) if may_lack_others(stored) else {"adjusted": WHOLE}
    if stored.bands.total is None:
        return {"adjusted": UNKNOWN}
    beside = made_good or {}
    notes = {
        one.value: f"{_who(absent)} and are not in this number; {_beside(beside.get(one.value))}" for one in _COUNTS
    }
    return notes if made_good else {**notes, "adjusted": f"{_who(absent)}, and this is their own list."}


def _who(absent: Sequence[MissingProvider]) -> str:
    return f"{names_of(list(dict.fromkeys(one.org for one in absent)))} sent no figures that can be used"


def _beside(made_good: int | None) -> str:
    if made_good is None:
        return "it cannot be made good from earlier figures."
    return f"with their last known figures it would be {made_good:,}."


def unbanded_note(banded: int | None, total: int | None) -> str | None:
    """That shares and waits are of part of the list, where more than 5% of it is in no band."""
    if banded is None or total is None or not bands.is_far_from_total(banded, total):
        return None
    return f"{total - banded:,} of {total:,} waiting are in no wait band; this is of the {banded:,} that are."

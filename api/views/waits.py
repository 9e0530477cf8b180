"""How long a list has waited, from single waits where they are counted, else from its bands; shares within standards.

Of a list of which part is absent nothing of this is said, since it would be of another list.
"""

from collections.abc import Mapping
from typing import Any, Final

from api.views import missing
from waitlists import bands, single_weeks
from waitlists.details import Detail, Within
from waitlists.spread import Spread
from waitlists.standards import OF_SOME, Basis, Standard, last_day_within, standards_for, target_share
from waitlists.store.read import StoredList

DAYS_A_WEEK: Final = 7
AT_LEAST: Final = "_at_least_weeks"
LEVELS: Final[Mapping[str, float]] = {"median_wait": 0.5, "p92_wait": 0.92}
"""The percentile waits that are given, and the part of the list that has waited at most so long."""

EXACT: Final = "Exact, from each single wait."
FROM_WEEKS: Final = "From single weeks: waits are taken to be spread evenly within a week."
FROM_BANDS: Final = "From wait bands: waits are taken to be spread evenly within a band."
NOBODY_WAITS: Final = "Nobody this is about was waiting."
NOBODY_SEEN: Final = "Nobody was seen in this period."
NOT_SEEN: Final = "This source counts those waiting, not those seen."


def waits(stored: StoredList) -> dict[str, Any]:
    """Percentile waits in weeks and the longest wait as a band; null of a list of which part is absent."""
    if missing.absent_from(stored):
        names = (*LEVELS, *(name + AT_LEAST for name in LEVELS), "longest_wait")
        return dict.fromkeys(names)
    found: dict[str, Any] = {name: percentile(stored, name) for name in LEVELS}
    for name, q in LEVELS.items():
        found[name + AT_LEAST] = _at_least(stored, q) if found[name] is None else None
    return {**found, "longest_wait": _longest(stored)}


def percentile(stored: StoredList, name: str) -> float | None:
    """A percentile wait in weeks, exact where single waits are known; None in the open band of a list by bands."""
    days = exact_days(stored.own, name) if stored.own else None
    if days is None:
        wait, _ = _wait(stored, LEVELS[name])
        days = wait.days if wait else None
    return None if days is None else round(days / DAYS_A_WEEK, 2)


def _wait(stored: StoredList, q: float) -> tuple[bands.Wait | None, str]:
    """By the bands, as series and trends have it, or by single weeks where the bands are open; and which it was."""
    wait = bands.percentile_wait(stored.bands, q)
    weeks = weeks_of(stored) if wait and wait.days is None else None
    return (wait, FROM_BANDS) if weeks is None else (single_weeks.percentile_wait(weeks, q), FROM_WEEKS)


def weeks_of(stored: StoredList) -> Spread | None:
    """Its children by single weeks, where whoever sent it counted all of them so."""
    return single_weeks.single_weeks(stored.weeks, stored.bands.total) if stored.weeks else None


def exact_days(detail: Detail, name: str) -> float | None:
    """A percentile wait in days as counted with the list, None of nobody."""
    return {"median_wait": detail.median_days, "p92_wait": detail.p92_days}[name]


def is_exact(stored: StoredList, name: str) -> bool:
    """Whether a percentile wait is from single waits."""
    return stored.own is not None and exact_days(stored.own, name) is not None


def _at_least(stored: StoredList, q: float) -> int | None:
    wait, _ = _wait(stored, q)
    return wait.at_least_weeks if wait else None


def _longest(stored: StoredList) -> str | None:
    """The band of the longest wait; unknown where somebody is in no band."""
    if stored.own is not None:
        return stored.own.longest_band
    if bands.unbanded(stored.bands) != 0:
        return None
    rows = bands.rows(stored.bands)
    return next((label for label, _, _, count in reversed(rows) if count), None)


def wait_notes(stored: StoredList, found: Mapping[str, Any], *, why_null: str) -> dict[str, str]:
    """How each wait was found, or why it is null."""
    notes: dict[str, str] = {}
    few = missing.unbanded_note(bands.banded_total(stored.bands), stored.bands.total)
    for name in LEVELS:
        if found[name] is None and found[name + AT_LEAST] is not None:
            notes[name] = f"At least {found[name + AT_LEAST]} weeks: it lies in the open top band."
        elif found[name] is None:
            notes[name] = why_null
        else:
            notes[name] = EXACT if is_exact(stored, name) else few or _wait(stored, LEVELS[name])[1]
    return notes if found["longest_wait"] is not None else {**notes, "longest_wait": why_null}


def shares(stored: StoredList, *, why_null: str, no_flows: str) -> list[dict[str, Any]]:
    """The share within each standard of the service, of those waiting and of those seen, whichever it applies to."""
    return [
        _share(stored, standard, basis, why_null if basis == "waiting" else no_flows)
        for standard in standards_for(stored.service)
        for basis in standard.applies_to
    ]


def _share(stored: StoredList, standard: Standard, basis: Basis, why_null: str) -> dict[str, Any]:
    return {
        "standard_id": standard.id,
        "basis": basis,
        **_value(stored, standard, basis, why_null),
        "threshold_days": standard.threshold_days,
        "target_share": target_share(standard, stored.period_end),
    }


def _value(stored: StoredList, standard: Standard, basis: Basis, why_null: str) -> dict[str, Any]:
    """Share, numerator and denominator where single waits are known, else the share that the bands give."""
    nothing: dict[str, Any] = dict.fromkeys(("share", "within", "of", "over", "adjusted_share", "method"))
    absent = missing.absent_from(stored)
    if absent:
        return {**nothing, "note": missing.of_another_list(absent, stored.source)}
    over, counted = _over(stored, standard, basis), _counted(stored, standard, basis)
    if counted is not None:
        found, adjusted = counted
        method = "exact" if found.of else None
        said = {"share": found.share, "within": found.within, "of": found.of, "adjusted_share": adjusted}
        return {**said, "over": over, "method": method, "note": None if found.of else _of_nobody(basis)}
    share = bands.share_within(stored.bands, last_day_within(standard)) if basis == "waiting" else None
    if share is None:
        return {**nothing, "over": over, "note": why_null}
    said = {"share": share.value, "over": over, "method": share.method}
    return {**nothing, **said, "note": missing.unbanded_note(bands.banded_total(stored.bands), stored.bands.total)}


def _over(stored: StoredList, standard: Standard, basis: Basis) -> int | None:
    """How many of those waiting are over a standard, said once of each; None where bands do not tell it.

    Bands are of the whole list, so they tell nothing of a standard that is about a part of it.
    """
    if basis == "completed" and "waiting" in standard.applies_to:
        return None
    counted, days = stored.own.waiting.get(standard.id) if stored.own else None, last_day_within(standard)
    if counted is not None:
        return counted.of - counted.within
    return None if days % DAYS_A_WEEK or standard.id in OF_SOME else bands.over_weeks(stored.bands, days // DAYS_A_WEEK)


def _counted(stored: StoredList, standard: Standard, basis: Basis) -> tuple[Within, float | None] | None:
    """How many of how many, and the share without the days that families chose, which only those waiting have."""
    if stored.own is None:
        return None
    counted = (stored.own.waiting if basis == "waiting" else stored.own.completed).get(standard.id)
    if counted is None:
        return None
    adjusted = stored.own.adjusted.get(standard.id) if basis == "waiting" else None
    return counted, adjusted.share if adjusted else None


def _of_nobody(basis: Basis) -> str:
    return NOBODY_WAITS if basis == "waiting" else NOBODY_SEEN

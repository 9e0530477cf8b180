"""When every list may clear: its recent flows carried on, with ranges as wide as such looks ahead erred, else a reason.

Lists of one source are replayed together (`replay`), each is then asked the three questions (`answers`). Nothing is
guessed from list sizes alone: a list without flows has no clearance time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from forecasting.flow.answers import UNITS, Goal, Known, blocked, in_words, run_off, sustainable, threshold
from forecasting.flow.rates import FEWEST_PERIODS, recent_rate
from forecasting.flow.replay import replay
from forecasting.flow.tracks import STOCKS, Kind, Track, list_series, track_of
from forecasting.prepare import STALE_STEPS
from forecasting.results import CLEARANCE_KINDS, Clearance
from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure
from waitlists.periods import steps_between
from waitlists.series import Series, SeriesPoint
from waitlists.sources import Freq

CAPACITY_NOTE = "Flows are not published, so required capacity cannot be worked out."
CAPACITY_LATER = "Required capacity is not worked out yet."


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list, what is known of it, and what can be replayed of it by question: nothing without flows."""

    history: ListHistory
    org: str
    known: Known
    tracks: Mapping[Kind, Track]


def clear_all(histories: Iterable[ListHistory], *, as_of: date, goals: dict[str, Goal]) -> list[Clearance]:
    """The clearance answers of every list with a usable figure as known on `as_of`, in key order.

    Parameters
    ----------
    goals
        By service: the standard its list is to hold; a service without one gets no sustainable answer.
    """
    listed = [
        found
        for history in histories
        for org in history.orgs
        if (found := _listed(history, org, as_of=as_of)) is not None
    ]
    answered = [_answered(one, as_of=as_of, goal=goals.get(one.history.service)) for one in _carried_on(listed)]
    return sorted(answered, key=lambda clearance: (clearance.source, clearance.service, clearance.org))


def _listed(history: ListHistory, org: str, *, as_of: date) -> _Listed | None:
    """The list, or None where no size of it was ever usable."""
    found = list_series(history, org=org, as_of=as_of)
    last = next((point for point in reversed(found.sizes.points) if point.adjusted is not None), None)
    if last is None or last.adjusted is None:
        return None
    over = next((point.adjusted for point in found.over.points if point.period_end == last.period_end), None)
    blocks = found.sizes.blocks or _stale(found.sizes, last)
    joined = recent_rate(history, org=org, measure=Measure.REFERRALS, as_of=as_of)
    known = Known(last.period_end, last.adjusted, over, found.sizes.freq, joined, blocks=blocks)
    left = track_of(found, "run_off")
    if blocks or np.isfinite(left.moved).sum() < FEWEST_PERIODS:
        return _Listed(history, org, known, {})
    return _Listed(history, org, known, {"run_off": left, **{kind: track_of(found, kind) for kind in STOCKS}})


def _carried_on(listed: Sequence[_Listed]) -> list[_Listed]:
    """The lists with where their flows lead: those of one source share how far such looks ahead erred."""
    groups: dict[tuple[str, Freq], list[int]] = defaultdict(list)
    for place, one in enumerate(listed):
        if one.tracks:
            groups[one.history.source, one.known.freq].append(place)
    found = list(listed)
    for (_, freq), places in groups.items():
        left, over, grown = (
            replay([listed[place].tracks[kind] for place in places], freq=freq, is_stock=kind in STOCKS)
            for kind in CLEARANCE_KINDS
        )
        for at, place in enumerate(places):
            known = replace(listed[place].known, left=left[at], over=over[at], grown=grown[at])
            found[place] = replace(listed[place], known=known)
    return found


def _answered(one: _Listed, *, as_of: date, goal: Goal | None) -> Clearance:
    known = one.known
    answers = blocked(known.blocks) if known.blocks else (run_off(known), threshold(known), sustainable(known, goal))
    note = CAPACITY_NOTE if known.left is None else CAPACITY_LATER
    return Clearance(one.history.source, one.history.service, one.org, as_of, answers, note=note)


def _stale(sizes: Series, last: SeriesPoint) -> tuple[str, ...]:
    """A list last seen three periods before the newest file is not the list of today."""
    steps_since = steps_between(last.period_end, sizes.points[-1].period_end, sizes.freq)
    if steps_since < STALE_STEPS:
        return ()
    ago = f"{steps_since} {UNITS[sizes.freq]}"
    return (f"The last usable figure is of {in_words(last.period_end)}, {ago} before the newest file.",)

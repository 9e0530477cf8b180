"""One part of a weekly return judged as a whole: a list by wait band, its single weeks, referrals, removals.

A part is taken whole or put aside whole. A band without a count is not a band with nobody in it, so it puts its list
aside; a reason for leaving without a count is taken as nobody left for it, and said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from waitlists.bands import CHS_BANDS
from waitlists.domain import TOTAL, Figure, Marker
from waitlists.ingest.columns import NOTHING, SUPPRESSED, Reading
from waitlists.ingest.weekly_return_pages import where
from waitlists.ingest.weekly_return_rows import Entry
from waitlists.ingest.weekly_return_words import BAND_LABELS
from waitlists.queue import TREATED
from waitlists.record.schema import REASONS
from waitlists.stages import reasons_of

_EDGES = tuple((band.label, band.to_days // 7) for band in CHS_BANDS if band.to_days is not None)
"""Bands with the whole weeks they end at, but for the open one."""

Cells = Mapping[str, Entry]
"""The rows of one wait by band, or of one flow by reason."""


class Judged(NamedTuple):
    """What became of a part: its figures, or a stable word and what to do; `gaps` names reasons without a count."""

    figures: tuple[Figure, ...] = ()
    wrong: tuple[str, str] | None = None
    gaps: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether the part can be used."""
        return self.wrong is None


def is_unfilled(group: Iterable[Entry]) -> bool:
    """Whether no row of a group has a count: it was not filled in, which says nothing about anyone."""
    return all(entry.reading == NOTHING for entry in group)


def rows_of(group: Sequence[Entry]) -> str:
    """Where a group stands, as a sentence says it: `Sheet Return, rows 5 to 12`, and the same of each other sheet."""
    sheets: dict[str, list[int]] = defaultdict(list)
    for entry in group:
        sheets[entry.sheet].append(entry.row)
    return "; ".join(where(sheet, min(rows), max(rows)) for sheet, rows in sheets.items())


def each_row_of(group: Sequence[Entry]) -> str:
    """The rows of a group one by one: `rows 2, 10`, with their sheets where there are several."""
    if len({entry.sheet for entry in group}) == 1:
        return f"rows {', '.join(str(entry.row) for entry in group)}"
    return ", ".join(f"sheet {entry.sheet} row {entry.row}" for entry in group)


def judge_list(kind: str, group: Sequence[Entry], provider: str) -> Judged:
    """A list: the bands of every wait it is made of, added up, and the total."""
    waits = _by_wait(group, lambda entry: entry.band)
    for wait, cells in waits.items():
        if wrong := _wrong_bands(wait, cells):
            return Judged(wrong=wrong)
    every = list(waits.values())
    bands = {band: _added([cells[band].reading for cells in every]) for band in BAND_LABELS}
    readings = {**bands, TOTAL: _added([total_of(cells) for cells in every])}
    first = every[0]
    places = {band: first[band] for band in BAND_LABELS} | {TOTAL: first.get(TOTAL, first[BAND_LABELS[0]])}
    return Judged(tuple(_figure(places[band], kind, band, reading, provider) for band, reading in readings.items()))


def judge_weeks(group: Sequence[Entry], lists: Sequence[Entry], provider: str) -> Judged:
    """Single weeks of a list: they must add up to it, so that a week left out is a week with nobody in it."""
    listed = _by_wait(lists, lambda entry: entry.band)
    if any(_wrong_bands(wait, cells) for wait, cells in listed.items()):
        return Judged(wrong=("weeks_without_bands", "stand beside a list that cannot be used; correct its bands first"))
    totals = {wait: total_of(cells) for wait, cells in listed.items()}
    filled = [entry for entry in group if entry.reading != NOTHING]
    waits = _by_wait(filled, lambda entry: entry.band)
    if not totals:
        return Judged(wrong=("weeks_without_bands", "have no list by band beside them; send the eight bands too"))
    for wait, total in totals.items():
        found, weeks = _added([entry.reading for entry in waits.get(wait, {}).values()]), waits.get(wait, {})
        about = f"the list that waits for {_said(wait)} ({_lowered(rows_of(list(listed[wait].values())))})"
        if found != total or total == SUPPRESSED:
            sentence = f"do not add up to {about}; correct the weeks or leave them out"
            return Judged(wrong=("weeks_differ", sentence))
        if (edge := _unfitting_edge(listed[wait], weeks)) is not None:
            sentence = (
                f"do not fit the bands of {about} up to {edge} weeks; see that the column band holds weeks and no "
                "days, correct them or leave them out"
            )
            return Judged(wrong=("weeks_differ", sentence))
    if set(waits) - set(totals):
        return Judged(wrong=("weeks_without_bands", "are about a wait without bands; send the eight bands too"))
    weeks = sorted({week for cells in waits.values() for week in cells}, key=int)
    return Judged(tuple(_week(week, waits, provider) for week in weeks))


def _unfitting_edge(bands: Cells, weeks: Cells) -> int | None:
    """The first edge of a band, in weeks, up to which bands and single weeks cannot hold the same children.

    Who waits exactly so many weeks is the only one who may stand below it in a band and beyond it in a single week.
    """
    counts = {int(week): entry.reading.value or 0 for week, entry in weeks.items()}
    below = 0
    for label, edge in _EDGES:
        count = bands[label].reading.value
        if count is None:
            break
        below += count
        least, most = (sum(count for week, count in counts.items() if week <= last) for last in (edge - 1, edge))
        if not least <= below <= most:
            return edge
    return None


def judge_flow(kind: str, group: Sequence[Entry], provider: str) -> Judged:
    """Referrals: one count of a list, or one for each wait it is made of."""
    if wrong := _given_twice(group):
        return Judged(wrong=wrong)
    if any(entry.reading == NOTHING for entry in group):
        return Judged(wrong=("count_missing", "have a row without a count; write 0 where there were none"))
    return Judged((_figure(group[0], kind, TOTAL, _added([entry.reading for entry in group]), provider),))


def judge_removals(group: Sequence[Entry], provider: str) -> Judged:
    """Removals by reason, and the sums they make: all removals, and those who got what they waited for."""
    if wrong := _given_twice(group):
        return Judged(wrong=wrong)
    filled = [entry for entry in group if entry.reading != NOTHING]
    reasons: dict[str, list[Entry]] = defaultdict(list)
    for entry in filled:
        reasons[entry.reason].append(entry)
    totals = reasons.pop(TOTAL, [])
    readings = {reason: _added([entry.reading for entry in reasons[reason]]) for reason in REASONS if reason in reasons}
    removed = _added(list(readings.values()))
    if not readings:
        return Judged(wrong=("reasons_missing", "have no reason with a count; say why the children left"))
    if totals and removed not in {SUPPRESSED, _added([entry.reading for entry in totals])}:
        parts = [entry for several in reasons.values() for entry in several]
        return Judged(wrong=_differs("the total", parts, totals))
    treated = _added([reading for reason, reading in readings.items() if reason in TREATED])
    sums = {"removals": removed, "treated": treated}
    figures = [
        _figure(reasons[reason][0], "removed", reason, reading, provider) for reason, reading in readings.items()
    ]
    figures += [_figure(filled[0], kind, TOTAL, reading, provider) for kind, reading in sums.items()]
    return Judged(
        tuple(figures), gaps=tuple(reason for reason in reasons_of(filled[0].service) if reason not in readings)
    )


def total_of(cells: Cells) -> Reading:
    """The whole of a wait: the total given where there is one, else the bands added up."""
    given = cells[TOTAL].reading if TOTAL in cells else NOTHING
    return given if given.marker is Marker.NUMBER else _added([cells[band].reading for band in BAND_LABELS])


def _wrong_bands(wait: str, cells: Cells) -> tuple[str, str] | None:
    missing = [band for band in BAND_LABELS if band not in cells or cells[band].reading == NOTHING]
    if missing:
        words = ", ".join(missing)
        return "bands_missing", f"have no count of {_said(wait)} in {words}; write 0 in a band where nobody waits"
    banded = _added([cells[band].reading for band in BAND_LABELS])
    known = sum(cells[band].reading.value or 0 for band in BAND_LABELS)
    total = total_of(cells)
    if (total.value is not None and known > total.value) or banded not in {SUPPRESSED, total}:
        return _differs(f"the total of {_said(wait)}", [cells[band] for band in BAND_LABELS], [cells[TOTAL]])
    return None


def _differs(what: str, parts: Sequence[Entry], totals: Sequence[Entry]) -> tuple[str, str]:
    """What is wrong where parts do not make their total, with where both stand."""
    given = f"the total is given in {_lowered(rows_of(totals))}, its parts in {_lowered(rows_of(parts))}"
    return "total_differs", f"do not add up to {what}: {given}; correct one or the other, or leave the total out"


def _lowered(place: str) -> str:
    return place[:1].lower() + place[1:]


def _given_twice(group: Sequence[Entry]) -> tuple[str, str] | None:
    """A flow of the whole list beside one of a part of it would be counted twice."""
    if len({entry.waiting_for == "" for entry in group}) > 1:
        return "given_twice", "are given for the whole list and for a wait as well; leave waiting_for empty"
    return None


def _by_wait(group: Iterable[Entry], word: Callable[[Entry], str]) -> dict[str, dict[str, Entry]]:
    waits: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in group:
        waits[entry.waiting_for][word(entry)] = entry
    return waits


def _added(readings: Sequence[Reading]) -> Reading:
    """The sum, which is unknown as soon as one part is kept back; the sum of nothing is 0."""
    if any(reading.value is None for reading in readings):
        return SUPPRESSED
    return Reading(Marker.NUMBER, sum(reading.value or 0 for reading in readings))


def _week(week: str, waits: Mapping[str, Cells], provider: str) -> Figure:
    entries = [cells[week] for cells in waits.values() if week in cells]
    return _figure(entries[0], "weeks", week, _added([entry.reading for entry in entries]), provider)


def _figure(place: Entry, kind: str, band: str, reading: Reading, provider: str) -> Figure:
    marker = reading.marker or Marker.SUPPRESSED
    return Figure(place.service, provider, band, reading.value, marker, place.sheet, place.row, place.column, kind=kind)


def _said(wait: str) -> str:
    return wait.replace("_", " ")

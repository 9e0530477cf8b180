"""What each number of a series is, for those who may not see it exactly: every step as its own list shows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api import words
from api.about import About
from api.disclosure import said
from api.disclosure.edge import Exact, Hidden, Lookup
from api.views.series import Wanted
from api.views.waits import LEVELS
from waitlists.bands import CHS_BANDS
from waitlists.series import Series, SeriesPoint
from waitlists.standards import last_day_within
from waitlists.store.read import StoredList
from waitlists.suppression import Plan, Rule, Shape, cut, share_from_shown, shown_share, wait_from_shown
from waitlists.suppression.columns import Column, Columns
from waitlists.suppression.lists import TOTAL
from waitlists.suppression.sheets import NAMES, OF, WITHIN, Sheet, node, nothing

PLAIN = ("/links/**", "/dataset_version")

STEPS: Final = frozenset({"period_end", "known_from", "vintage_id", "provisional", "reconstructed"})
"""What counts nobody of a step."""

_NOT_GIVEN = "No figure is shown for this step."
_BLOCKED = "The list is not forecast as it stands."

Made = Callable[[Plan], object]


@dataclass(frozen=True, slots=True)
class AskedSeries:
    """What a series is about: the list, its latest figure, and what is asked of it."""

    series: Series
    about: About
    stored: StoredList
    wanted: Wanted


def exact_series(asked: AskedSeries, body: Mapping[str, Any]) -> Exact:
    """The answer about one series in exact figures, with what hides it."""
    key = asked.series.key
    return Exact(body, key.source, key.org, asked.about.organisation.level, lambda lookup: _hidden(asked, body, lookup))


def _hidden(asked: AskedSeries, body: Mapping[str, Any], lookup: Lookup) -> Hidden:
    return series_hidden(asked, body, _sheets(asked.series, lookup), lookup.rule)


def series_hidden(asked: AskedSeries, body: Mapping[str, Any], steps: Sequence[Sheet], rule: Rule) -> Hidden:
    """What the numbers of a series are; steps are of different weeks, so each has a sheet of its own."""
    name, points = NAMES.get(asked.series.key.measure), asked.series.points
    if name is not None:
        counts = [sheet.name(name) for sheet in steps]
        shown = [sheet.plan.shown.get(count) for sheet, count in zip(steps, counts, strict=True)]
        exact = [sheet.table.counts.get(count) for sheet, count in zip(steps, counts, strict=True)]
        values, unsaid = Column(shown, exact), dict[int, bool]()
    else:
        shown = [_derived(asked, sheet) for sheet in steps]
        unsaid = dict(_unsaid(asked, steps, shown))
        values = Column(shown, unsaid=unsaid)
    columns = {
        "value": values,
        # What is made good is made so by numbers that others sent, which are not taken from sheets.
        "adjusted": Column(
            [None if point.is_provisional else one for point, one in zip(points, shown, strict=True)], unsaid=unsaid
        ),
        "coverage": Column([point.coverage if point.coverage in {0, 1} else None for point in points]),
        "note": Column([_note(point) for point in points]),
    }
    shape = Shape(columns={"/points": Columns(columns, plain=STEPS)}, remade=_once(asked, body), plain=PLAIN)
    return Hidden(shape, nothing(rule))


def _unsaid(asked: AskedSeries, steps: Sequence[Sheet], values: Sequence[object]) -> Iterator[tuple[int, bool]]:
    """Steps whose share or wait is pointed to as hidden: those of anybody of which none is shown, whatever it is."""
    standard, is_seen = asked.wanted.standard, asked.wanted.basis == "completed"
    whole = cut(OF, standard.id) if standard is not None and is_seen else TOTAL
    parts = [whole] if is_seen else [band.label for band in CHS_BANDS]
    for place, (point, sheet) in enumerate(zip(asked.series.points, steps, strict=True)):
        if point.vintage_id is None or point.is_provisional:
            continue
        is_counted = any(sheet.table.counts.get(sheet.name(part)) is not None for part in parts)
        yield place, is_counted and sheet.shown(whole) != 0 and values[place] is None


def _sheets(series: Series, lookup: Lookup) -> list[Sheet]:
    """The sheet of each step; a step without a figure has an empty one."""
    org, empty = series.key.org, nothing(lookup.rule)
    periods = [point.period_end for point in series.points if point.vintage_id is not None]
    weeks = lookup.weeks(series.key.source, series.key.service, periods)
    return [
        empty if point.vintage_id is None else weeks[point.period_end].get(node(point.vintage_id, org), empty)
        for point in series.points
    ]


def _derived(asked: AskedSeries, sheet: Sheet) -> float | None:
    """A share or a wait of one step, from counts as its sheet shows them."""
    standard = asked.wanted.standard
    if standard is None:
        return wait_from_shown(sheet.plan, sheet.node, LEVELS[asked.series.key.measure.value])
    if asked.wanted.basis == "completed":
        part, whole = (sheet.shown(cut(kind, standard.id)) for kind in (WITHIN, OF))
        return shown_share(part, whole, sheet.plan.rule)
    return share_from_shown(sheet.plan, sheet.node, last_day_within(standard))


def _note(point: SeriesPoint) -> str | None:
    """What stands beside a value that is not told as it is."""
    if point.is_early and not point.is_provisional:
        return said.NOT_ENDED_YET
    if point.value is None and point.coverage == 0:
        return point.note
    return said.MISSING if point.is_provisional else _NOT_GIVEN


def _once(asked: AskedSeries, body: Mapping[str, Any]) -> dict[str, Made]:
    """What is said once of all steps."""
    return {
        "/coverage": lambda _: body["coverage"] if body["coverage"] in {0, 1} else None,
        "/vintage": lambda _: said.vintage(body["vintage"]),
        "/breaks": lambda _: said.breaks(body["breaks"]),
        "/blocks": lambda _: [_BLOCKED] if body["blocks"] else [],
        "/sentence": lambda _: words.series_sentence(
            asked.series, asked.about, asked.stored, cares=said.cares(asked.stored, asked.about)
        ),
    }

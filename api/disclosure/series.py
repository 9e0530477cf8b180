"""What each number of a series is, for those who may not see it exactly: every step as its own list shows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from waitlists.suppression import Plan, Rule, Shape, Table, cut, share_from_shown, shown_share, wait_from_shown
from waitlists.suppression.lists import TOTAL
from waitlists.suppression.sheets import NAMES, OF, WITHIN, Sheet, node, nothing

PLAIN = ("/links/**", "/dataset_version", "/points/*/vintage_id")

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


def series_hidden(asked: AskedSeries, body: Mapping[str, Any], points: Sequence[Sheet], rule: Rule) -> Hidden:
    """What the numbers of a series are; steps are of different weeks, so each has a sheet of its own."""
    steps = dict(enumerate(points))
    name = NAMES.get(asked.series.key.measure)
    counts = {} if name is None else {f"/points/{place}/value": sheet.name(name) for place, sheet in steps.items()}
    values = {place: _value(asked, sheet, name) for place, sheet in steps.items()}
    made = {} if name is not None else {f"/points/{place}/value": value for place, value in values.items()}
    for place, point in enumerate(asked.series.points):
        made |= _beside(point, f"/points/{place}", values[place])
    together = _together(points, list(counts.values()), rule)
    unsaid = dict(_unsaid(asked, points, values, together.plan)) if name is None else {}
    return Hidden(Shape(counts=counts, remade={**made, **_once(asked, body)}, unsaid=unsaid, plain=PLAIN), together)


def _unsaid(
    asked: AskedSeries, points: Sequence[Sheet], values: Mapping[int, Made], plan: Plan
) -> Iterator[tuple[str, bool]]:
    """Shares and waits that are pointed to as hidden: those of anybody of which none is shown, whatever it is."""
    standard, is_seen = asked.wanted.standard, asked.wanted.basis == "completed"
    whole = cut(OF, standard.id) if standard is not None and is_seen else TOTAL
    for place, (point, sheet) in enumerate(zip(asked.series.points, points, strict=True)):
        if point.vintage_id is None or point.is_provisional:
            continue
        parts = [whole] if is_seen else [band.label for band in CHS_BANDS]
        is_counted = any(sheet.table.counts.get(sheet.name(part)) is not None for part in parts)
        is_hidden = is_counted and sheet.shown(whole) != 0 and values[place](plan) is None
        yield f"/points/{place}/value", is_hidden
        yield f"/points/{place}/adjusted", is_hidden


def _sheets(series: Series, lookup: Lookup) -> list[Sheet]:
    """The sheet of each step; a step without a figure has an empty one."""
    key = series.key
    periods = [point.period_end for point in series.points if point.vintage_id is not None]
    found = lookup.of(key.source, key.service, periods)
    empty = nothing(lookup.rule)
    return [found.get(node(point.vintage_id or 0, key.org), empty) for point in series.points]


def _together(points: Sequence[Sheet], names: Sequence[str], rule: Rule) -> Sheet:
    """The one count asked for of every step, as each step's own sheet shows it."""
    pairs = list(zip(names, points, strict=False))
    exact = {name: sheet.table.counts.get(name) for name, sheet in pairs}
    shown = {name: sheet.plan.shown.get(name) for name, sheet in pairs}
    hidden = frozenset(name for name, count in exact.items() if count is not None and shown[name] is None)
    return Sheet("", Table(exact), Plan(shown, hidden, frozenset(), rule, calls_small=False))


def _value(asked: AskedSeries, sheet: Sheet, name: str | None) -> Made:
    """One step as its sheet shows it: a count, a share or a wait."""
    if name is not None:
        return lambda _: sheet.shown(name)
    standard = asked.wanted.standard
    if standard is not None and asked.wanted.basis == "completed":
        part, whole = (sheet.shown(cut(kind, standard.id)) for kind in (WITHIN, OF))
        return lambda plan: shown_share(part, whole, plan.rule)
    if standard is not None:
        days = last_day_within(standard)
        return lambda _: share_from_shown(sheet.plan, sheet.node, days)
    q = LEVELS[asked.series.key.measure.value]
    return lambda _: wait_from_shown(sheet.plan, sheet.node, q)


def _beside(point: SeriesPoint, at: str, value: Made) -> dict[str, Made]:
    """What stands beside a value: it is made good by numbers that others sent, which are not taken from sheets."""
    is_gap = point.value is None and point.coverage == 0
    note = point.note if is_gap else said.MISSING if point.is_provisional else _NOT_GIVEN
    if point.is_early and not point.is_provisional:
        note = said.NOT_ENDED_YET
    is_whole = not point.is_provisional
    return {
        f"{at}/adjusted": value if is_whole else lambda _: None,
        f"{at}/coverage": lambda _: point.coverage if point.coverage in {0, 1} else None,
        f"{at}/note": lambda _: note,
    }


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

"""What each number of a series is, for those who may not see it exactly: every step as its own list shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api import words
from api.about import About
from api.disclosure import said
from api.disclosure.edge import Exact, Hidden, Lookup
from api.disclosure.sheets import SeriesOf, Told
from api.views.series import Wanted
from api.views.waits import LEVELS
from waitlists.bands import CHS_BANDS
from waitlists.series import Series, SeriesPoint
from waitlists.standards import last_day_within
from waitlists.store.read import StoredList
from waitlists.suppression import Plan, Rule, Shape, cut, share_from_shown, shown_share, wait_from_shown
from waitlists.suppression.columns import Column, Columns
from waitlists.suppression.lists import TOTAL
from waitlists.suppression.sheets import NAMES, OF, WITHIN, Sheet, nothing

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
    key, wanted = asked.series.key, asked.wanted
    standard_id = wanted.standard.id if wanted.standard else None
    of = SeriesOf(key.source, key.service, key.org, wanted.measure, standard_id, wanted.basis, lookup.rule)
    steps = [(point.period_end, point.vintage_id) for point in asked.series.points]
    version = asked.about.version
    told = lookup.kept.told(lookup.connection, of, steps, lambda sheet: told_of(wanted, sheet), version=version)
    return series_hidden(asked, body, told, lookup.rule)


def series_hidden(asked: AskedSeries, body: Mapping[str, Any], told: Sequence[Told], rule: Rule) -> Hidden:
    """What the numbers of a series are, by what the sheet of each step tells of it."""
    points, is_count = asked.series.points, asked.wanted.measure in NAMES
    shown, unsaid = [one.shown for one in told], {} if is_count else _unsaid(points, told)
    doubted, covered = [point.is_provisional for point in points], [point.coverage for point in points]
    columns = {
        "value": Column(shown, [one.exact for one in told] if is_count else None, unsaid),
        # What is made good is made so by numbers that others sent, which are not taken from sheets.
        "adjusted": Column([None if doubt else one for doubt, one in zip(doubted, shown, strict=True)], unsaid=unsaid),
        "coverage": Column([one if one in {0, 1} else None for one in covered]),
        "note": Column(_notes(points, shown, unsaid), unsaid=dict.fromkeys(unsaid, False)),
    }
    shape = Shape(columns={"/points": Columns(columns, plain=STEPS)}, remade=_once(asked, body), plain=PLAIN)
    return Hidden(shape, nothing(rule))


def _unsaid(points: Sequence[SeriesPoint], told: Sequence[Told]) -> dict[int, bool]:
    """Of shares and waits: the steps that may have none in exact figures too, and whether they are called hidden."""
    return {
        place: one.is_hidden
        for place, (point, one) in enumerate(zip(points, told, strict=True))
        if one.is_hidden is not None and point.vintage_id is not None and not point.is_provisional
    }


def told_of(wanted: Wanted, sheet: Sheet) -> Told:
    """What a sheet tells of a step: a count as it is shown; a share or a wait, from counts as they are shown.

    Those of anybody of which none is shown are pointed to as hidden, whatever they are.
    """
    if name := NAMES.get(wanted.measure):
        return Told(sheet.shown(name), sheet.table.counts.get(sheet.name(name)))
    standard, is_seen = wanted.standard, wanted.basis == "completed"
    whole = cut(OF, standard.id) if standard is not None and is_seen else TOTAL
    parts = [whole] if is_seen else [band.label for band in CHS_BANDS]
    is_counted = any(sheet.table.counts.get(sheet.name(part)) is not None for part in parts)
    shown = _derived(wanted, sheet)
    return Told(shown, is_hidden=is_counted and sheet.shown(whole) != 0 and shown is None)


def _derived(wanted: Wanted, sheet: Sheet) -> float | None:
    standard = wanted.standard
    if standard is None:
        return wait_from_shown(sheet.plan, sheet.node, LEVELS[wanted.measure.value])
    if wanted.basis == "completed":
        part, whole = (sheet.shown(cut(kind, standard.id)) for kind in (WITHIN, OF))
        return shown_share(part, whole, sheet.plan.rule)
    return share_from_shown(sheet.plan, sheet.node, last_day_within(standard))


def _notes(
    points: Sequence[SeriesPoint], shown: Sequence[float | None], unsaid: Mapping[int, bool]
) -> list[str | None]:
    """What stands beside each step; a whole count without a note has none and needs none."""
    return [
        _note(point, is_shown=place in unsaid and one is not None)
        if point.note is not None or point.value is None or place in unsaid
        else None
        for place, (point, one) in enumerate(zip(points, shown, strict=True))
    ]


def _note(point: SeriesPoint, *, is_shown: bool) -> str | None:
    """What stands beside a value that is not told as it is: nothing beside a share or a wait that is shown."""
    if point.is_early and not point.is_provisional:
        return said.NOT_ENDED_YET
    if point.value is None and point.coverage == 0:
        return point.note
    if point.is_provisional:
        return said.MISSING
    return None if is_shown else _NOT_GIVEN


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

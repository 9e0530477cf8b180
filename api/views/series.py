"""The JSON form of a series, and the measures that are worked out from wait bands step by step."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from api import words
from api.about import About
from api.views.lists import vintage
from api.views.missing import may_lack_others, of_another_list, unbanded_note
from api.views.waits import DAYS_A_WEEK, NOBODY_SEEN, NOBODY_WAITS, NOT_SEEN
from waitlists import bands
from waitlists.counts.histories import FLOWS, OVER_WEEKS, VERY_LONG, ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.periods import in_words
from waitlists.quality.zeros import hidden_behind_zero
from waitlists.series import Break, Series, SeriesPoint, build_series
from waitlists.spread import Spread
from waitlists.standards import Basis, Standard, last_day_within
from waitlists.store.details import CountedWaits
from waitlists.store.read import StoredList

Derived = Callable[[Spread | None], tuple[float | None, str | None]]
"""The value of one step from its children by band and, where there is none, why."""

PUBLISHED: tuple[Measure, ...] = (
    Measure.LIST_SIZE,
    *OVER_WEEKS,
    Measure.SHARE_WITHIN_STANDARD,
    Measure.MEDIAN_WAIT,
    Measure.P92_WAIT,
)
"""Measures that wait bands can give; flows, and waits beyond the top band's edge, only some sources count."""

NOBODY = "Nobody was waiting."
_UNKNOWN = "Its bands are suppressed or not published."


def is_published(measure: Measure, stored: StoredList) -> bool:
    """Whether the source of this list gives the measure at all."""
    if measure in FLOWS or measure in VERY_LONG:
        return stored.flows.get(measure.value) is not None
    return measure in PUBLISHED


EXACT_WAITS: Mapping[Measure, str] = {Measure.MEDIAN_WAIT: "median_days", Measure.P92_WAIT: "p92_days"}
"""Measures that are exact where single waits are counted, and where they then stand."""

ByVintage = Mapping[int, CountedWaits]
"""What single waits gave, by vintage."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a list: a measure and, of a share, its standard and of whom it is."""

    measure: Measure
    standard: Standard | None = None
    basis: Basis = "waiting"


def series_of(
    history: ListHistory, key: SeriesKey, wanted: Wanted, *, as_of: date, counted: ByVintage | None = None
) -> Series:
    """The series of any measure that its source gives as known on a day; waits are exact in vintages of `counted`."""
    by_vintage, standard = counted or {}, wanted.standard
    derived = _derivation(key.measure, standard)
    if derived is None:
        return build_series(history, key, as_of=as_of)
    sizes = build_series(history, replace(key, measure=Measure.LIST_SIZE), as_of=as_of)
    points: Iterable[SeriesPoint] = _derived_points(history, sizes, derived)
    if wanted.basis == "completed" and standard is not None:
        points = (_completed(point, standard, by_vintage) for point in points)
    elif by_vintage:
        points = (_exactly(point, wanted, by_vintage) for point in points)
    return replace(sizes, key=key, points=tuple(points), blocks=())


def _completed(point: SeriesPoint, standard: Standard, counted: ByVintage) -> SeriesPoint:
    """The step with the share of those seen; of a gap and of a list of which part is absent there is none."""
    if point.vintage_id is None or not point.coverage or point.is_provisional:
        return point
    waits = counted.get(point.vintage_id)
    within = waits.completed.get(standard.id) if waits else None
    if within is None:
        return point.holding(None, NOT_SEEN)
    return _with(point, within.share, NOBODY_SEEN)


def _derivation(measure: Measure, standard: Standard | None) -> Derived | None:
    if measure == Measure.SHARE_WITHIN_STANDARD and standard is not None:
        day = last_day_within(standard)
        return lambda waiting: _share(waiting, day)
    if measure == Measure.MEDIAN_WAIT:
        return lambda waiting: _wait(waiting, 0.5)
    if measure == Measure.P92_WAIT:
        return lambda waiting: _wait(waiting, 0.92)
    return None


def _share(waiting: Spread | None, days: int) -> tuple[float | None, str | None]:
    share = bands.share_of(waiting, days)
    return (share.value, None) if share else (None, _UNKNOWN)


def _wait(waiting: Spread | None, q: float) -> tuple[float | None, str | None]:
    if waiting is None or not waiting.everybody:
        return None, _UNKNOWN
    days = waiting.wait_of(q)
    if days is None:
        return None, f"At least {waiting.firsts[-1] // DAYS_A_WEEK} weeks: it lies in the open top band."
    return round(days / DAYS_A_WEEK, 2), None


def _derived_points(history: ListHistory, sizes: Series, derived: Derived) -> Iterator[SeriesPoint]:
    """The steps of a share or a wait; none of a list of which part is absent, since that would be of another list."""
    waiting = history.columns(sizes.key.org).spreads()
    for point in sizes.points:
        if point.value is None or point.vintage_id is None:
            yield point
        elif point.is_provisional:
            yield point.holding(None, _why_none(point, history, sizes))
        else:
            spread = waiting[point.vintage_id]
            value, note = derived(spread)
            yield point.holding(value, note or unbanded_note(spread.everybody if spread else None, round(point.value)))


def _exactly(point: SeriesPoint, wanted: Wanted, counted: ByVintage) -> SeriesPoint:
    """The step with its exact wait or share, where that is known and the list is whole."""
    waits = counted.get(point.vintage_id or 0)
    if waits is None or point.is_provisional:
        return point
    if wanted.standard is not None:
        within = waits.waiting.get(wanted.standard.id)
        return point if within is None else _with(point, within.share, NOBODY_WAITS)
    days = getattr(waits, EXACT_WAITS[wanted.measure])
    return _with(point, None if days is None else round(days / DAYS_A_WEEK, 2), NOBODY)


def _with(point: SeriesPoint, value: float | None, of_nobody: str) -> SeriesPoint:
    """The step with a value that single waits gave, or with why they gave none."""
    return point.holding(value, of_nobody if value is None else None)


def _why_none(point: SeriesPoint, history: ListHistory, sizes: Series) -> str | None:
    """Who is absent from the step's list, else what was found that makes it doubtful."""
    place = (point.vintage_id or 0, sizes.key.org)
    coverage = history.coverage.get(place)
    found = [one for one in history.findings.get(place, ()) if one.stands_on(sizes.as_of)]
    absent = (*(coverage.missing if coverage else ()), *(who for one in found for who in hidden_behind_zero(one)))
    return of_another_list(absent, sizes.key.source) if absent else point.note


def series_body(series: Series, about: About, wanted: Wanted, *, stored: StoredList) -> dict[str, Any]:
    """The JSON form of a series that has points."""
    last = next((point for point in reversed(series.points) if point.value is not None), series.points[-1])
    is_open = stored.vintage.id == last.vintage_id and may_lack_others(stored)
    return {
        "service": about.service.code,
        "org": about.organisation.code,
        "measure": series.key.measure,
        "standard_id": wanted.standard.id if wanted.standard else None,
        "basis": wanted.basis if wanted.standard else None,
        "source": series.key.source,
        "as_of": series.as_of,
        "period_end": series.points[-1].period_end,
        "freq": series.freq,
        "dataset_version": about.dataset_version,
        "vintage": vintage(stored) if stored.vintage.id == last.vintage_id else None,
        "coverage": None if is_open and last.coverage == 1 else last.coverage,
        "provisional": last.may_change or is_open,
        "points": _steps(_said(series, about)),
        "breaks": [break_body(one) for one in series.breaks],
        "blocks": series.blocks,
        "is_proxy": about.service.proxy_note_in(series.key.source) is not None,
        "synthetic": series.is_synthetic,
        "sentence": words.series_sentence(series, about, stored),
        "links": _links(series, wanted),
    }


def _said(series: Series, about: About) -> tuple[SeriesPoint, ...]:
    """The steps, those of a line that is published for England alone called suppressed where a file is silent on it."""
    if not about.is_suppressed:
        return series.points
    return tuple(
        point._replace(note=f"{in_words(point.period_end, series.freq)}: {words.SUPPRESSED}")
        if point.value is None and point.vintage_id is not None
        else point
        for point in series.points
    )


def _steps(points: Iterable[SeriesPoint]) -> list[dict[str, Any]]:
    """The steps of a series; they are taken apart by place, since there may be thousands."""
    return [
        {
            "period_end": period_end,
            "value": value,
            "adjusted": adjusted,
            "coverage": coverage,
            "known_from": known_from,
            "vintage_id": vintage_id,
            "provisional": is_doubted or is_early,
            "reconstructed": is_late,
            "note": note,
        }
        for period_end, value, adjusted, coverage, known_from, vintage_id, is_doubted, note, is_late, is_early in points
    ]


def break_body(one: Break) -> dict[str, Any]:
    """One break of a series."""
    return {"period_end": one.period_end, "cause": one.cause, "sentence": one.sentence}


def _links(series: Series, wanted: Wanted) -> dict[str, str]:
    key = series.key
    place = f"{quote(key.service, safe='')}/{quote(key.org, safe='')}"
    same = {"as_of": series.as_of.isoformat(), "source": key.source}
    shared = {"standard": wanted.standard.id, "basis": wanted.basis} if wanted.standard else {}
    measured = urlencode({**same, **shared})
    return {
        "self": f"/v1/series/{place}/{key.measure}?{measured}",
        "list": f"/v1/waiting-lists/{place}?{urlencode(same)}",
        "forecast": f"/v1/forecasts/{place}/{key.measure}?{measured}",
        "findings": f"/v1/findings?{urlencode({'service': key.service, 'org': key.org, 'as_of': same['as_of']})}",
    }

"""The JSON form of a series, and the measures that are worked out from wait bands step by step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from api import words
from api.views.lists import vintage
from waitlists import bands
from waitlists.domain import TOTAL, Measure, SeriesKey
from waitlists.organisations import Organisation
from waitlists.series import FLOWS, OVER_WEEKS, Break, ListHistory, Series, SeriesPoint, build_series
from waitlists.services import Service
from waitlists.standards import Standard, last_day_within
from waitlists.store.read import DatasetVersion, StoredList

Derived = Callable[[bands.WaitBands], tuple[float | None, str | None]]
"""The value of one step and, where there is none, why."""

PUBLISHED: tuple[Measure, ...] = (
    Measure.LIST_SIZE,
    *OVER_WEEKS,
    Measure.SHARE_WITHIN_STANDARD,
    Measure.MEDIAN_WAIT,
    Measure.P92_WAIT,
)
"""Measures that wait bands can give; flows and waits beyond the top band's edge are not published."""

_PARTIAL = "Part of the list is missing, and a share or a wait cannot be made good from earlier figures."
_UNKNOWN = "Its bands are suppressed or not published."


def is_published(measure: Measure, stored: StoredList) -> bool:
    """Whether the source of this list gives the measure at all."""
    if measure in FLOWS:
        return stored.flows.get(measure.value) is not None
    return measure in PUBLISHED


def series_of(history: ListHistory, key: SeriesKey, *, as_of: date, standard: Standard | None) -> Series:
    """The series of any published measure as known on a day."""
    derived = _derivation(key.measure, standard)
    if derived is None:
        return build_series(history, key, as_of=as_of)
    sizes = build_series(history, replace(key, measure=Measure.LIST_SIZE), as_of=as_of)
    points = tuple(_derived_point(point, history, key.org, derived) for point in sizes.points)
    return replace(sizes, key=key, points=points, blocks=())


def _derivation(measure: Measure, standard: Standard | None) -> Derived | None:
    if measure == Measure.SHARE_WITHIN_STANDARD and standard is not None:
        day = last_day_within(standard)
        return lambda counts: _share(counts, day)
    if measure == Measure.MEDIAN_WAIT:
        return lambda counts: _wait(counts, 0.5)
    if measure == Measure.P92_WAIT:
        return lambda counts: _wait(counts, 0.92)
    return None


def _share(counts: bands.WaitBands, days: int) -> tuple[float | None, str | None]:
    share = bands.share_within(counts, days)
    return (share.value, None) if share else (None, _UNKNOWN)


def _wait(counts: bands.WaitBands, q: float) -> tuple[float | None, str | None]:
    wait = bands.percentile_wait(counts, q)
    if wait is None:
        return None, _UNKNOWN
    if wait.days is None:
        return None, f"At least {wait.at_least_weeks} weeks: it lies in the open top band."
    return round(wait.days / 7, 2), None


def _derived_point(point: SeriesPoint, history: ListHistory, org: str, derived: Derived) -> SeriesPoint:
    cell = None if point.vintage_id is None else history.cells.get((point.vintage_id, org))
    if cell is None:
        return point
    counts = {band: count for band, count in cell.counts.items() if band != TOTAL}
    value, note = derived(bands.usable_bands(counts, cell.counts.get(TOTAL)))
    is_whole = point.adjusted is not None and point.adjusted == point.value
    if value is not None and not is_whole:
        note = _PARTIAL if point.adjusted is not None else point.note
    return replace(point, value=value, adjusted=value if is_whole else None, note=note)


def series_body(
    series: Series,
    service: Service,
    organisation: Organisation,
    *,
    standard: Standard | None,
    stored: StoredList,
    version: DatasetVersion | None,
) -> dict[str, Any]:
    """The JSON form of a series that has points."""
    last = next((point for point in reversed(series.points) if point.value is not None), series.points[-1])
    return {
        "service": service.code,
        "org": organisation.code,
        "measure": series.key.measure,
        "standard_id": standard.id if standard else None,
        "basis": "waiting" if standard else None,
        "source": series.key.source,
        "as_of": series.as_of,
        "period_end": series.points[-1].period_end,
        "freq": series.freq,
        "dataset_version": version.version if version else None,
        "vintage": vintage(stored) if stored.vintage.id == last.vintage_id else None,
        "coverage": last.coverage,
        "provisional": last.is_provisional,
        "points": [point_body(point) for point in series.points],
        "breaks": [break_body(one) for one in series.breaks],
        "blocks": series.blocks,
        "is_proxy": bool(service.is_proxy_for),
        "synthetic": series.is_synthetic,
        "sentence": words.series_sentence(
            service,
            organisation,
            present=sum(point.value is not None for point in series.points),
            steps=len(series.points),
            measure=series.key.measure,
            as_of=series.as_of,
        ),
        "links": _links(series, standard),
    }


def point_body(point: SeriesPoint) -> dict[str, Any]:
    """One step of a series."""
    return {
        "period_end": point.period_end,
        "value": point.value,
        "adjusted": point.adjusted,
        "coverage": point.coverage,
        "known_from": point.known_from,
        "vintage_id": point.vintage_id,
        "provisional": point.is_provisional,
        "note": point.note,
    }


def break_body(one: Break) -> dict[str, Any]:
    """One break of a series."""
    return {"period_end": one.period_end, "cause": one.cause, "sentence": one.sentence}


def _links(series: Series, standard: Standard | None) -> dict[str, str]:
    key = series.key
    place = f"{quote(key.service, safe='')}/{quote(key.org, safe='')}"
    same = {"as_of": series.as_of.isoformat(), "source": key.source}
    measured = urlencode({**same, **({"standard": standard.id} if standard else {})})
    return {
        "self": f"/v1/series/{place}/{key.measure}?{measured}",
        "list": f"/v1/waiting-lists/{place}?{urlencode(same)}",
        "forecast": f"/v1/forecasts/{place}/{key.measure}?{measured}",
        "findings": f"/v1/findings?{urlencode({'service': key.service, 'org': key.org, 'as_of': same['as_of']})}",
    }

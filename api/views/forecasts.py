"""The JSON form of stored forecasts and clearance answers, cut to what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from api import words
from api.views.lists import vintage
from forecasting.store import StoredClearance, StoredForecast
from waitlists.organisations import Organisation
from waitlists.services import Service
from waitlists.standards import Standard
from waitlists.store.read import DatasetVersion, StoredList

LOW, HIGH = "0.1", "0.9"
"""The range put into words: 8 in 10."""


@dataclass(frozen=True, slots=True)
class About:
    """Which list was asked about, on which day, and the published version that answers."""

    service: Service
    organisation: Organisation
    as_of: date
    version: DatasetVersion | None

    @property
    def place(self) -> str:
        """The list as a part of an address."""
        return f"{quote(self.service.code, safe='')}/{quote(self.organisation.code, safe='')}"

    @property
    def day(self) -> str:
        """The day as it stands in an address."""
        return self.as_of.isoformat()


def forecast_body(
    stored: StoredForecast, about: About, *, horizon: int | None, newest: StoredList | None
) -> dict[str, Any]:
    """A stored forecast, at most `horizon` steps of it; `newest` is the latest figure known on the day asked about."""
    points = [point for point in stored.points if horizon is None or point["horizon"] <= horizon]
    return {
        "service": stored.service,
        "org": stored.org,
        "measure": stored.measure,
        "standard_id": None,
        "source": stored.source,
        "as_of": about.as_of,
        "forecast_as_of": stored.as_of,
        "period_end": stored.trained_until,
        "freq": stored.freq,
        "dataset_version": about.version.version if about.version else None,
        "run_id": stored.run_id,
        "status": stored.status,
        "model": stored.model,
        "trained_until": stored.trained_until,
        "newer_figures": _is_outdated(stored, newest),
        **_latest_figure(newest, trained_until=stored.trained_until),
        "points": points,
        "scores": stored.scores,
        "fallback_reason": stored.reason,
        "breaks": stored.breaks,
        "is_proxy": bool(about.service.is_proxy_for),
        "sentence": _sentence(stored, points, about),
        "links": _links(f"/v1/forecasts/{about.place}/{stored.measure}", stored.source, about),
    }


def _latest_figure(newest: StoredList | None, *, trained_until: date | None) -> dict[str, Any]:
    """How whole the latest figure is, and its file where the answer was worked out from it."""
    if newest is None:
        return dict.fromkeys(("vintage", "coverage", "provisional", "synthetic"))
    return {
        "vintage": vintage(newest) if newest.period_end == trained_until else None,
        "coverage": newest.coverage.share,
        "provisional": bool(newest.coverage.missing),
        "synthetic": newest.is_synthetic,
    }


def _is_outdated(stored: StoredForecast, newest: StoredList | None) -> bool:
    """Whether a figure was known on the day asked about that the forecast did not see."""
    return newest is not None and stored.trained_until is not None and newest.period_end > stored.trained_until


def _sentence(stored: StoredForecast, points: Sequence[Mapping[str, Any]], about: About) -> str:
    if not points:
        return words.no_forecast_sentence(about.service, about.organisation, stored.reason)
    last = points[-1]
    score = stored.scores.get(stored.model or "")
    return words.forecast_sentence(
        about.service,
        about.organisation,
        low=last["quantiles"][LOW],
        high=last["quantiles"][HIGH],
        on=date.fromisoformat(last["target_end_date"]),
        held=score["coverage80"] if score else None,
        number=score["n"] if score else 0,
    )


@dataclass(frozen=True, slots=True)
class Target:
    """What a list is to reach: the standard's share by a day, with a chance; None where the service has no standard."""

    standard: Standard | None
    by: date
    confidence: float
    is_default: bool


def clearance_body(
    stored: StoredClearance, about: About, target: Target, *, newest: StoredList | None
) -> dict[str, Any]:
    """Stored clearance answers; one worked out for another target is not passed off as one for this."""
    answers = stored.answer["clearance"]
    capacity, note = stored.answer["required_capacity"], stored.answer["required_capacity_note"]
    if not target.is_default:
        answers = [_for_default_only(one) if one["kind"] == "sustainable" else one for one in answers]
        capacity, note = None, note or NOT_FOR_THIS
    return {
        "service": stored.service,
        "org": stored.org,
        "source": stored.source,
        "as_of": about.as_of,
        "clearance_as_of": stored.as_of,
        "period_end": newest.period_end if newest else None,
        **_latest_figure(newest, trained_until=newest.period_end if newest else None),
        "dataset_version": about.version.version if about.version else None,
        "run_id": stored.run_id,
        "standard_id": target.standard.id if target.standard else None,
        "by": target.by,
        "confidence": target.confidence,
        "clearance": answers,
        "required_capacity": capacity,
        "required_capacity_note": note,
        "is_proxy": bool(about.service.is_proxy_for),
        "proxy_sentence": words.proxy_sentence(about.service),
        "links": _links(f"/v1/clearance/{about.place}", stored.source, about),
    }


NOT_FOR_THIS = "This is worked out for the service's first standard, the next 31 March and a chance of 0.8 only."


def _for_default_only(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer to another question, emptied; one that had no answer for any target stays."""
    if answer["status"] in {"insufficient_data", "blocked"}:
        return answer
    empty = dict.fromkeys(("p_by_horizon", "p_never_within_horizon", "p10", "p50", "p90"))
    said = {"status": "insufficient_data", "reason": "not_worked_out", "sentence": NOT_FOR_THIS}
    return {**answer, **empty, **said, "curve": [], "details": {}}


def next_31_march(day: date) -> date:
    """The end of the financial year a day lies in."""
    this_year = date(day.year, 3, 31)
    return this_year if day <= this_year else date(day.year + 1, 3, 31)


def _links(path: str, source: str, about: About) -> dict[str, str]:
    same = urlencode({"as_of": about.day, "source": source})
    return {
        "self": f"{path}?{same}",
        "list": f"/v1/waiting-lists/{about.place}?{same}",
        "series": f"/v1/series/{about.place}/list_size?{same}",
    }

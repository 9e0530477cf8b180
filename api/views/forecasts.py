"""The JSON form of stored forecasts and clearance answers, cut to what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from api import words
from api.about import About
from api.views.lists import vintage
from api.views.missing import coverage_of, is_provisional
from forecasting.store import StoredClearance, StoredForecast
from waitlists.standards import Standard
from waitlists.store.read import StoredList


def forecast_body(
    stored: StoredForecast, about: About, *, horizon: int | None, newest: StoredList | None, is_behind: bool
) -> dict[str, Any]:
    """A stored forecast, at most `horizon` steps of it.

    Parameters
    ----------
    newest, is_behind
        The latest figure known on the day asked about, and whether the forecast has not seen it.
    """
    points = [_point(point, about) for point in stored.points if horizon is None or point["horizon"] <= horizon]
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
        "dataset_version": about.dataset_version,
        "run_id": stored.run_id,
        "status": stored.status,
        "model": stored.model,
        "trained_until": stored.trained_until,
        "newer_figures": is_behind,
        **_latest_figure(newest, trained_until=None if is_behind else stored.trained_until),
        "points": points,
        "scores": stored.scores,
        "fallback_reason": stored.reason,
        "breaks": stored.breaks,
        "is_proxy": about.service.proxy_note_in(stored.source) is not None,
        "sentence": words.forecast_sentence(stored, points, about, newest, is_behind=is_behind),
        "links": _links(f"/v1/forecasts/{about.place}/{stored.measure}", stored.source, about),
    }


def _latest_figure(newest: StoredList | None, *, trained_until: date | None) -> dict[str, Any]:
    """How whole the latest figure is, and its file where the answer was worked out from it."""
    if newest is None:
        return dict.fromkeys(("vintage", "coverage", "provisional", "synthetic"))
    return {
        "vintage": vintage(newest) if newest.period_end == trained_until else None,
        "coverage": coverage_of(newest),
        "provisional": is_provisional(newest),
        "synthetic": newest.is_synthetic,
    }


def _point(point: Mapping[str, Any], about: About) -> dict[str, Any]:
    return {**point, "past": date.fromisoformat(point["target_end_date"]) <= about.as_of}


@dataclass(frozen=True, slots=True)
class Target:
    """What a list is to reach: the standard's share by a day, with a chance; None where the service has no standard."""

    standard: Standard | None
    by: date
    confidence: float
    is_default: bool


def clearance_body(
    stored: StoredClearance, about: About, target: Target, *, newest: StoredList | None, is_behind: bool
) -> dict[str, Any]:
    """Stored clearance answers; one worked out for another target is not passed off as one for this."""
    every = [_as_now(one) for one in stored.answer["clearance"]]
    answers = [_why_not(one, every, target) for one in every]
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
        "newer_figures": is_behind,
        **_latest_figure(newest, trained_until=newest.period_end if newest and not is_behind else None),
        "dataset_version": about.dataset_version,
        "run_id": stored.run_id,
        "standard_id": target.standard.id if target.standard else None,
        "by": target.by,
        "confidence": target.confidence,
        "clearance": answers,
        "required_capacity": capacity,
        "required_capacity_note": note,
        "is_proxy": about.service.proxy_note_in(stored.source) is not None,
        "proxy_sentence": words.proxy_sentence(about.service, stored.source),
        "sentence": words.clearance_sentence(stored, answers, about, newest, is_behind=is_behind),
        "links": _links(f"/v1/clearance/{about.place}", stored.source, about),
    }


_NOT_STORED_ONCE: Final[Mapping[str, Any]] = {"p_within_52_weeks": None, "ranges_held": None}
"""What answers stored before ranges were replayed do not hold."""


def _as_now(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored answer with what was not kept yet when it was stored as null."""
    answer = {**_NOT_STORED_ONCE, **stored}
    held = answer["ranges_held"]
    return {**answer, "ranges_held": {"checked_weeks": None, **held}} if held else answer


NO_FLOWS, NO_STANDARD = "flows_not_published", "no_standard"
NOT_FOR_THIS = "This is worked out for the service's first standard, the next 31 March and a chance of 0.8 only."


def _for_default_only(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer to another question, emptied; one that had no answer for any target stays."""
    if answer["status"] in {"insufficient_data", "blocked"}:
        return answer
    chances = ("p_within_52_weeks", "p_by_horizon", "p_never_within_horizon")
    empty = dict.fromkeys((*chances, "p10", "p50", "p90", "ranges_held"))
    said = {"status": "insufficient_data", "reason": "not_worked_out", "sentence": NOT_FOR_THIS}
    return {**answer, **empty, **said, "curve": [], "details": {}}


def _why_not(answer: Mapping[str, Any], every: Sequence[Mapping[str, Any]], target: Target) -> Mapping[str, Any]:
    """An answer that says that no standard holds, with the reason that comes before that, or what was meant by it."""
    if answer["reason"] != NO_STANDARD:
        return answer
    unpublished = next((one for one in every if one["reason"] == NO_FLOWS), None)
    if unpublished is not None:
        return {**answer, "reason": NO_FLOWS, "sentence": unpublished["sentence"]}
    if target.standard is None:
        return answer
    due = words.day_in_words(target.by)
    sentence = f"{target.standard.id} sets no share to be reached by {due}, so there is no size to come down to."
    return {**answer, "reason": "no_share_set", "sentence": sentence}


def _links(path: str, source: str, about: About) -> dict[str, str]:
    same = urlencode({"as_of": about.day, "source": source})
    return {
        "self": f"{path}?{same}",
        "list": f"/v1/waiting-lists/{about.place}?{same}",
        "series": f"/v1/series/{about.place}/list_size?{same}",
    }

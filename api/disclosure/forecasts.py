"""What each number of a forecast and of clearance is, for those who may not see exact figures.

Both continue a list: where its last figure is hidden nothing of them is shown. Quantiles are rounded and hidden as
counts are, chances to 2 decimals; errors in children, capacities and the numbers behind an answer are left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from api import words
from api.about import About
from api.disclosure import said
from api.disclosure.edge import Exact, Hidden, Lookup
from forecasting.kept_ranges import DAYS_TOO_NARROW, how_sure, kept_in, kept_words, weeks_ahead, within_a_year
from forecasting.store import StoredClearance, StoredForecast
from waitlists.store.read import StoredList, stored_list
from waitlists.suppression import Plan, Rounded, Shape, shown_forecast
from waitlists.suppression.lists import OVER_52_WEEKS, TOTAL
from waitlists.suppression.sheets import NAMES, Sheet, node, nothing

PLAIN = (
    "/links/**",
    "/dataset_version",
    "/run_id",
    "/points/*/horizon",
    "/scores/*/n",
    "/confidence",
    "/proxy_sentence",
)

SIMPLER = "A simpler model is used, or none; the reason is given to those who may see exact figures."

CONTINUES: Final[Mapping[str, str]] = {"run_off": TOTAL, "threshold": OVER_52_WEEKS, "sustainable": TOTAL}
"""By kind of clearance: the count that it is about."""

HIDDEN = "Not shown: the list behind this is not shown, so that no small number can be worked out."
_ASKED: Final[Mapping[str, str]] = {
    "run_off": "If nobody new were referred, an empty list",
    "threshold": "A list without anybody waiting over 52 weeks",
    "sustainable": "A list as short as its standard needs",
}
_SAID: Final[Mapping[str, str]] = {
    "ok": "{asked}: likely between {p10} and {p90}, at the recent pace ({sure}). {within} {kept}",
    "already": "{asked}: this holds already.",
    "unlikely": "{asked}: more likely than not later than the end of the horizon, at the recent pace. {within} {kept}",
    "never": "{asked}: not in sight at the recent pace.",
    "insufficient_data": "This cannot be said from the figures there are.",
    "blocked": "No clearance time is given, because the figures of this list cannot be relied on.",
}
_CHANCES = ("p_within_52_weeks", "p_by_horizon", "p_never_within_horizon")
_DAYS = ("p10", "p50", "p90")
_LATER = "a day beyond the horizon"


@dataclass(frozen=True, slots=True)
class AskedForecast:
    """A stored forecast with what it is about and the latest figure of its list, which it has seen or not."""

    stored: StoredForecast
    about: About
    newest: StoredList | None
    is_behind: bool


def exact_forecast(asked: AskedForecast, body: Mapping[str, Any]) -> Exact:
    """The answer about one forecast in exact figures, with what hides it."""
    stored = asked.stored

    def hide(lookup: Lookup) -> Hidden:
        name = NAMES.get(stored.measure, "")
        sheet = _last_sheet(asked, lookup, name)
        return Hidden(forecast_shape(asked, body, sheet.name(name)), sheet)

    return Exact(body, stored.source, stored.org, asked.about.organisation.level, hide)


def _last_sheet(asked: AskedForecast, lookup: Lookup, name: str) -> Sheet:
    """The list that is continued; of several vintages of it one in which the count is hidden, if there is one."""
    stored = asked.stored
    periods = [stored.trained_until] if stored.trained_until else []
    found = lookup.of(stored.source, stored.service, periods)
    own = [sheet for one, sheet in found.items() if one.partition("/")[2] == stored.org]
    return min(own, key=lambda sheet: sheet.shown(name) is not None, default=nothing(lookup.rule))


def forecast_shape(asked: AskedForecast, body: Mapping[str, Any], name: str) -> Shape:
    """What the numbers of a forecast are; `name` is the count it continues."""
    is_simpler = body["fallback_reason"] is not None
    return Shape(
        forecasts={"/points/*/quantiles/*": name},
        remade={
            **_of_latest(body, asked.newest),
            "/fallback_reason": lambda _: SIMPLER if is_simpler else None,
            "/breaks": lambda _: said.breaks(body["breaks"]),
            "/sentence": lambda plan: _forecast_sentence(asked, body, plan, name),
        },
        rounded={
            "/scores/*/mase": Rounded(1, of=name),
            "/scores/*/coverage80": Rounded(2, of=name),
            "/scores/*/coverage95": Rounded(2, of=name),
        },
        withheld=("/scores/*/wis",),
        plain=PLAIN,
    )


def _of_latest(body: Mapping[str, Any], newest: StoredList | None) -> dict[str, Callable[[Plan], object]]:
    is_whole = newest is not None and not newest.coverage.missing
    return {
        "/coverage": lambda _: body["coverage"] if is_whole else None,
        "/vintage": lambda _: said.vintage(body["vintage"]),
    }


def _forecast_sentence(asked: AskedForecast, body: Mapping[str, Any], plan: Plan, name: str) -> str:
    is_hidden = plan.shown.get(name) is None
    points = [
        {
            **point,
            "quantiles": {
                level: None if is_hidden else shown_forecast(value, plan.rule)
                for level, value in point["quantiles"].items()
            },
        }
        for point in body["points"]
    ]
    stored = replace(asked.stored, reason=SIMPLER)
    cares = said.cares(asked.newest, asked.about)
    return words.forecast_sentence(stored, points, asked.about, asked.newest, is_behind=asked.is_behind, cares=cares)


@dataclass(frozen=True, slots=True)
class AskedClearance:
    """Stored clearance answers with what they are about and the latest figure of their list, seen by them or not."""

    stored: StoredClearance
    about: About
    newest: StoredList | None
    is_behind: bool


def exact_clearance(asked: AskedClearance, body: Mapping[str, Any]) -> Exact:
    """The clearance answers about one list in exact figures, with what hides them."""
    stored = asked.stored

    def hide(lookup: Lookup) -> Hidden:
        sheet = _cleared_sheet(stored, lookup)
        return Hidden(clearance_shape(asked, body, sheet), sheet)

    return Exact(body, stored.source, stored.org, asked.about.organisation.level, hide)


def _cleared_sheet(stored: StoredClearance, lookup: Lookup) -> Sheet:
    """The list as it was known when its clearance was worked out."""
    known = stored_list(
        lookup.connection, service=stored.service, org=stored.org, as_of=stored.as_of, source=stored.source
    )
    if known is None:
        return nothing(lookup.rule)
    found = lookup.of(stored.source, stored.service, [known.period_end])
    return found.get(node(known.vintage.id, stored.org)) or nothing(lookup.rule)


def clearance_shape(asked: AskedClearance, body: Mapping[str, Any], sheet: Sheet) -> Shape:
    """What the numbers of clearance answers are; `sheet` is that of the list they are about."""
    answers = [_clearance(one, sheet) for one in body["clearance"]]
    return Shape(
        remade={
            **_of_latest(body, asked.newest),
            "/clearance": lambda _: answers,
            "/sentence": lambda _: _clearance_sentence(asked, answers),
        },
        withheld=("/required_capacity",),
        plain=PLAIN,
    )


def _clearance_sentence(asked: AskedClearance, answers: Sequence[Mapping[str, Any]]) -> str:
    cares = said.cares(asked.newest, asked.about)
    return words.clearance_sentence(
        asked.stored, answers, asked.about, asked.newest, is_behind=asked.is_behind, cares=cares
    )


def _clearance(one: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """One clearance answer as it may be shown; of a hidden list not even that it is cleared."""
    name = CONTINUES.get(one["kind"])
    if name is None or sheet.shown(name) is None:
        empty = dict.fromkeys((*_CHANCES, *_DAYS))
        said_so = {"status": "insufficient_data", "reason": "not_shown", "sentence": HIDDEN}
        return {"kind": one["kind"], **said_so, **empty, "curve": [], "ranges_held": None, "details": {}}
    days = {level: one[level] for level in _DAYS}
    chances = {chance: _rounded(one[chance]) for chance in _CHANCES}
    kept, ahead = kept_in(one["ranges_held"]), weeks_ahead(one)
    return {
        "kind": one["kind"],
        "status": one["status"],
        "reason": _word(one["reason"]),
        **chances,
        **days,
        "curve": [{"date": point["date"], "p": _rounded(point["p"])} for point in one["curve"]],
        "ranges_held": _held_as_shown(one["ranges_held"]),
        "details": {},
        "sentence": _SAID[one["status"]].format(
            asked=_ASKED[one["kind"]],
            **_in_words(days),
            sure=how_sure(kept, ahead=ahead),
            within=within_a_year(chances["p_within_52_weeks"]),
            kept=kept_words(kept, too_narrow=DAYS_TOO_NARROW, ahead=ahead),
        ),
    }


def _word(reason: str | None) -> str | None:
    """A reason that is a stable word; one in sentences may hold figures."""
    return reason if reason is None or re.fullmatch("[a-z_]+", reason) else "not_shown"


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, 2)


def _held_as_shown(held: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How many ranges were checked and how far, which counts weeks and no children, and rounded shares that held."""
    if not held:
        return None
    return {name: round(value, 2) if name.startswith("coverage") else value for name, value in held.items()}


def _in_words(days: Mapping[str, str | None]) -> dict[str, str]:
    return {level: words.day_in_words(date.fromisoformat(day)) if day else _LATER for level, day in days.items()}

"""What a forecast answers: frozen types that are checked once made, in plain Python so that readers need no numpy.

A forecast without numbers is an answer too: `reason` then says in a sentence why there are none. How forecasts are
made, scored and stored is not here.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from waitlists.domain import SeriesKey
from waitlists.errors import BadArgument
from waitlists.series import Break

LEVELS: tuple[float, ...] = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Quantile levels of every stored forecast: the median with the 50%, 80% and 95% ranges around it."""

STATUSES = ("ok", "fallback", "insufficient_data", "blocked")
"""`ok` a model that beat the last value; `fallback` the last value; the other two hold no numbers."""

Method = Literal["ageing", "no_exits", "last_crossings"]
"""How children due to cross a threshold were counted ahead; `forecasting.flow.breaches`."""

Basis = Literal["weeks", "bands"]
"""Whether single weeks waited were known, or wait bands alone."""

CLEARANCE_KINDS = ("run_off", "threshold", "sustainable")
CLEARANCE_STATUSES = ("ok", "already", "unlikely", "never", "insufficient_data", "blocked")


def level_text(level: float) -> str:
    """A level as it is stored and shown: 0.5 is `0.5`, never `0.50`."""
    return repr(float(level))


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """The quantiles of one target date, by level as text; `horizon` counts steps after the last figure used."""

    target_end_date: date
    horizon: int
    quantiles: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.horizon < 1:
            raise BadArgument("a forecast looks at least one step ahead", field="horizon")
        levels = [float(level) for level in self.quantiles]
        values = list(self.quantiles.values())
        if not levels or levels != sorted(set(levels)):
            raise BadArgument("quantile levels are given once each, in rising order", field="quantiles")
        if not all(math.isfinite(value) and value >= 0 for value in values):
            raise BadArgument("a forecast is a finite number of children, not below zero", field="quantiles")
        if values != sorted(values):
            raise BadArgument("a higher quantile is never below a lower one", field="quantiles")


@dataclass(frozen=True, slots=True)
class Score:
    """How one model did on past targets of one series; None where nothing could be scaled.

    `wis` is the weighted interval score in children (smaller is better), `mase` the error of the median over the mean
    change in training, coverages the share of targets that fell inside the range.
    """

    n: int
    wis: float
    mase: float | None
    coverage80: float
    coverage95: float

    def __post_init__(self) -> None:
        if self.n < 1 or self.wis < 0 or not (0 <= self.coverage80 <= self.coverage95 <= 1):
            raise BadArgument("a score counts targets, is not negative, and its wider range covers no less", field="n")


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known on `as_of` of the next steps of one series, by which model, or why nothing is said.

    `is_failed` marks a series on which the computation itself broke (out of time or memory); it is not stored, and
    makes the run end in part.
    """

    key: SeriesKey
    as_of: date
    freq: str
    status: str
    model: str | None = None
    trained_until: date | None = None
    points: tuple[ForecastPoint, ...] = ()
    scores: Mapping[str, Score] = field(default_factory=dict[str, Score])
    reason: str | None = None
    breaks: tuple[Break, ...] = ()
    is_failed: bool = False

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise BadArgument(f"a forecast's status is one of {', '.join(STATUSES)}", field="status")
        has_numbers = self.status in {"ok", "fallback"}
        if has_numbers != bool(self.points) or has_numbers != (self.model is not None):
            raise BadArgument("a forecast has points and a model, or neither and a status that says so", field="points")
        if self.status != "ok" and not self.reason:
            raise BadArgument("a forecast that is not `ok` says why", field="reason")
        self._check_dates()

    def _check_dates(self) -> None:
        if self.points and self.trained_until is None:
            raise BadArgument("a forecast says until when its figures go", field="trained_until")
        if [point.horizon for point in self.points] != list(range(1, len(self.points) + 1)):
            raise BadArgument("a forecast has every step once, in order", field="points")
        dates = [point.target_end_date for point in self.points]
        if self.trained_until and any(day <= self.trained_until for day in dates):
            raise BadArgument("a forecast looks past the last figure used", field="points")

    def points_as_json(self) -> list[dict[str, Any]]:
        """The points as stored and shown: dates in ISO form."""
        return [
            {
                "target_end_date": point.target_end_date.isoformat(),
                "horizon": point.horizon,
                "quantiles": dict(point.quantiles),
            }
            for point in self.points
        ]

    def scores_as_json(self) -> dict[str, dict[str, Any]]:
        """The back-test scores by model, as stored and shown."""
        return {model: asdict(score) for model, score in sorted(self.scores.items())}

    def breaks_as_json(self) -> list[dict[str, str]]:
        """The breaks the history was cut at, as stored and shown."""
        return [
            {"period_end": cut.period_end.isoformat(), "cause": cut.cause, "sentence": cut.sentence}
            for cut in self.breaks
        ]


@dataclass(frozen=True, slots=True)
class RangesHeld:
    """How many past ranges of a list could be checked, and the share of them that held, of 80% and of 95% ranges.

    As far as `checked_weeks` ahead enough ranges of its source could be checked; 0 where too few of its own could.
    """

    checked: int
    coverage80: float
    coverage95: float
    checked_weeks: int

    def __post_init__(self) -> None:
        if self.checked < 1 or not (0 <= self.coverage80 <= self.coverage95 <= 1):
            raise BadArgument("ranges checked are counted, and the wider hold no less often", field="checked")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The chance that a list has cleared by a date."""

    date: date
    p: float


@dataclass(frozen=True, slots=True)
class ClearanceAnswer:
    """One clearance question answered, or why it is not; the words of the statuses are those of the analyse command.

    `p10`, `p50` and `p90` are dates by which the list has cleared with that chance; `details` holds the numbers the
    answer was worked out from.
    """

    kind: str
    status: str
    sentence: str
    reason: str | None = None
    p_within_52_weeks: float | None = None
    p_by_horizon: float | None = None
    p_never_within_horizon: float | None = None
    p10: date | None = None
    p50: date | None = None
    p90: date | None = None
    curve: tuple[CurvePoint, ...] = ()
    ranges_held: RangesHeld | None = None
    details: Mapping[str, float | str | None] = field(default_factory=dict[str, float | str | None])

    def __post_init__(self) -> None:
        if self.kind not in CLEARANCE_KINDS:
            raise BadArgument(f"a clearance is one of {', '.join(CLEARANCE_KINDS)}", field="kind")
        if self.status not in CLEARANCE_STATUSES:
            raise BadArgument(f"a clearance's status is one of {', '.join(CLEARANCE_STATUSES)}", field="status")
        if not self.sentence.endswith("."):
            raise BadArgument("a clearance says one whole sentence", field="sentence")
        if self.status in {"insufficient_data", "blocked"} and not self.reason:
            raise BadArgument("a clearance without an answer says why", field="reason")
        if self.status in {"unlikely", "never", "insufficient_data", "blocked"} and self.p50 is not None:
            raise BadArgument("no date is shown that is more likely missed than met", field="p50")
        if any(not 0 <= point.p <= 1 for point in self.curve):
            raise BadArgument("a chance is a share from 0 to 1", field="curve")

    def as_json(self) -> dict[str, Any]:
        """The answer as stored and shown: dates in ISO form, every key present."""
        iso = {name: day.isoformat() if day else None for name, day in self._dates().items()}
        return {
            "kind": self.kind,
            "status": self.status,
            "reason": self.reason,
            "p_within_52_weeks": self.p_within_52_weeks,
            "p_by_horizon": self.p_by_horizon,
            "p_never_within_horizon": self.p_never_within_horizon,
            **iso,
            "curve": [{"date": point.date.isoformat(), "p": point.p} for point in self.curve],
            "ranges_held": asdict(self.ranges_held) if self.ranges_held else None,
            "details": dict(self.details),
            "sentence": self.sentence,
        }

    def _dates(self) -> dict[str, date | None]:
        return {"p10": self.p10, "p50": self.p50, "p90": self.p90}


@dataclass(frozen=True, slots=True)
class Clearance:
    """All clearance answers about one list as known on `as_of`, each kind once."""

    source: str
    service: str
    org: str
    as_of: date
    answers: tuple[ClearanceAnswer, ...]
    required_capacity: Mapping[str, Any] | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if tuple(answer.kind for answer in self.answers) != CLEARANCE_KINDS:
            raise BadArgument("every kind of clearance is answered once, in order", field="answers")

    def as_json(self) -> dict[str, Any]:
        """The answers as stored and shown."""
        return {
            "clearance": [answer.as_json() for answer in self.answers],
            "required_capacity": dict(self.required_capacity) if self.required_capacity is not None else None,
            "required_capacity_note": self.note,
        }

"""Warnings as they are kept: plain objects with days in ISO form, and back again without a loss."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from forecasting.flow.ranges import Checked
from forecasting.warnings.warning import (
    SEVERITIES,
    Acknowledgement,
    Assessment,
    BreachWarning,
    Caveat,
    Counted,
    Due,
    Life,
    Severity,
    Tail,
    ToldRise,
)
from waitlists.domain import Level
from waitlists.security.access import Role
from waitlists.suppression import Rule

_DAYS = ("as_of", "period_end", "newly_since", "change_since", "raised_on", "since", "asked_on")
_SEVERITIES: dict[str, Severity] = {str(one): one for one in SEVERITIES}
_ROWS = {
    "newly_over": Due,
    "held": Checked,
    "tail": Tail,
    "caveats": Caveat,
    "counted": Counted,
    "counted_before": Counted,
}


def kept(warning: BreachWarning) -> dict[str, Any]:
    """A warning as it is kept."""
    return {
        "figures": _plain(warning.figures),
        "life": _plain(warning.life),
        "sentence": warning.sentence,
    }


def warning_of(row: Mapping[str, Any]) -> BreachWarning:
    """The warning that was kept."""
    figures, life = dict(row["figures"]), dict(row["life"])
    found: dict[str, Any] = {**_dated(figures), "level": Level(figures["level"]), "missing": tuple(figures["missing"])}
    for name, kind in _ROWS.items():
        found[name] = tuple(kind(**_dated(one)) for one in figures[name])
    # Of before it is not known under which rules they may be told, so they are under none.
    found |= {name: tuple(map(Rule, figures.get(name, ()))) for name in ("newly_told", "change_told")}
    taken = life["acknowledged"]
    lived: dict[str, Any] = {**_dated(life), "owner": Role(life["owner"])}
    lived["acknowledged"] = None if taken is None else _acknowledgement(taken)
    # What was told before it was kept is not known.
    lived["told"] = None if life.get("told") is None else _rise(life["told"])
    return BreachWarning(Assessment(**found), Life(**lived), row["sentence"])


def renumbered(warning: BreachWarning, numbers: Mapping[int, int]) -> BreachWarning:
    """The warning, its figures found by the numbers that vintages have elsewhere."""

    def moved(counted: Iterable[Counted]) -> tuple[Counted, ...]:
        return tuple(one._replace(vintage_id=numbers.get(one.vintage_id, one.vintage_id)) for one in counted)

    figures = warning.figures
    again = {"counted": moved(figures.counted), "counted_before": moved(figures.counted_before)}
    return dataclasses.replace(warning, figures=dataclasses.replace(figures, **again))


def taken_of(*, on: date, role: str, reason: str, until: date, severity: str) -> Acknowledgement:
    """An acknowledgement from the words it is stored in."""
    return Acknowledgement(on, Role(role), reason, until, _SEVERITIES[severity])


def _acknowledgement(row: Mapping[str, Any]) -> Acknowledgement:
    days = {name: date.fromisoformat(row[name]) for name in ("on", "until")}
    found: dict[str, Any] = {**row, **days, "role": Role(row["role"])}
    return Acknowledgement(**found)


def _rise(row: Mapping[str, Any]) -> ToldRise:
    own: dict[str, Any] = {**_dated(row), "owner": Role(row["owner"]), "rules": tuple(map(Rule, row["rules"]))}
    return ToldRise(**own)


def _plain(whole: Assessment | Life) -> dict[str, Any]:
    return {one.name: _of(getattr(whole, one.name)) for one in dataclasses.fields(whole)}


def _of(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Due | Checked | Tail | Caveat | Counted | Acknowledgement | ToldRise):
        return {name: _of(one) for name, one in value._asdict().items()}
    return [_of(one) for one in value] if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownVariableType]


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its days as days."""
    return {
        name: date.fromisoformat(value) if name in {*_DAYS, "by"} and value is not None else value
        for name, value in row.items()
    }

"""`waitlists analyse spc`: one series of one's own, or many in one file, judged by the pure core."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from jobs.analysis.reading import (
    MISSING,
    SUPPRESSED,
    Line,
    Warned,
    answered,
    day_in,
    iso_day,
    lines_of,
    text_of,
    unusable,
)
from waitlists.errors import BadArgument, WaitlistsError
from waitlists.trends.asking import Options, Point, Target, is_usable
from waitlists.trends.judging import judge

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_PLAIN: Final[Mapping[str, tuple[type, ...]]] = {
    "profile": (str,), "direction": (str,), "adjust": (str,), "kind": (str,), "screen": (bool,), "target": (int, float),
    "fix_after": (int, float), "run_length": (int,), "suggest_rebase": (bool,),
}  # fmt: skip
"""Options that a case gives as they are, with the kinds of value they take."""


def spc_answer(path: Path, options: Options) -> dict[str, Any]:
    """The trend of a file with columns `date` and `value`.

    Raises
    ------
    FileRefused
        When a column is missing, a date is no date, or a value is neither a number nor empty nor suppressed.
    BadArgument
        When a date is there twice.
    """
    lines = lines_of(path, ("date", "value"))
    points = [_point(line, path) for line in lines]
    first: dict[date, int] = {}
    for line, point in zip(lines, points, strict=True):
        if (seen := first.setdefault(point.date, line.number)) != line.number:
            why = f"lines {seen} and {line.number}, column date: the date {point.date} is there twice"
            raise BadArgument(f"{path.name} cannot be used: {why}; a series has one value for each date", field="date")
    return _answer(points, options)


def spc_batch(path: Path, options: Options) -> Iterator[str]:
    """One line of JSON for each line of a file of cases: its answer, or why it has none.

    The options of a case win over those given for all.
    """
    for number, text in enumerate(text_of(path).split("\n"), 1):
        if text.strip():
            yield json.dumps(_case_answer(text, number, options), allow_nan=False) + "\n"


def options_of(given: Mapping[str, Any]) -> Options:
    """The options as people typed them.

    Raises
    ------
    BadArgument
        When one cannot be used.
    """
    return Options(**given)


def targets_of(path: Path) -> tuple[Target, ...]:
    """Targets from a file with columns `date` and `target`.

    Raises
    ------
    FileRefused
        When a date or a target is missing or cannot be read.
    """
    return tuple(_target(line, path) for line in lines_of(path, ("date", "target")))


def for_people(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without what only a program reads: verdicts, sentence, groups, and a line for each point."""
    named = ("status", "variation", "assurance", "target", "sentence", "groups")
    shown = ("date", "value", "mean", "lower", "upper", "special_cause", "point_type")
    points = [{name: point[name] for name in shown} for point in answer["points"]]
    beside = {
        "adjusted": answer["adjusted"] and {name: answer["adjusted"][name] for name in ("variation", "why")},
        "rebase_suggestion": answer["rebase_suggestion"] and answer["rebase_suggestion"]["sentence"],
    }
    unsaid = [warned for warned in answer["warnings"] if warned["message"] not in answer["sentence"]]
    return {name: answer[name] for name in named} | beside | {"points": points, "warnings": unsaid}


def _answer(points: Sequence[Point], options: Options) -> dict[str, Any]:
    trend = judge(points, options)
    warnings = [*(Warned(*note) for note in trend.notes), *_no_percentages(points, options)]
    return answered("spc", {**trend.as_json(), "warnings": None}, warnings)


def _no_percentages(points: Sequence[Point], options: Options) -> list[Warned]:
    """A word on values that no percentage has; the chart is drawn of them all the same."""
    beyond = [point for point in points if point.value is not None and not 0 <= point.value <= 100]
    if options.kind != "percent" or not beyond:
        return []
    first = min(point.date for point in beyond)
    said = f"Values below 0 or above 100, which no percentage is: {len(beyond)}, the first of {first}; see the file."
    return [Warned("outside_percent", said)]


def _point(line: Line, path: Path) -> Point:
    text = line.cells["value"]
    value = None if text in {MISSING, SUPPRESSED} else _number(text)
    if value is not None and not math.isfinite(value):
        raise unusable(path, f"line {line.number}, column value: expected a number, nothing, or * where suppressed")
    day = _day(line, path)
    if value is not None and not is_usable(value):
        why = f"line {line.number}, column value: the value of {day} is infinite, no number, or beyond 1e100"
        raise BadArgument(f"{path.name} cannot be used: {why}", field="value")
    return Point(day, value, text == SUPPRESSED)


def _target(line: Line, path: Path) -> Target:
    value = _number(line.cells["target"])
    if not math.isfinite(value):
        raise unusable(path, f"line {line.number}, column target: expected a number")
    return Target(_day(line, path), value)


def _day(line: Line, path: Path) -> date:
    day = day_in(line, "date", path)
    if day is None:
        raise unusable(path, f"line {line.number}, column date: expected a date such as 2026-03-31")
    return day


def _number(text: str) -> float:
    """The nearest double; NaN for what is written in no plain way, which Python would read generously."""
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def _case_answer(text: str, number: int, options: Options) -> dict[str, Any]:
    named: object = None
    try:
        case = json.loads(text, parse_constant=_refuse)
        if not isinstance(case, dict):
            raise BadArgument('expected {"id": text or number, "rows": list, "options": object}')
        found = cast("Mapping[str, object]", case)
        named = found.get("id")
        return {"id": named, "result": _answer(_rows(found), _options(found, options))}
    except WaitlistsError as error:
        return {"id": named, "error": str(error)}
    except (ValueError, RecursionError):
        return {"id": named, "error": f"line {number} is not JSON"}


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _rows(case: Mapping[str, object]) -> list[Point]:
    rows = case.get("rows")
    if not isinstance(rows, list):
        raise BadArgument("rows: expected a list of [date, value]", field="rows")
    return [_row(row, number) for number, row in enumerate(cast("list[object]", rows), 1)]


def _row(row: object, number: int) -> Point:
    day, value = _pair(row) or (None, None)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if day is None or not (is_number or value in {None, MISSING, SUPPRESSED}):
        raise BadArgument(
            f'row {number}: expected ["2026-03-31", a number, null, or "*" where suppressed]', field="rows"
        )
    return Point(day, _double(cast("float", value)) if is_number else None, value == SUPPRESSED)


def _pair(row: object) -> tuple[date, object] | None:
    """A date and what stands beside it, None of anything else."""
    if not isinstance(row, list) or len(cast("list[object]", row)) != 2:
        return None
    day, value = cast("list[object]", row)
    found = iso_day(day) if isinstance(day, str) else None
    return None if found is None or isinstance(value, list | dict) else (found, value)


def _double(value: float) -> float:
    """A number of JSON as a double, infinite where it would not fit one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _options(case: Mapping[str, object], options: Options) -> Options:
    """The options for all with those of the case in their place."""
    given: object = case.get("options") or None
    if not isinstance(given, dict | None):
        raise BadArgument("options: expected an object", field="options")
    found = dict(_option(name, value) for name, value in cast("dict[str, object]", given or {}).items())
    if "target" in found or "targets" in found:
        found = {"target": None, "targets": ()} | found
    return replace(options, **found)


def _option(name: str, value: object) -> tuple[str, Any]:
    if name == "rebase":
        return name, tuple(_days(_listed(value)))
    if name == "targets":
        return name, targets_of(Path(value)) if isinstance(value, str) else tuple(_dated_targets(value))
    if name == "no_screen":
        return "screen", not _plain(name, value, (bool,))
    if name not in _PLAIN:
        raise BadArgument(
            f"there is no option {name}; there are {', '.join(_PLAIN)}, rebase and targets", field="options"
        )
    return name, _plain(name, value, _PLAIN[name])


def _plain(name: str, value: object, kinds: tuple[type, ...]) -> object:
    if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
        raise BadArgument(f"{name}: expected {' or '.join(kind.__name__ for kind in kinds)}", field=name)
    return value


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _days(values: Iterable[object]) -> Iterator[date]:
    for value in values:
        day = iso_day(value) if isinstance(value, str) else None
        if day is None:
            raise BadArgument("rebase: expected dates such as 2026-03-31", field="rebase")
        yield day


def _dated_targets(value: object) -> Iterator[Target]:
    for row in _listed(value):
        day, target = _pair(row) or (None, None)
        if day is None or isinstance(target, bool) or not isinstance(target, int | float):
            raise BadArgument("targets: expected a file, or a list of [date, number]", field="targets")
        yield Target(day, _double(target))

"""`waitlists analyse queue` and `formula`: a file of one's own in, the answer of the pure core out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

from jobs.analyse import SUPPRESSED, Line, Warned, answered, day_in, json_of, lines_of, unusable
from waitlists.errors import NotFound
from waitlists.formulas import evaluate
from waitlists.queue import OTHER_EXITS, TREATED, QueueTarget, Stay, Window, is_usable, queue_metrics, whole_window

_REASONS = (*TREATED, *OTHER_EXITS)

_NOTES = {
    "no_capacity": Warned("no_capacity", "Nobody was treated in the window, so there is no load."),
    "clamped_to_zero": Warned("clamped_to_zero", "The list reaches its target without any treatment."),
}


@dataclass(frozen=True, slots=True)
class QueueAsk:
    """What is asked of a list; a census day that is None is taken from the file."""

    start: date | None
    end: date | None
    target: QueueTarget

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None:
            Window(self.start, self.end)

    def window(self, stays: Sequence[Stay]) -> Window:
        """The window asked for, its open ends those of the list."""
        if self.start is not None and self.end is not None:
            return Window(self.start, self.end)
        whole = whole_window(stays)
        return Window(self.start or whole.start, self.end or whole.end)


class _Read(NamedTuple):
    stays: list[Stay]
    rejected: int
    suppressed: int


def queue_answer(path: Path, ask: QueueAsk) -> dict[str, Any]:
    """The queue metrics of a file with one row per referral: `referral`, `removal`, and optionally `reason`.

    Raises
    ------
    FileRefused
        When a column is missing, a date is no date, or a reason is none of the known words.
    BadArgument
        When the window ends before it starts.
    """
    read = _read(path)
    warnings = _rejections(read)
    if not read.stays:
        return answered("queue", {"status": "insufficient_data"}, warnings)
    metrics = asdict(queue_metrics(read.stays, ask.window(read.stays), ask.target))
    notes = cast("tuple[str, ...]", metrics.pop("notes"))
    return answered("queue", _with_rejected(metrics, read.rejected), [*warnings, *(_NOTES[note] for note in notes)])


def formula_answer(path: Path) -> dict[str, Any]:
    """The answers to a list of `{"id", "fn", "args"}`, in its order.

    Raises
    ------
    FileRefused
        When the file is no such list, or names a formula that does not exist.
    """
    cases = json_of(path)
    if not isinstance(cases, list):
        raise unusable(path, "expected a list of cases")
    results = [_result(case, place, path) for place, case in enumerate(cast("list[object]", cases), 1)]
    return answered("formula", {"results": results}, [])


def _result(case: object, place: int, path: Path) -> dict[str, Any]:
    found = cast("Mapping[str, object]", case if isinstance(case, Mapping) else {})
    named, fn, args = found.get("id"), found.get("fn"), found.get("args")
    if not isinstance(named, str | int) or not isinstance(fn, str) or not isinstance(args, Mapping):
        raise unusable(path, f'case {place}: expected {{"id": text or number, "fn": text, "args": object}}')
    try:
        answer = evaluate(fn, cast("Mapping[str, object]", args))
    except NotFound as error:
        raise unusable(path, f"case {place}: {error}") from None
    return {"id": named, "value": answer.value, "reason": answer.reason}


def _read(path: Path) -> _Read:
    stays: list[Stay] = []
    rejected = suppressed = 0
    for line in lines_of(path, ("referral", "removal"), ("reason",)):
        referral, removal = day_in(line, "referral", path), day_in(line, "removal", path)
        is_hidden = SUPPRESSED in (line.cells["referral"], line.cells["removal"])
        reason = "treated" if removal is None else _reason(line, path)
        if referral is not None and is_usable(referral, removal) and not is_hidden:
            stays.append(Stay(referral, removal, reason))
        else:
            rejected += 1
            suppressed += is_hidden
    return _Read(stays, rejected, suppressed)


def _reason(line: Line, path: Path) -> str:
    word = line.cells.get("reason") or "treated"
    if word not in _REASONS:
        raise unusable(path, f"line {line.number}, column reason: expected one of {', '.join(_REASONS)}")
    return word


def _rejections(read: _Read) -> list[Warned]:
    rejected, suppressed = read.rejected, read.suppressed
    found = [
        Warned("rows_rejected", f"Left out for want of a referral, or a removal before it: {rejected} of the rows.")
    ]
    hidden = [Warned("dates_suppressed", f"Left out for a suppressed date: {suppressed} of those.")]
    return found * bool(rejected) + hidden * bool(suppressed)


def _with_rejected(metrics: Mapping[str, Any], rejected: int) -> dict[str, Any]:
    """The rows rejected beside the rows used, where people look for them."""
    body: dict[str, Any] = {}
    for name, value in metrics.items():
        body[name] = value
        if name == "rows_used":
            body["rows_rejected"] = rejected
    return body

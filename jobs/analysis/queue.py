"""`waitlists analyse queue` and `formula`: a file of one's own in, the answer of the pure core out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from jobs.analysis.reading import SUPPRESSED, Line, Warned, answered, day_in, json_of, lines_of, unusable
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


LABELS: Mapping[str, str] = {
    "status": "Answer",
    "start": "From the close of",
    "end": "To the close of",
    "weeks": "Weeks between",
    "rows_used": "Rows used",
    "rows_rejected": "Rows left out",
    "open_start": "Waiting at first",
    "open_end": "Waiting at last",
    "referrals": "Referred",
    "removals": "Left the list",
    "residual": "Not explained",
    "removals_by_reason": "Left, by reason",
    "demand_per_week": "Referred a week",
    "treated_per_week": "Treated a week",
    "other_per_week": "Left untreated a week",
    "load": "Referred for each treated",
    "load_all_exits": "Referred for each who left",
    "mean_wait_weeks": "Mean wait, weeks",
    "median_wait_weeks": "Half wait less, weeks",
    "p92_wait_weeks": "92 in 100 wait less, weeks",
    "max_wait_weeks": "Longest wait, weeks",
    "pressure": "Pressure (over 1: too long)",
    "tail_factor": "Target wait by mean wait",
    "target_queue_random": "Target list, in any order",
    "target_queue_fifo": "Target list, longest first",
    "queue_too_big": "Over twice the target",
    "relief_capacity": "To treat a week, for relief",
}
"""The facts of the answer as people read them; programs read the names."""

_MOST_LINES = 10

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""Days that are believed, as of the dates of a referral record: fillers such as 1 January 1900 lie beyond."""

_FAR = timedelta(weeks=52)
"""From the newest referral to a removal that is looked at twice."""


class Queue(NamedTuple):
    """The answer, and what a person is told below it: the lines that are not in it, and dates that have not come."""

    answer: dict[str, Any]
    closing: str | None


class _Read(NamedTuple):
    stays: list[Stay]
    lines: list[int]
    suppressed: int
    implausible: int

    @property
    def rejected(self) -> int:
        return len(self.lines)

    def closing(self, today: date) -> str | None:
        """What stands in no answer for programs, which gets the same bytes on any day and in any order of rows."""
        coming = sum(max(stay.referral, stay.removal or stay.referral) > today for stay in self.stays)
        told = f"Rows with a date after today: {coming:,}; see that they are right." if coming else ""
        return " ".join(filter(None, (self._left_out(), told))) or None

    def _left_out(self) -> str:
        if not self.lines:
            return ""
        named = ", ".join(map(str, self.lines[:_MOST_LINES]))
        more = f" and {self.rejected - _MOST_LINES:,} more" if self.rejected > _MOST_LINES else ""
        return f"Lines left out: {named}{more}."


def queue_answer(path: Path, ask: QueueAsk, *, today: date) -> Queue:
    """The queue metrics of a file with one row per referral: `referral`, `removal`, and optionally `reason`.

    Raises
    ------
    IdentifiersFound
        When another column names children.
    FileRefused
        When a column is missing, a date is no date, or a reason is none of the known words.
    BadArgument
        When the window ends before it starts.
    """
    read = _read(path)
    warnings = [*_rejections(read), *_far_ahead(read.stays, ask)]
    closing = read.closing(today)
    if not read.stays:
        return Queue(answered("queue", {"status": "insufficient_data"}, warnings), closing)
    metrics = asdict(queue_metrics(read.stays, ask.window(read.stays), ask.target))
    notes = cast("tuple[str, ...]", metrics.pop("notes"))
    body = _with_rejected(metrics, read.rejected)
    return Queue(answered("queue", body, [*warnings, *(_NOTES[note] for note in notes)]), closing)


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
    left_out: list[int] = []
    suppressed = implausible = 0
    for line in lines_of(path, ("referral", "removal"), ("reason",), of_children=True):
        referral, removal = day_in(line, "referral", path), day_in(line, "removal", path)
        is_hidden = SUPPRESSED in (line.cells["referral"], line.cells["removal"])
        is_odd = any(day is not None and not _EARLIEST <= day <= _LATEST for day in (referral, removal))
        reason = "treated" if removal is None else _reason(line, path)
        if referral is not None and is_usable(referral, removal) and not (is_hidden or is_odd):
            stays.append(Stay(referral, removal, reason))
        else:
            left_out.append(line.number)
            suppressed += is_hidden
            implausible += is_odd
    return _Read(stays, left_out, suppressed, implausible)


def _reason(line: Line, path: Path) -> str:
    word = line.cells.get("reason") or "treated"
    if word not in _REASONS:
        raise unusable(path, f"line {line.number}, column reason: expected one of {', '.join(_REASONS)}")
    return word


def _rejections(read: _Read) -> list[Warned]:
    rejected, suppressed, implausible = read.rejected, read.suppressed, read.implausible
    found = [
        Warned("rows_rejected", f"Left out for want of a referral, or a removal before it: {rejected} of the rows.")
    ]
    hidden = [Warned("dates_suppressed", f"Left out for a suppressed date: {suppressed} of those.")]
    years = f"{_EARLIEST.year} to {_LATEST.year}"
    odd = [Warned("dates_implausible", f"Left out for a date outside {years}: {implausible} of those.")]
    return found * bool(rejected) + hidden * bool(suppressed) + odd * bool(implausible)


def _far_ahead(stays: Sequence[Stay], ask: QueueAsk) -> list[Warned]:
    """A slipped year at one removal stretches the window, and with it every rate."""
    newest = max((stay.referral for stay in stays), default=_LATEST)
    far = sum(stay.removal is not None and stay.removal - newest > _FAR for stay in stays)
    if not far or ask.end is not None:
        return []
    told = f"Removals more than a year after the newest referral: {far}; the window ends with the last, without --end."
    return [Warned("removals_far_ahead", told)]


def _with_rejected(metrics: Mapping[str, Any], rejected: int) -> dict[str, Any]:
    """The rows rejected beside the rows used, where people look for them."""
    body: dict[str, Any] = {}
    for name, value in metrics.items():
        body[name] = value
        if name == "rows_used":
            body["rows_rejected"] = rejected
    return body

"""Steps: a list that changes by more than 35% from one loaded period to the next, and what explains it.

A step that arriving or missing providers explain is about coverage; a list handed over by a provider that ended is a
succession; anything else has no known cause. None of them is a real change until somebody shows that it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from waitlists.domain import Finding, Severity
from waitlists.organisations import current_code, predecessors_of, successor_of
from waitlists.periods import in_words, months_between
from waitlists.quality.judged import Judged
from waitlists.quality.presence import Line
from waitlists.quality.words import names_of

STEP_SHARE = 0.35
"""A change of more than 35% between neighbouring loaded periods is a step that needs a cause."""

STEP_MINIMUM = 50
"""Lists under 50 on both sides move by a third without anything to say about it."""

STEP_MONTHS = 3
"""Further apart than this, two loaded periods are not neighbours and a large change is no surprise."""

REASONS = {
    "missing": "because {names} sent no figures: coverage, not change.",
    "zero": "because {names} printed 0, which may not be real: do not read it as a change.",
    "returned": "because of {names}, back in the figures: coverage, not change.",
    "new": "because of {names}, new in the figures: coverage, not change.",
    "succession": "because a list moved here from a provider that ended: coverage, not change.",
    "handed_over": "because another provider took the list over: coverage, not change.",
    "unknown": "and the cause is not known: do not read it as a real change.",
}
CAUSES = {"unknown": "unknown", "succession": "succession", "handed_over": "succession"}


@dataclass(frozen=True, slots=True)
class Moved:
    """Providers that left a list since the last loaded period, and those that came, with their list sizes."""

    left: dict[str, int] = field(default_factory=dict[str, int])
    came: dict[str, int] = field(default_factory=dict[str, int])


def steps(judged: Judged) -> Iterator[Finding]:
    """A `step` for every list that moved by more than 35%, with `cause` coverage, succession or unknown."""
    before = judged.before
    if before is None or months_between(before.vintage.period_end, judged.period_end) > STEP_MONTHS:
        return
    moved = _who_moved(judged)
    for line, value in sorted(judged.now.totals.items()):
        was = before.totals.get(line)
        if value is None or was is None or max(value, was) < STEP_MINIMUM or not is_step(was, value):
            continue
        here = moved.get(line, Moved())
        kind = _kind(judged, line, was, value, here)
        direction = "fell" if value < was else "rose"
        change = f"The list {direction} from {was:,} in {in_words(before.vintage.period_end, judged.freq)} to {value:,}"
        yield judged.finding(
            "step",
            Severity.WARNING,
            f"{change} {_reason(kind, here)}",
            line,
            cause=CAUSES.get(kind, "coverage"),
            kind=kind,
            before=was,
            after=value,
        )


def _reason(kind: str, moved: Moved) -> str:
    """Why the list moved: of those who left or printed 0 the largest are named, or of those who came."""
    movers = moved.left if kind in {"missing", "zero"} else moved.came
    largest_first = sorted(movers, key=lambda org: (-movers[org], org))
    return REASONS[kind].format(names=names_of(largest_first) if largest_first else "")


def is_step(was: float, value: float) -> bool:
    """Whether a list changed by more than 35% of what it was."""
    return abs(value - was) > STEP_SHARE * was


def _who_moved(judged: Judged) -> Mapping[Line, Moved]:
    """For each list, who left and who came; a successor that takes over a list has done neither."""
    moved: dict[Line, Moved] = defaultdict(Moved)
    before = judged.seen_before.present
    for service in judged.seen.present.keys() | before.keys():
        # Whoever prints 0 has left the list as far as its size goes, and comes back to it with the next figure.
        now = {org: size for org, size in judged.seen.present.get(service, {}).items() if size}
        was: dict[str, int] = defaultdict(int)
        for org, size in before.get(service, {}).items():
            if size:
                was[current_code(org, service, judged.period_end)] += size
        for org in sorted(now.keys() ^ was.keys()):
            for home in judged.seen.homes_of(org, service):
                if org in now:
                    moved[service, home].came[org] = now[org]
                else:
                    moved[service, home].left[org] = was[org]
    return moved


def _kind(judged: Judged, line: Line, was: int, value: int, moved: Moved) -> str:
    service, org = line
    if value < was and successor_of(org, service, judged.period_end):
        return "handed_over"
    if _inherited(judged, line, was, value):
        return "succession"
    left, came = sum(moved.left.values()), sum(moved.came.values())
    if not (left or came) or is_step(was - left, value - came):
        return "unknown"
    if left >= came:
        largest = max(moved.left, key=lambda org: (moved.left[org], org))
        return "zero" if largest in judged.seen.present.get(line[0], {}) else "missing"
    return "returned" if moved.came.keys() <= judged.seen.seen_before.get(line[0], frozenset()) else "new"


def _inherited(judged: Judged, line: Line, was: int, value: int) -> bool:
    """Whether a predecessor's list of the period before explains the step of its successor."""
    service, org = line
    ended = predecessors_of(org, service, judged.period_end)
    inherited = sum(judged.sizes_before.get((service, other)) or 0 for other in ended)
    return inherited > 0 and not is_step(was + inherited, value)

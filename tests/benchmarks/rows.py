"""What a benchmark returns: one row a figure, compared with a limit we set or with a peer measured beside us."""

from dataclasses import asdict, dataclass, field
from typing import Any


class Skipped(Exception):
    """A benchmark that cannot run here; its message says why."""


class Failed(Exception):
    """What was to be measured did not do its work: that is a goal missed, not a benchmark skipped."""


@dataclass(frozen=True)
class Row:
    """`ours` against a limit, or against a peer that did the same work in the same run; smaller is better."""

    name: str
    unit: str
    ours: float
    limit: float | None = None
    peer: float | None = None
    peer_name: str | None = None
    raw: dict[str, Any] = field(default_factory=dict)
    goal_ratio: float = 1.0

    @property
    def ratio(self) -> float:
        if self.limit == 0:
            return self.ours  # none is allowed, so every one counts; such a row has the goal ratio 0
        against = self.limit if self.limit is not None else self.peer
        if not against:
            raise ValueError(f"{self.name} has nothing to be compared with")
        return self.ours / against

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.goal_ratio

    def as_json(self) -> dict[str, Any]:
        goal = f"ratio <= {self.goal_ratio:g}"
        return {**asdict(self), "ratio": round(self.ratio, 4), "goal": goal, "met": self.is_met}


def within(name: str, unit: str, ours: float, limit: float, **raw: Any) -> Row:
    return Row(name, unit, round(ours, 3), limit=limit, raw=raw)

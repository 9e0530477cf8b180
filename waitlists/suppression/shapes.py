"""What each number of an answer is: a count, or worked out again from counts as shown, or rounded, or left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from waitlists.suppression.columns import Columns
from waitlists.suppression.pointers import regex
from waitlists.suppression.rules import shown_change, shown_forecast, shown_share, shown_statistic
from waitlists.suppression.tables import Plan, Sum


class Change(NamedTuple):
    """A difference between two counts, by name."""

    after: str
    before: str


class ShareOf(NamedTuple):
    """A share of two counts, by name: `is_rest` for that of those who are not in `part`, of all but those `without`."""

    part: str
    whole: str
    is_rest: bool = False
    without: str | None = None


class Rounded(NamedTuple):
    """A number without a unit to so many decimals; with the name of a count, hidden where that is."""

    digits: int
    of: str | None = None


class Statistic(NamedTuple):
    """A mean, median or percentile of so many `persons` (a count, by name), worked out again from what is shown."""

    persons: str
    of: Callable[[Plan], float | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """What each number of an answer is, by JSON pointer.

    In a pointer `*` stands for one step, and `/**` at its end for everything below. Names are those of the table that
    is audited; a `*` in the name of a count is filled in from its pointer, a `*` in a sum stands for every such name.

    Attributes
    ----------
    counts
        Counts of children, by name.
    sums
        Sums among them, for an answer that is a table by itself.
    changes, shares, statistics
        What is worked out again from counts as shown.
    forecasts
        Quantiles, hidden and rounded as counts are; with the name of the count they continue, hidden where that is.
    remade
        What is made again from what may be shown: sentences above all.
    rounded
        Numbers without a unit that are made of exact counts, such as scores and chances.
    tied
        What is shown as it is where the count of that name is shown, such as the days by which a list may clear.
    columns
        Lists of items of which each field is declared for all of them.
    unsaid
        What may be null in exact figures too, such as a wait of nobody, and whether it is pointed to as hidden. That
        follows from what is shown alone, as what stands there does: a pointer or a value that is there only where an
        exact value is would tell that there is one.
    withheld
        What only those see who may see exact figures.
    plain
        What counts nobody: days, identifiers, versions, and text without a figure about people.
    """

    counts: Mapping[str, str] = field(default_factory=dict[str, str])
    sums: tuple[Sum, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict[str, Change])
    shares: Mapping[str, ShareOf] = field(default_factory=dict[str, ShareOf])
    statistics: Mapping[str, Statistic] = field(default_factory=dict[str, Statistic])
    forecasts: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    remade: Mapping[str, Callable[[Plan], object]] = field(default_factory=dict[str, Callable[[Plan], object]])
    rounded: Mapping[str, Rounded] = field(default_factory=dict[str, Rounded])
    tied: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: Mapping[str, Columns] = field(default_factory=dict[str, Columns])
    unsaid: Mapping[str, bool] = field(default_factory=dict[str, bool])
    withheld: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


class Kind(NamedTuple):
    """What becomes of a value: a function of it and of what may be shown."""

    shown: Callable[[Any, Plan], object]


class Count(NamedTuple):
    """A count, by its name in the table."""

    name: str

    def shown(self, _: object, plan: Plan) -> int | None:
        """The count as the plan shows it."""
        return plan.shown[self.name]


Declared = Kind | Count | Columns


@dataclass(frozen=True, slots=True)
class Kinds:
    """What each pointer of a shape is; pointers without `*` are looked up first."""

    literal: Mapping[str, Kind | Columns | str]
    patterns: tuple[tuple[str, Kind | Columns | str], ...]

    def find(self, pointer: str) -> Declared | None:
        """What is at a pointer; None where nothing there is declared."""
        if pointer in self.literal:
            return _kind(self.literal[pointer], ())
        for pattern, kind in self.patterns:
            if matched := regex(pattern).fullmatch(pointer):
                return _kind(kind, matched.groups())
        return None


def _kind(kind: Kind | Columns | str, steps: Sequence[str]) -> Declared:
    """A count by its name, each `*` filled in from its pointer; any other kind as it is."""
    if not isinstance(kind, str):
        return kind
    for step in steps:
        kind = kind.replace("*", step, 1)
    return Count(kind)


def kinds_of(shape: Shape) -> Kinds:
    """What a shape declares, by pointer."""
    declared: dict[str, Kind | Columns | str] = {
        **dict.fromkeys(shape.plain, Kind(_as_it_is)),
        **shape.counts,
        **{at: Kind(_change(one)) for at, one in shape.changes.items()},
        **{at: Kind(_share(one)) for at, one in shape.shares.items()},
        **{at: Kind(_statistic(one)) for at, one in shape.statistics.items()},
        **{at: Kind(_forecast(name)) for at, name in shape.forecasts.items()},
        **{at: Kind(_made_again(make)) for at, make in shape.remade.items()},
        **{at: Kind(_rounded(one)) for at, one in shape.rounded.items()},
        **{at: Kind(_tied(name)) for at, name in shape.tied.items()},
        **shape.columns,
        **dict.fromkeys(shape.withheld, LEFT_OUT),
    }
    return Kinds(
        {at: kind for at, kind in declared.items() if "*" not in at},
        # What is declared twice is withheld sooner than shown, and plain last of all.
        tuple((at, kind) for at, kind in reversed(declared.items()) if "*" in at),
    )


def _as_it_is(value: object, _: Plan) -> object:
    return value


def _left_out(_: object, __: Plan) -> None:
    return None


LEFT_OUT = Kind(_left_out)
"""What becomes of a number that nobody declared."""


def _change(one: Change) -> Callable[[Any, Plan], object]:
    return lambda _, plan: shown_change(plan.shown.get(one.after), plan.shown.get(one.before))


def _share(one: ShareOf) -> Callable[[Any, Plan], object]:
    def share(_: object, plan: Plan) -> float | None:
        part, whole = plan.shown.get(one.part), plan.shown.get(one.whole)
        if one.without is not None:
            whole = shown_change(whole, plan.shown.get(one.without))
        return shown_share(shown_change(whole, part) if one.is_rest else part, whole, plan.rule)

    return share


def _statistic(one: Statistic) -> Callable[[Any, Plan], object]:
    return lambda _, plan: shown_statistic(one.of(plan), plan.shown.get(one.persons))


def _forecast(name: str | None) -> Callable[[Any, Plan], object]:
    return lambda value, plan: None if _is_hidden(name, plan) else shown_forecast(value, plan.rule)


def _made_again(make: Callable[[Plan], object]) -> Callable[[Any, Plan], object]:
    return lambda _, plan: make(plan)


def _rounded(one: Rounded) -> Callable[[Any, Plan], object]:
    return lambda value, plan: None if _is_hidden(one.of, plan) else round(value, one.digits)


def _tied(name: str) -> Callable[[Any, Plan], object]:
    return lambda value, plan: None if _is_hidden(name, plan) else value


def _is_hidden(name: str | None, plan: Plan) -> bool:
    return name is not None and plan.shown.get(name) is None

"""The edge: a whole answer in, the same answer as it may be shown out, with pointers to what is hidden.

A `Shape` says what each number of an answer is. A number, or a sentence with a figure in it, that no shape declares is
refused, so that a new field cannot leave by being forgotten. Only counts are hidden and rounded; everything else is
worked out again from counts as shown, or rounded, or left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from waitlists.domain import Level
from waitlists.errors import BadArgument
from waitlists.suppression.pointers import nodes, rebuilt, regex
from waitlists.suppression.rules import Rule, shown_change, shown_forecast, shown_share, shown_statistic
from waitlists.suppression.tables import Plan, Sum, Table, protect

SUPPRESSED = "suppressed"
"""The field of an answer that lists what is hidden in it, as JSON pointers."""

Answer = Mapping[str, Any]


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
    withheld: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


class Disclosed(NamedTuple):
    """An answer as it may be shown, and the JSON pointers of what is hidden in it, also under its `suppressed`."""

    answer: dict[str, Any]
    suppressed: tuple[str, ...]


class Row(NamedTuple):
    """One answer of several that are shown in one table."""

    answer: Answer
    shape: Shape
    level: Level
    is_published: bool
    table: Table | None = None


def disclose(
    answer: Answer, *, shape: Shape, rule: Rule, level: Level, is_published: bool, table: Table | None = None
) -> Disclosed:
    """An answer as it may be shown to those who may not see exact figures.

    Parameters
    ----------
    answer
        The answer in exact figures; it is not changed.
    level
        Where its organisation stands: England is shown exactly.
    is_published
        Whether its figures were published exactly, and may then be repeated so.
    table
        All numbers that hang together with those of the answer, among them the answer's own, by name. Without it the
        answer is taken as a table by itself, which protects nothing against what other answers show.

    Raises
    ------
    BadArgument
        The shape does not say what a number is, or the table holds another number under its name; nothing is shown.
    """
    row = Row(answer, shape, level, is_published, table)
    (shown,), pointers = _shown([row], rule)
    hidden = tuple(dict.fromkeys((*answer.get(SUPPRESSED, ()), *pointers[0])))
    return Disclosed({**shown, SUPPRESSED: list(hidden)}, hidden)


def disclose_rows(rows: Sequence[Row], *, rule: Rule, at: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Answers that stand in one table, such as a page of lists, and pointers to what is hidden, under the pointer `at`.

    One figure of our own below England is enough for published figures beside it to be rounded too.
    """
    shown, pointers = _shown(rows, rule)
    return shown, tuple(f"{at}/{place}{one}" for place, hidden in enumerate(pointers) for one in hidden)


def _shown(rows: Sequence[Row], rule: Rule) -> tuple[list[dict[str, Any]], list[tuple[str, ...]]]:
    is_exact = all(row.is_published or row.level == Level.ENGLAND for row in rows)
    done = [_exactly(row) if is_exact or row.level == Level.ENGLAND else _one(row, rule) for row in rows]
    return [answer for answer, _ in done], [pointers for _, pointers in done]


def _exactly(row: Row) -> tuple[dict[str, Any], tuple[str, ...]]:
    return dict(row.answer), ()


def _one(row: Row, rule: Rule) -> tuple[dict[str, Any], tuple[str, ...]]:
    """One answer with every declared number replaced, and pointers to those that are no more."""
    kinds = _kinds(row.shape)
    found = {pointer: (value, kinds.find(pointer)) for pointer, value in nodes(row.answer, is_known=kinds.knows)}
    counts = {pointer: kind for pointer, (_, kind) in found.items() if isinstance(kind, _Count)}
    table = row.table or _own_table(row.shape, {kind.name: found[pointer][0] for pointer, kind in counts.items()})
    for pointer, kind in counts.items():
        if found[pointer][0] is not None and table.counts.get(kind.name) != found[pointer][0]:
            raise BadArgument(f"{pointer} is not the number {kind.name} of its table", field=pointer)
    plan = protect(table, rule)
    new = {
        pointer: kind.shown(value, plan)
        for pointer, (value, kind) in found.items()
        if kind is not None and value is not None
    }
    gone = tuple(one for one, value in new.items() if value is None and not isinstance(found[one][0], str))
    return rebuilt(row.answer, new), gone


def _own_table(shape: Shape, counts: Mapping[str, int | None]) -> Table:
    """The answer's own counts with the sums of its shape, `*` filled in."""

    def names(patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            name
            for one in patterns
            for name in ([name for name in counts if regex(one).fullmatch(name)] if "*" in one else [one])
        )

    return Table(counts, tuple(Sum(one.total, names(one.parts), names(one.less)) for one in shape.sums))


class _Kind(NamedTuple):
    """What becomes of a value: a function of it and of what may be shown."""

    shown: Callable[[Any, Plan], object]


class _Count(NamedTuple):
    """A count, by its name in the table."""

    name: str

    def shown(self, _: object, plan: Plan) -> int | None:
        return plan.shown[self.name]


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What each pointer of a shape is; pointers without `*` are looked up first."""

    literal: Mapping[str, _Kind | str]
    patterns: tuple[tuple[str, _Kind | str], ...]

    def knows(self, pointer: str) -> bool:
        """Whether what is at a pointer is declared, or is our own list of what is hidden."""
        return pointer == f"/{SUPPRESSED}" or self.find(pointer) is not None

    def find(self, pointer: str) -> _Kind | _Count | None:
        """What is at a pointer; None where nothing there is declared."""
        if pointer in self.literal:
            return _kind(self.literal[pointer], ())
        for pattern, kind in self.patterns:
            if matched := regex(pattern).fullmatch(pointer):
                return _kind(kind, matched.groups())
        return None


def _kind(kind: _Kind | str, steps: Sequence[str]) -> _Kind | _Count:
    """A count by its name, each `*` filled in from its pointer; any other kind as it is."""
    if not isinstance(kind, str):
        return kind
    for step in steps:
        kind = kind.replace("*", step, 1)
    return _Count(kind)


def _kinds(shape: Shape) -> _Kinds:
    declared: dict[str, _Kind | str] = {
        **dict.fromkeys(shape.plain, _Kind(_as_it_is)),
        **shape.counts,
        **{at: _Kind(_change(one)) for at, one in shape.changes.items()},
        **{at: _Kind(_share(one)) for at, one in shape.shares.items()},
        **{at: _Kind(_statistic(one)) for at, one in shape.statistics.items()},
        **{at: _Kind(_forecast(name)) for at, name in shape.forecasts.items()},
        **{at: _Kind(_made_again(make)) for at, make in shape.remade.items()},
        **{at: _Kind(_rounded(one)) for at, one in shape.rounded.items()},
        **{at: _Kind(_tied(name)) for at, name in shape.tied.items()},
        **dict.fromkeys(shape.withheld, _Kind(_left_out)),
    }
    return _Kinds(
        {at: kind for at, kind in declared.items() if "*" not in at},
        # What is declared twice is withheld sooner than shown, and plain last of all.
        tuple((at, kind) for at, kind in reversed(declared.items()) if "*" in at),
    )


def _as_it_is(value: object, _: Plan) -> object:
    return value


def _left_out(_: object, __: Plan) -> None:
    return None


def _change(one: Change) -> Callable[[Any, Plan], object]:
    return lambda _, plan: shown_change(plan.shown[one.after], plan.shown[one.before])


def _share(one: ShareOf) -> Callable[[Any, Plan], object]:
    def share(_: object, plan: Plan) -> float | None:
        part, whole = plan.shown[one.part], plan.shown[one.whole]
        if one.without is not None:
            whole = shown_change(whole, plan.shown[one.without])
        return shown_share(shown_change(whole, part) if one.is_rest else part, whole, plan.rule)

    return share


def _statistic(one: Statistic) -> Callable[[Any, Plan], object]:
    return lambda _, plan: shown_statistic(one.of(plan), plan.shown[one.persons])


def _forecast(name: str | None) -> Callable[[Any, Plan], object]:
    return lambda value, plan: None if _is_hidden(name, plan) else shown_forecast(value, plan.rule)


def _made_again(make: Callable[[Plan], object]) -> Callable[[Any, Plan], object]:
    return lambda _, plan: make(plan)


def _rounded(one: Rounded) -> Callable[[Any, Plan], object]:
    return lambda value, plan: None if _is_hidden(one.of, plan) else round(value, one.digits)


def _tied(name: str) -> Callable[[Any, Plan], object]:
    return lambda value, plan: None if _is_hidden(name, plan) else value


def _is_hidden(name: str | None, plan: Plan) -> bool:
    return name is not None and plan.shown[name] is None

"""The edge: a whole answer in, the same answer as it may be shown out, with pointers to what is hidden.

A `Shape` says what each number of an answer is. A number, or a sentence with a figure in it, that no shape declares or
that its table knows otherwise is withheld, so that a new field cannot leave by being forgotten. Only counts are hidden
and rounded; everything else is worked out again from counts as shown, or rounded, or left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from waitlists.domain import Level
from waitlists.suppression.columns import Columns
from waitlists.suppression.pointers import inside, nodes, rebuilt, regex, says_something
from waitlists.suppression.rules import Rule
from waitlists.suppression.shapes import LEFT_OUT, Count, Kind, Shape, kinds_of
from waitlists.suppression.tables import Plan, Sum, Table, protect

SUPPRESSED = "suppressed"
"""The field of an answer that lists what is hidden in it, as JSON pointers."""

Answer = Mapping[str, Any]


class Disclosed(NamedTuple):
    """An answer as it may be shown, and the JSON pointers of what is hidden in it, also under its `suppressed`."""

    answer: dict[str, Any]
    suppressed: tuple[str, ...]


class Row(NamedTuple):
    """One answer of several that are shown in one table; `plan` is what `protect` said of its `table`, where known."""

    answer: Answer
    shape: Shape
    level: Level
    is_published: bool
    table: Table | None = None
    plan: Plan | None = None


def disclose(row: Row, *, rule: Rule) -> Disclosed:
    """An answer as it may be shown to those who may not see exact figures.

    Parameters
    ----------
    row
        The answer in exact figures, which is not changed, with its shape, the level of its organisation (England is
        shown exactly), and whether its figures were published exactly and may then be repeated so. Its table has all
        numbers that hang together with those of the answer, among them the answer's own, by name. Without it the
        answer is taken as a table by itself, which protects nothing against what other answers show.
    """
    (shown,), (hidden,) = disclose_rows([row], rule=rule)
    return Disclosed(shown, hidden)


def disclose_rows(rows: Sequence[Row], *, rule: Rule) -> tuple[list[dict[str, Any]], list[tuple[str, ...]]]:
    """Answers that stand in one table, such as a page of lists, and by answer the pointers to what is hidden in it.

    One figure of our own below England is enough for published figures beside it to be rounded too.
    """
    is_exact = all(row.is_published or row.level == Level.ENGLAND for row in rows)
    done = [_exactly(row) if is_exact or row.level == Level.ENGLAND else _one(row, rule) for row in rows]
    every = [
        tuple(dict.fromkeys((*row.answer.get(SUPPRESSED, ()), *gone)))
        for row, (_, gone) in zip(rows, done, strict=True)
    ]
    answers = [{**answer, SUPPRESSED: list(hidden)} for (answer, _), hidden in zip(done, every, strict=True)]
    return answers, every


def _exactly(row: Row) -> tuple[dict[str, Any], list[str]]:
    return dict(row.answer), []


def _one(row: Row, rule: Rule) -> tuple[dict[str, Any], list[str]]:
    """One answer with every declared number replaced, and pointers to those that are no more."""
    kinds, exact = kinds_of(row.shape), {name: one for name, one in row.answer.items() if name != SUPPRESSED}
    found = list(nodes(exact, find=kinds.find))
    counts = {kind.name: value for _, value, kind in found if isinstance(kind, Count)}
    table = row.table or _own_table(row.shape, counts)
    plan, unsaid = row.plan or protect(table, rule), row.shape.unsaid
    new, gone = dict[str, object](), list[str]()
    for pointer, value, kind in found:
        if isinstance(kind, Columns):
            new[pointer], hidden = kind.shown(value)
            gone += [f"{pointer}{one}" for one in hidden]
            continue
        new[pointer] = _shown(value, kind, table, plan, is_unsaid=pointer in unsaid)
        if pointer not in unsaid:
            gone += _gone(pointer, value, new[pointer])
        elif unsaid[pointer]:
            gone.append(pointer)
    return rebuilt(exact, new), gone


def _shown(value: Any, kind: Kind | Count | None, table: Table, plan: Plan, *, is_unsaid: bool) -> object:
    """A value as it may be shown; one that nobody declared, or of which its table knows otherwise, is left out."""
    if kind is None:
        return None if says_something(value) else value
    if value is None and (isinstance(kind, Count) or not is_unsaid):
        return None
    is_strange = isinstance(kind, Count) and table.counts.get(kind.name) != value
    return (LEFT_OUT if is_strange else kind).shown(value, plan)


def _gone(pointer: str, old: Any, new: Any) -> Iterator[str]:
    """Pointers to what was a number, or held some, and is null now; text that is no more is no number."""
    if new is None:
        yield from () if old is None or isinstance(old, str) else (pointer,)
        return
    left = {step: one for step, _, one in inside(new) or ()}
    for step, _, one in inside(old) or ():
        if step in left:
            yield from _gone(f"{pointer}/{step}", one, left[step])


def _own_table(shape: Shape, counts: Mapping[str, int | None]) -> Table:
    """The answer's own counts with the sums of its shape, `*` filled in."""

    def names(patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            name
            for one in patterns
            for name in ([name for name in counts if regex(one).fullmatch(name)] if "*" in one else [one])
        )

    return Table(counts, tuple(Sum(one.total, names(one.parts), names(one.less)) for one in shape.sums))

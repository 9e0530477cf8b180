"""What disclosure control decided of weeks, kept under the digest of all that it was decided from."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from waitlists.store.tables_decided import decided_week as table
from waitlists.suppression.rules import Rule
from waitlists.suppression.tables import Decided
from waitlists.suppression.weeks import Week

Weeks = Mapping[str, Week]
"""Weeks by digest."""


def decided_of(connection: Connection, weeks: Weeks, rule: Rule) -> dict[str, list[Decided]]:
    """What was decided of these very weeks, by digest; a week whose figures have changed since is not found."""
    query = select(table.c.digest, table.c.states).where(
        table.c.rule == rule.value,
        table.c.service.in_({week.service for week in weeks.values()}),
        table.c.period_end.in_({week.period_end for week in weeks.values()}),
    )
    rows = connection.execute(query) if weeks else ()
    return {row.digest: [_decided(state) for state in row.states] for row in rows if row.digest in weeks}


def keep_decided(connection: Connection, weeks: Weeks, decided: Mapping[str, Sequence[Decided]], rule: Rule) -> None:
    """Keep what was decided of weeks, in the place of what was decided of them before."""
    for digest, states in decided.items():
        key = {"service": weeks[digest].service, "rule": rule.value, "period_end": weeks[digest].period_end}
        connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
        values = {**key, "digest": digest, "states": [_state(one) for one in states]}
        connection.execute(insert(table).values(values))


def _state(one: Decided) -> list[object]:
    return [one.calls_small, *sorted(one.extra)]


def _decided(state: Sequence[object]) -> Decided:
    calls_small, *names = state
    return Decided(frozenset(map(str, names)), bool(calls_small))

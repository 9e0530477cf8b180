"""Which numbers of those newly over may be told: they add up from providers to boards, and so are protected as a table.

No other answer has them, so the table is theirs alone: one for each threshold that lists of a service are watched by.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from forecasting.warnings.warning import Assessment
from waitlists.organisations import board_of
from waitlists.suppression import Rule, Sum, Table, protect
from waitlists.suppression.moved import with_moved
from waitlists.suppression.readers import Insider


def with_newly_told(every: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """What is known of the lists of one source, and by which rules others may be told how many are newly over.

    Of published figures nothing is decided: anybody may work it out from these.
    """
    figures, alike = tuple(every), defaultdict[tuple[object, ...], list[Assessment]](list)
    for one in (one for one in figures if not one.is_published):
        alike[one.service, one.standard_id, one.over_days, one.period_end, one.newly_since].append(one)
    told = {one: rules for some in alike.values() for one, rules in _told(some).items()}
    return tuple(replace(one, newly_told=told.get(one.id, ())) for one in figures)


def _told(some: Iterable[Assessment]) -> Mapping[str, tuple[Rule, ...]]:
    """By warning, the rules by which its number is shown."""
    by_org = {one.org: one for one in some}
    shown = {rule: protect(table_of(by_org), rule).shown for rule in Rule}
    return {one.id: tuple(rule for rule in Rule if shown[rule][org] is not None) for org, one in by_org.items()}


def table_of(by_org: Mapping[str, Assessment]) -> Table:
    """The numbers with their sums; by how many a board differs from its providers is a number too, never shown."""
    counts = {org: one.newly_over_now for org, one in by_org.items()}
    parts: dict[str, list[str]] = defaultdict(list)
    for org, one in by_org.items():
        board = board_of(org, one.service, one.as_of)
        if board is not None and board in by_org and board != org and counts[org] is not None:
            parts[board].append(org)
    sums, gaps = with_moved((Sum(board, tuple(own)) for board, own in parts.items()), counts)
    inside = (frozenset((org, *parts.get(org, ()))) for org in by_org)
    insiders = tuple(Insider(known, known) for known in dict.fromkeys(inside) if len(known) < len(counts))
    return Table(counts | gaps, tuple(sums), withheld=frozenset(gaps), insiders=insiders)

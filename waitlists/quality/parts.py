"""Sources to which each provider sends its own figures: their sums are judged together with the parts they are made of.

A provider's vintage holds its own lists and a vintage without a sender holds the sums of the boards. To see that a
provider is missing from a sum, the sum is put beside the providers' vintages in force on the day it was known.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from waitlists.domain import Coverage, Finding, LineTotals
from waitlists.quality.presence import Line


def with_parts(history: Sequence[LineTotals]) -> list[LineTotals]:
    """The same vintages, those without a sender joined by the providers' lists of the same period as then known."""
    parts: dict[date, list[LineTotals]] = defaultdict(list)
    for totals in sorted(history, key=lambda item: item.vintage):
        if totals.vintage.scope:
            parts[totals.vintage.period_end].append(totals)
    return [totals if totals.vintage.scope else _joined(totals, parts) for totals in history]


def parts_of(whole: LineTotals, parts: Mapping[date, Sequence[LineTotals]]) -> Collection[LineTotals]:
    """The vintages of its period that a sum follows from: of each sender the last one known on the day of the sum.

    Parameters
    ----------
    parts : vintages of senders by period, in the order in which they became known
    """
    latest: dict[str, LineTotals] = {}
    for part in parts.get(whole.vintage.period_end, ()):
        # A correction follows what it corrects, and takes the lines it leaves out away with it.
        if part.vintage.known_from <= whole.vintage.known_from:
            latest[part.vintage.scope] = part
    return latest.values()


def _joined(whole: LineTotals, parts: Mapping[date, Sequence[LineTotals]]) -> LineTotals:
    joined: dict[Line, int | None] = {}
    for part in parts_of(whole, parts):
        joined |= part.totals
    return replace(whole, totals={**joined, **whole.totals})


def concerns(found: Finding | Coverage, whole: LineTotals, senders: Collection[str]) -> bool:
    """Whether what was found belongs to this vintage: to its sender or, of a sum, to the sum and to who is silent.

    Parameters
    ----------
    senders : who ever sent figures of their own to the source; nobody where figures are published for all at once, and
        then everything in a vintage is its own
    """
    if whole.vintage.scope:
        return found.org == whole.vintage.sender
    if not senders:
        return True
    return (found.service, found.org) in whole.totals or _is_silent(found)


def _is_silent(found: Finding | Coverage) -> bool:
    """Whether it says of a provider that it sent nothing."""
    if isinstance(found, Coverage):
        return found.share == 0 and [who.org for who in found.missing] == [found.org]
    return found.code == "missing_provider" and found.details.get("missing") == [found.org]

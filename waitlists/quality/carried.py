"""What is wrong with a provider's figure is wrong with the sum it is in: findings carried up to boards, by name.

Sums are worked out here from what providers sent themselves, so nobody prints them and no check of a file sees them.
A figure taken before its week or month had ended is told here too, until the sender's next one confirms it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from waitlists.domain import Finding, LineTotals, Severity
from waitlists.organisations import board_of
from waitlists.periods import in_words
from waitlists.quality.copied import repeated
from waitlists.quality.elsewhere import DIFFERENCE
from waitlists.quality.history import HistoryChecks
from waitlists.quality.parts import parts_of
from waitlists.quality.words import listed, name_of, share_in_words
from waitlists.sources import freq_of

NOT_ENDED: Final = "period_not_ended"
"""The code of a figure taken before its period had ended."""

CARRIED: Final = frozenset({NOT_ENDED, "frozen_value", "sources_differ"})

MATERIAL_SHARE: Final = 0.2
"""From a fifth of a sum on, what is to be read with care in a part is so in the sum; below, it is a note."""

COPYING_SOURCES: Final = frozenset({"weekly_return"})
"""Sources whose numbers somebody typed; three lists counted by us that are alike are so by chance."""


def with_carried(checks: HistoryChecks, history: Sequence[LineTotals]) -> HistoryChecks:
    """The findings of a source, with those of figures taken too early, and on each sum those of its parts.

    Parameters
    ----------
    history : list sizes of every stored vintage of the source, in any order
    """
    findings = defaultdict(tuple[Finding, ...], checks.findings)
    for totals in history:
        findings[totals.vintage.id] += tuple(_too_early(totals, history))
    parts: dict[date, list[LineTotals]] = defaultdict(list)
    for totals in sorted(history, key=lambda item: item.vintage):
        if totals.vintage.scope:
            parts[totals.vintage.period_end].append(totals)
    for whole in history:
        if not whole.vintage.scope:
            several = parts_of(whole, parts)
            findings[whole.vintage.id] += (*_of_parts(whole, several, findings), *_copied(whole, several))
    return HistoryChecks(dict(findings), checks.coverage)


def _too_early(totals: LineTotals, history: Sequence[LineTotals]) -> Iterator[Finding]:
    """That a sender's own figures were known by the last day of their period, on which more may have happened."""
    vintage = totals.vintage
    if not vintage.scope or vintage.known_from > vintage.period_end:
        return
    later = (one.vintage.known_from for one in history if one.vintage.scope == vintage.scope)
    until = min((day for day in later if day > vintage.period_end), default=None)
    for service, org in totals.totals:
        period = in_words(vintage.period_end, freq_of(vintage.source))
        sentence = f"Taken before {period} had ended: what happened after that is not in it, and may come later."
        yield Finding(
            NOT_ENDED, Severity.INFO, sentence, vintage.period_end, vintage.known_from, service, org, known_until=until
        )


def _of_parts(
    whole: LineTotals, parts: Iterable[LineTotals], findings: Mapping[int, Sequence[Finding]]
) -> Iterator[Finding]:
    for part in parts:
        sender = part.vintage.sender
        for found in findings[part.vintage.id]:
            if found.code not in CARRIED or found.service is None or found.org != sender:
                continue
            since = max(found.known_from, whole.vintage.known_from)
            line = found.service, board_of(sender, found.service, found.period_end) or ""
            if line not in whole.totals or (found.known_until is not None and found.known_until <= since):
                continue
            share = _share(part.totals.get((found.service, sender)), whole.totals[line])
            yield replace(
                found,
                severity=found.severity
                if _at_stake(found, share, whole.totals[line]) > MATERIAL_SHARE
                else Severity.INFO,
                sentence=f"{name_of(sender)}, {_of_sum(share)}: {found.sentence}",
                known_from=since,
                org=line[1],
                sheet=None,
                cell=None,
                details={**found.details, "provider": sender, "share": share},
            )


def _copied(whole: LineTotals, parts: Iterable[LineTotals]) -> Iterator[Finding]:
    """The lists of a board that hold a number which one provider sent under several lines."""
    vintage = whole.vintage
    if vintage.source not in COPYING_SOURCES:
        return
    sizes: dict[str, dict[str, int | None]] = defaultdict(dict)
    for part in parts:
        sender = part.vintage.sender
        sizes[sender] |= {service: size for (service, org), size in part.totals.items() if org == sender}
    for sender, own in sorted(sizes.items()):
        for value, services in repeated(own).items():
            for service in services:
                line = service, board_of(sender, service, vintage.period_end) or ""
                share = _share(value, whole.totals.get(line))
                if not share:
                    continue
                sentence = (
                    f"{name_of(sender)} sent the same number, {value:,}, under {listed(services)}: {_of_sum(share)} is "
                    "one pooled list, not this service's own."
                )
                details = {"copied": value, "share": share, "services": services, "provider": sender}
                yield Finding(
                    "copied_number",
                    Severity.WARNING,
                    sentence,
                    vintage.period_end,
                    vintage.known_from,
                    *line,
                    details=details,
                )


def _at_stake(found: Finding, share: float, whole: int | None) -> float:
    """How much of a sum is in doubt: the part, or by how much another source says otherwise."""
    difference = found.details.get(DIFFERENCE)
    return _share(difference, whole) if isinstance(difference, int) else share


def _share(part: int | None, whole: int | None) -> float:
    """The share of a sum that a part is; 0 where either is not known."""
    return part / whole if part and whole else 0.0


def _of_sum(share: float) -> str:
    return f"{share_in_words(share)} of this sum" if share else "a part of this sum"

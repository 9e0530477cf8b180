"""Whether a list that moved to another provider moved whole: no wait begun anew, no child counted at both.

Senders have pseudonyms of their own, so one child cannot always be told in both lists; what can be compared are the
lists themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from waitlists.domain import Finding, Severity
from waitlists.organisations import SUCCESSIONS_IN_ORDER
from waitlists.record.schema import SERVICES


@dataclass(frozen=True, slots=True)
class Move:
    """One service's list that went from one provider to another on a day."""

    code: str
    successor: str
    service: str
    since: date


@dataclass(frozen=True, slots=True)
class MoveCounts:
    """What both providers' records say of a move, as they stand now.

    Attributes
    ----------
    left_open
        Referrals still open at the first provider.
    sent
        Referrals of the first provider that ended as transferred to the other.
    with_original
        Referrals of the other that carry the day on which the first received them.
    at_both
        Children of one pseudonym with an open referral at each.
    """

    left_open: int
    sent: int
    with_original: int
    at_both: int


def moves_of(providers: Iterable[str], on: date) -> list[Move]:
    """Every list of referral records that some of these providers had handed over or taken over by a day."""
    wanted = set(providers)
    return [
        Move(one.code, one.successor, service, one.since)
        for one in SUCCESSIONS_IN_ORDER
        if wanted & {one.code, one.successor} and one.since <= on
        for service in SERVICES
        if service in one.services
    ]


def judge_move(move: Move, counts: MoveCounts, *, on: date, known_from: date) -> Iterator[Finding]:
    """What is wrong with a move, told at the provider that has the list now; no sentence holds a count."""
    when = f"{move.since.day} {move.since:%B %Y}"
    found = {
        "open_at_predecessor": (
            counts.left_open,
            (
                f"{move.code} still has open referrals, though {move.successor} has carried this list since {when}: "
                "children may be counted twice."
            ),
        ),
        "listed_twice": (
            counts.at_both,
            (
                f"Children have an open referral at {move.code} and at {move.successor}, which took over this list on "
                f"{when}: they are counted twice."
            ),
        ),
        "original_date_missing": (
            max(counts.sent - counts.with_original, 0),
            (
                f"{move.code} transferred more referrals to {move.successor} than carry the day on which {move.code} "
                "received them: waits may have begun anew."
            ),
        ),
    }
    for code, (children, sentence) in found.items():
        if children:
            yield Finding(code, Severity.WARNING, sentence, on, known_from, service=move.service, org=move.successor)

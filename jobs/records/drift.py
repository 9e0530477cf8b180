"""What is odd about an extract beside the last one of its source systems: why it is held, and what is told of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from waitlists.deliveries.emptied import CLOCKED, emptied, reasons_of_emptied_columns, reasons_of_empty_columns
from waitlists.deliveries.gate import (
    LOST_LIST,
    Standing,
    reasons_of_few_rows,
    reasons_of_two_systems,
    reasons_to_hold,
    vanished,
)
from waitlists.domain import Finding, Severity
from waitlists.ingest.referral_delivery import FileFacts
from waitlists.store.referral_deliveries import Accepted
from waitlists.store.referral_write import Merged

SURELY_MOVES: Final = 50
"""Open referrals of whom at least one comes, leaves or is booked in a week."""

OpenBy = Mapping[str, Mapping[str, int]]
"""Open referrals by provider and service."""


class Beside(NamedTuple):
    """A provider's last delivery of the same source systems about an earlier day, and this one."""

    provider: str
    before: Standing
    now: Standing


def stated(facts: FileFacts) -> dict[str, dict[str, int]]:
    """Open referrals by provider and service, as a snapshot states them."""
    return {
        provider: {service: count for (whose, service), count in facts.open_by_list.items() if whose == provider}
        for provider in facts.providers
    }


def reasons_of_drift(facts: FileFacts, accepted: Mapping[str, Sequence[Accepted]], now: OpenBy) -> tuple[str, ...]:
    """Why a delivery has to be looked at, compared with the last one of each provider, or as its first.

    Parameters
    ----------
    accepted
        Every earlier delivery of each provider of the file.
    now
        Open referrals as the delivery leaves them.
    """
    found: list[str] = []
    for provider, earlier in accepted.items():
        if not any(one.shares_a_system(facts.systems) for one in earlier):
            elsewhere = {service for one in earlier for service in one.open_by_service}
            found += reasons_of_two_systems(provider, elsewhere, now[provider])
            found += reasons_of_few_rows(provider, facts.accepted + facts.quarantined, facts.quarantined, facts.broken)
            found += reasons_of_empty_columns(provider, facts.empty, _now(facts, provider, now[provider]))
    for provider, before, standing in beside(facts, accepted, now):
        found += reasons_to_hold(provider, before, standing)
        found += reasons_of_emptied_columns(provider, before, standing)
    return tuple(dict.fromkeys(found))


def told_of_drift(
    facts: FileFacts, accepted: Mapping[str, Sequence[Accepted]], *, known_from: date
) -> Iterator[Finding]:
    """Lists of a few children that a whole list no longer holds, and columns that are empty now and hold nothing up."""
    for provider, before, standing in beside(facts, accepted, stated(facts)):
        for service in vanished(provider, before, standing):
            sentence = (
                f"The last list of {provider} had open referrals of {service}, and this one has none: see that none "
                "was left out."
            )
            yield _finding("list_vanished", sentence, facts, known_from, provider, service)
        if lost := [name for name in emptied(provider, before, standing) if name not in CLOCKED]:
            sentence = (
                f"Columns of {provider} that the last delivery filled are empty now: {', '.join(lost)}. Cuts by them "
                "lack these children: have them exported again."
            )
            yield _finding("columns_emptied", sentence, facts, known_from, provider)


def told_of_repeats(
    facts: FileFacts, accepted: Mapping[str, Sequence[Accepted]], merged: Mapping[str, Merged], *, known_from: date
) -> Iterator[Finding]:
    """Whole lists in which nothing happened, and changes that say again what most of a list is."""
    for provider, before, _ in beside(facts, accepted, stated(facts)):
        size, now = sum(before.open_by_service.values()), merged[provider]
        if facts.kind == "snapshot" and now.is_nothing and size >= SURELY_MOVES and before.day < facts.snapshot_date:
            sentence = (
                f"Nothing changed in the list of {provider} since {before.day.day} {before.day:%B %Y}: see that it is "
                "no earlier extract under a new date."
            )
            yield _finding("list_unchanged", sentence, facts, known_from, provider)
        if facts.kind == "delta" and size >= LOST_LIST and now.unchanged * 2 >= size:
            sentence = (
                f"These changes of {provider} repeat most of its list unchanged: if they are the whole list, declare "
                'kind = "snapshot" in the mapping; until then nobody who is missing from it leaves.'
            )
            yield _finding("changes_repeat_list", sentence, facts, known_from, provider)


def beside(facts: FileFacts, accepted: Mapping[str, Sequence[Accepted]], now: OpenBy) -> Iterator[Beside]:
    """Each provider that sent something of these source systems before, with its last delivery."""
    for provider, every in accepted.items():
        alike = [one for one in every if one.shares_a_system(facts.systems)]
        earlier = [one for one in alike if one.snapshot_date <= facts.snapshot_date]
        if earlier:
            same = next((one for one in reversed(earlier) if one.kind == facts.kind), None)
            last, like = earlier[-1], same or earlier[-1]
            # Columns that nobody knows are no news where none of this kind came before, and what changes fill is not
            # what a whole list does: those who left long ago are not among them.
            columns = same.unknown_columns if same else facts.unknown_columns
            filled = same.filled if same else dict[str, int]()
            before = Standing(
                last.snapshot_date, last.open_by_service, columns, like.fields, filled, alike_on=like.snapshot_date
            )
            yield Beside(provider, before, _now(facts, provider, now[provider]))


def _now(facts: FileFacts, provider: str, is_open: Mapping[str, int]) -> Standing:
    filled = facts.filled_of(provider)
    return Standing(facts.snapshot_date, is_open, facts.unknown_columns, facts.fields, filled)


def _finding(
    code: str, sentence: str, facts: FileFacts, known_from: date, provider: str, service: str | None = None
) -> Finding:
    day = facts.snapshot_date
    return Finding(code, Severity.WARNING, sentence, day, known_from, service=service, org=provider)

"""Referral extracts stored: gated, merged into versions, what broke a rule quarantined; in the transaction of a load.

A reader sees all of an extract or nothing. Its bytes are never kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from jobs.outcomes import FileOutcome
from jobs.records.compared import reasons_of_rows
from jobs.records.drift import beside, reasons_of_drift, stated, told_of_drift, told_of_repeats
from jobs.records.erased_again import Sieve
from jobs.records.files import Approval, ReadExtract, already_stored
from jobs.records.senders import sent_by
from waitlists.deliveries.moves import judge_move, moves_of
from waitlists.domain import Finding, Severity
from waitlists.errors import FileRefused
from waitlists.ingest.referral_delivery import Batch
from waitlists.logs import logger
from waitlists.periods import london_date
from waitlists.security.audit import Look
from waitlists.store import audit, quarantine, referral_deliveries, write
from waitlists.store.erased import erased
from waitlists.store.referral_deliveries import SOURCE, Accepted, Received
from waitlists.store.referral_looked import Changes, Stamp, looked_at
from waitlists.store.referral_moves import move_counts
from waitlists.store.referral_write import Merged, merge, merge_changes
from waitlists.store.write_findings import add_delivery_findings


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file became, and what it changed."""

    outcome: FileOutcome
    merged: Merged = field(default_factory=Merged)


@dataclass(frozen=True, slots=True)
class When:
    """The run a delivery is stored in, its moment, and the day it counts as known from if it is not that of today."""

    run_id: int
    now: datetime
    as_of: date | None = None

    @property
    def known_from(self) -> date:
        """The day from which what is stored counts as known."""
        return self.as_of or london_date(self.now)


def store_records(connection: Connection, item: ReadExtract, when: When, approval: Approval | None) -> Stored:
    """An extract merged into the versions of referrals, or held, or known already; in the caller's transaction.

    Raises
    ------
    FileRefused
        OUT_OF_ORDER: known from a day before that of anybody's last delivery. NO_LIST: changes of a list that never
        came. NOT_HELD: nothing to approve.
    """
    known = write.known_delivery(connection, item.sha256)
    if known is not None:
        return Stored(already_stored(item.name, item.sha256, known))
    if approval is not None and referral_deliveries.held(connection, item.sha256) is None:
        raise FileRefused("this delivery is not held: load it without --approve", code="NOT_HELD")
    _refuse_out_of_order(connection, when)
    sieve = Sieve(erased(connection))
    item = replace(item, extract=sieve.of(item.extract))
    facts = item.extract.facts
    before = {name: referral_deliveries.accepted_deliveries(connection, name) for name in facts.providers}
    _refuse_without_list(item, before)
    changes = _changes(connection, item, when)
    if approval is not None:
        return _approved(connection, item, when, changes, approval, sieve)
    reasons = (
        *reasons_of_drift(facts, before, changes.is_open if changes else stated(facts)),
        *reasons_of_rows(connection, item.extract, before),
    )
    if reasons:
        return _held(connection, item, when, reasons, before)
    return _merged(connection, item, when, changes, before, sieve)


def _changes(connection: Connection, item: ReadExtract, when: When) -> Changes | None:
    """A delta looked at beside what is known, which says what the lists become by it; None of a whole list."""
    if item.extract.facts.kind == "snapshot":
        return None
    providers = item.extract.facts.providers
    return looked_at(connection, item.extract.batches(), _stamp(item, when), providers=providers)


def _stamp(item: ReadExtract, when: When) -> Stamp:
    facts = item.extract.facts
    return Stamp(facts.kind, facts.snapshot_date, when.known_from, facts.systems)


def _refuse_out_of_order(connection: Connection, when: When) -> None:
    """What was known on a day must not change later, so knowledge is added at its end alone.

    Whose records are known later does not matter: boards are counted from all of them.
    """
    latest = referral_deliveries.newest_known_from(connection)
    if latest is not None and when.known_from < latest:
        raise FileRefused(
            f"records are known from {latest} already; load it with --as-of {latest} or later",
            code="OUT_OF_ORDER",
        )


def _refuse_without_list(item: ReadExtract, before: Mapping[str, Sequence[Accepted]]) -> None:
    """Changes alone are no list: taken for one, they would be a provider of four children."""
    systems = item.extract.facts.systems
    without = [
        name
        for name, accepted in before.items()
        if not any(one.kind == "snapshot" and one.shares_a_system(systems) for one in accepted)
    ]
    if item.extract.facts.kind == "delta" and without:
        raise FileRefused(
            f"these are changes, and {', '.join(without)} has sent no whole list: load a snapshot of it first",
            code="NO_LIST",
        )


def _held(
    connection: Connection,
    item: ReadExtract,
    when: When,
    reasons: Sequence[str],
    before: Mapping[str, Sequence[Accepted]],
) -> Stored:
    facts, sender = item.extract.facts, sent_by(item.extract.facts)
    # A list that it lacks may be what it is held for.
    had = {name for one in beside(facts, before, stated(facts)) for name in one.before.open_by_service}
    counts = {"read": facts.read, "quarantined": facts.quarantined}
    referral_deliveries.hold(
        connection,
        _received(item, when),
        snapshot_date=facts.snapshot_date,
        sender=sender._replace(services=tuple(sorted(had.union(sender.services)))),
        systems=facts.systems,
        reasons=reasons,
        counts=counts,
    )
    logger().warning("load.held", sha256=item.sha256, reasons=len(reasons))
    outcome = FileOutcome(
        item.name,
        FileOutcome.HELD,
        sha256=item.sha256,
        source=SOURCE,
        period_end=facts.snapshot_date,
        counts=counts,
        reason="; ".join(reasons),
    )
    return Stored(outcome)


def _approved(
    connection: Connection,
    item: ReadExtract,
    when: When,
    changes: Changes | None,
    approval: Approval,
    sieve: Sieve,
) -> Stored:
    # Who approves it has seen what is odd beside the last one.
    stored = _merged(connection, item, when, changes, {}, sieve)
    referral_deliveries.approve(
        connection,
        item.sha256,
        by=approval.by,
        reason=approval.reason,
        now=when.now,
        delivery_id=stored.outcome.delivery_id or 0,
    )
    org = item.extract.facts.providers[0] if len(item.extract.facts.providers) == 1 else "several"
    look = Look(when.now, "command", approval.by, f"load --approve {item.sha256[:12]}", None, org, 0)
    audit.append(connection, [look])
    return stored


def _merged(
    connection: Connection,
    item: ReadExtract,
    when: When,
    changes: Changes | None,
    before: Mapping[str, Sequence[Accepted]],
    sieve: Sieve,
) -> Stored:
    facts = item.extract.facts
    delivery_id = referral_deliveries.add_extract(connection, facts, _received(item, when), known_from=when.known_from)
    merged = _written(connection, item, _stamp(item, when), changes, delivery_id)
    _accept(connection, item, when, changes, delivery_id, merged)
    total = sum(merged.values(), Merged())
    counts = {"read": facts.read, **total.counts(), **sieve.left_out(facts)}
    referral_deliveries.count_delivery(connection, delivery_id, counts)
    findings = (*_findings(item, when), *_beside(item, when, before, merged), *_moves(connection, item, when))
    findings = (*findings, *sieve.findings(facts, known_from=when.known_from))
    add_delivery_findings(connection, delivery_id, when.known_from, findings)
    logger().info("load.merged", delivery_id=delivery_id, **counts)
    outcome = FileOutcome(
        item.name,
        FileOutcome.LOADED,
        sha256=item.sha256,
        source=SOURCE,
        period_end=facts.snapshot_date,
        known_from=when.known_from,
        delivery_id=delivery_id,
        counts=counts,
        findings=findings,
        reason=" ".join(filter(None, ["Nothing in it is new." if total.is_nothing else "", sieve.told])) or None,
        unknown_columns=facts.unknown_columns,
        broken=facts.broken,
    )
    return Stored(outcome, total)


def _accept(
    connection: Connection,
    item: ReadExtract,
    when: When,
    changes: Changes | None,
    delivery_id: int,
    merged: Mapping[str, Merged],
) -> None:
    """Record what a delivery was for each provider."""
    facts = item.extract.facts
    is_open = changes.is_open if changes else stated(facts)
    for provider, one in merged.items():
        accepted = Accepted(
            provider,
            facts.kind,
            facts.snapshot_date,
            when.known_from,
            is_open[provider],
            facts.unknown_columns,
            facts.systems,
            facts.fields,
            facts.filled_of(provider),
        )
        referral_deliveries.add_accepted(connection, delivery_id, accepted, one.counts())


def _written(
    connection: Connection, item: ReadExtract, stamp: Stamp, changes: Changes | None, delivery_id: int
) -> dict[str, Merged]:
    """What a delivery changed, by provider, once its rows are written and those that broke a rule are put aside."""
    if changes is None:
        batches = _quarantining(connection, item.extract.batches(), delivery_id)
        return merge(connection, batches, delivery_id, stamp, providers=item.extract.facts.providers)
    for rejected in changes.rejected:
        quarantine.add_rejected(connection, delivery_id, rejected)
    return merge_changes(connection, changes, delivery_id, stamp)


def _beside(
    item: ReadExtract, when: When, before: Mapping[str, Sequence[Accepted]], merged: Mapping[str, Merged]
) -> Iterator[Finding]:
    """What is odd beside the deliveries before."""
    facts = item.extract.facts
    if facts.kind == "snapshot":
        yield from told_of_drift(facts, before, known_from=when.known_from)
    yield from told_of_repeats(facts, before, merged, known_from=when.known_from)


def _quarantining(connection: Connection, batches: Iterator[Batch], delivery_id: int) -> Iterator[Batch]:
    for batch in batches:
        quarantine.add_rejected(connection, delivery_id, batch.rejected)
        yield batch


def _received(item: ReadExtract, when: When) -> Received:
    return Received(item.name, item.sha256, item.size, when.now, when.run_id)


def _moves(connection: Connection, item: ReadExtract, when: When) -> Iterator[Finding]:
    """What is wrong where a list moved from one provider to another."""
    facts = item.extract.facts
    for move, counts in move_counts(connection, moves_of(facts.providers, facts.snapshot_date)):
        yield from judge_move(move, counts, on=facts.snapshot_date, known_from=when.known_from)


def _findings(item: ReadExtract, when: When) -> Iterator[Finding]:
    """What is odd about a delivery, without a count: counts of rows may be counts of children."""
    facts = item.extract.facts
    org = facts.providers[0] if len(facts.providers) == 1 else None
    said = [(remark.code.lower(), f"{remark.field}: {remark.sentence}") for remark in facts.remarks]
    if facts.quarantined:
        said.append(("rows_quarantined", "Rows that broke a rule were left out; the provider is asked to mend them"))
    for code, sentence in said:
        yield Finding(code, Severity.WARNING, f"{sentence.rstrip('.')}.", facts.snapshot_date, when.known_from, org=org)

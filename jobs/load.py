"""Loads files: parse them all first, then store everything in one transaction and publish one dataset version.

A reader therefore sees the figures of before or of after, never a mixture, and a load that is killed leaves nothing
behind but its run, which has not ended. The same file again changes nothing and makes no run; a corrected file is a
new vintage beside the old one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from jobs.arrivals import Arrived, already_there, fresh_files, no_collections, read_files
from jobs.checks import judge_again
from jobs.files import Refusal, Understood, fault, refusal, require_source
from jobs.outcomes import STATUSES, FileOutcome, LoadOutcome, Progress, notes_on
from jobs.records.basis import Change
from jobs.records.files import PLAINLY, Approval, Asked, ReadExtract
from jobs.records.senders import sent_by
from jobs.records.snapshots import count_again
from jobs.records.storing import Stored, When, store_records
from jobs.runs import Clock, concluded, running
from waitlists.domain import ParsedVintage
from waitlists.errors import FileRefused, WaitlistsError
from waitlists.ingest.fetch import TakenFile
from waitlists.logs import logger
from waitlists.periods import london_date
from waitlists.store import read, write
from waitlists.store.judged import forget_judged
from waitlists.store.standing import without_losses
from waitlists.store.sums import keep_sums
from waitlists.store.unread import awaited_files, services_awaiting
from waitlists.vintages import known_from, with_history

MOST_FINDINGS = 100_000
"""Findings of one delivery that are shown; a delivery with more would be no delivery."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a load happens: the clock, and the day its files count as known from where they print none."""

    clock: Clock
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The run that files are stored in, the moment they were received, and who approves what is held, if anybody."""

    id: int
    now: datetime
    moment: Moment
    approval: Approval | None = None

    @property
    def when(self) -> When:
        """The run as the storing of records needs it."""
        return When(self.id, self.now, self.moment.as_of)

    @property
    def day(self) -> date:
        """The day from which what this run leaves aside is known."""
        return self.moment.as_of or london_date(self.now)

    @property
    def today(self) -> date:
        """The last day that files can be about."""
        return max(london_date(self.now), self.moment.as_of or date.min)


def load(
    engine: Engine,
    paths: Sequence[Path],
    *,
    moment: Moment,
    source: str | None,
    records: Asked = PLAINLY,
    fetched: Sequence[TakenFile | Refusal] = (),
    on_progress: Callable[[Progress], None],
    is_apart: bool = False,
) -> LoadOutcome:
    """Files of `paths` (folders: their files) taken, checked and stored; what became of each.

    `records` says how referral extracts are to be read; `fetched` are published files that came from the web;
    `is_apart` stores each file by itself, so that one that breaks this program is refused and keeps no other out.

    Raises
    ------
    BadArgument
        For a path that does not exist, an empty folder, or an unknown source.
    DatabaseUnavailable
        When nothing could be stored; the database is then as it was.
    """
    require_source(source)
    fresh = fresh_files(engine, paths, records, fetched=fetched)
    if fresh.is_nothing:
        return LoadOutcome(tuple(fresh.already))
    with running(engine, command="load", as_of=moment.as_of, clock=moment.clock) as run_id:
        run = Run(run_id, moment.clock(), moment, records.approval)
        arrived = read_files(fresh, records, source=source, on=run.today, on_progress=on_progress)
        on_progress(Progress("storing", 0, 1))
        outcome = concluded(engine, run_id, lambda connection: _published(connection, arrived, run, is_apart))
        on_progress(Progress("storing", 1, 1))
    return replace(outcome, files=(*outcome.files, *arrived.already))


def store_files(connection: Connection, arrived: Arrived, run: Run) -> tuple[FileOutcome, ...]:
    """Deliveries, refusals and the checks across months stored, in the caller's transaction; what became of each file.

    No version is published, and the run does not end.
    """
    with no_collections():
        files = [_added(connection, item, run) for item in arrived.understood]
        stored = [_recorded(connection, item, run) for item in arrived.extracts]
        files += [one.outcome for one in stored]
        files += [_refused(connection, item, run) for item in arrived.refused]
        if is_any_loaded(files):
            parts = [part for item in arrived.understood for part in item.delivery.vintages]
            _sum_up(connection, parts)
            judge_again(connection, {part.source for part in parts} | _counted(connection, stored, run))
            files = [_with_findings(connection, item) for item in files]
    return tuple(files)


class Apart(NamedTuple):
    """Files stored one by one: the parts in which the same can be stored once more, and what became of each file."""

    parts: tuple[Arrived, ...]
    files: tuple[FileOutcome, ...]


def store_apart(connection: Connection, arrived: Arrived, run: Run) -> Apart:
    """The same, each file by itself: one that breaks this program is refused, and the others are stored."""
    parts: list[Arrived] = []
    files: list[FileOutcome] = []
    refused = [*arrived.refused]
    for name, sha256, sender, one in arrived.each():
        savepoint = connection.begin_nested()
        try:
            files += store_files(connection, one, run)
        except WaitlistsError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge where one file must not keep the others out
            savepoint.rollback()
            refused.append(replace(fault(name, sha256, "storing", error), sender=sender))
        else:
            savepoint.commit()
            parts.append(one)
    rest = Arrived(refused=refused)
    return Apart((*parts, rest), (*files, *store_files(connection, rest, run)))


def is_any_loaded(files: Sequence[FileOutcome]) -> bool:
    """Whether there are new figures."""
    return any(item.status == FileOutcome.LOADED for item in files)


def _published(connection: Connection, arrived: Arrived, run: Run, is_apart: bool) -> LoadOutcome:
    """In one transaction: what is stored, the new dataset version, the run's end."""
    awaited = awaited_files(connection, as_of=run.day)
    files = store_apart(connection, arrived, run).files if is_apart else store_files(connection, arrived, run)
    version = write.publish(connection, run_id=run.id, now=run.moment.clock()) if is_any_loaded(files) else None
    forget_judged(connection, services_awaiting(connection, {*awaited_files(connection, as_of=run.day)} ^ {*awaited}))
    notes = notes_on(files, today=london_date(run.now))
    outcome = LoadOutcome(files, dataset_version=version, run_id=run.id, notes=notes)
    _finish(connection, outcome, run)
    return outcome


def _recorded(connection: Connection, item: ReadExtract, run: Run) -> Stored:
    try:
        return store_records(connection, item, run.when, run.approval)
    except FileRefused as error:
        refused = replace(refusal(item.name, item.sha256, error), sender=sent_by(item.extract.facts))
        return Stored(_refused(connection, refused, run))


def _counted(connection: Connection, stored: Sequence[Stored], run: Run) -> frozenset[str]:
    """Lists counted from records that changed; the sources that have new figures."""
    known = [(one.outcome.delivery_id, one.merged) for one in stored]
    changes = [Change(number, merged) for number, merged in known if number and merged.providers]
    return count_again(connection, changes, known_from=run.when.known_from) if changes else frozenset()


def _added(connection: Connection, item: Understood, run: Run) -> FileOutcome:
    file, delivery = item.file, without_losses(connection, item.delivery)
    # Another process may have loaded the file while this one was reading it.
    known = write.known_delivery(connection, file.sha256)
    if known is not None:
        return already_there(file, known)
    known_day = known_from(
        delivery.published_on,
        same_date_seen_with_other_bytes=write.same_date_seen_with_other_bytes(connection, delivery, sha256=file.sha256),
        loaded_on=london_date(run.now),
        as_of=run.moment.as_of,
    )
    new_scopes = write.new_scopes(connection, delivery)
    delivery_id = write.add_delivery(
        connection,
        replace(delivery, vintages=with_history(delivery.vintages, new_scopes=new_scopes, known_from=known_day)),
        name=file.name,
        sha256=file.sha256,
        content=file.content,
        known_from=known_day,
        received_at=run.now,
        run_id=run.id,
        findings=(),
    )
    logger().info("load.stored", source=delivery.source, period_end=str(delivery.period_end), delivery_id=delivery_id)
    return FileOutcome(
        file.name,
        FileOutcome.LOADED,
        sha256=file.sha256,
        source=delivery.source,
        period_end=delivery.period_end,
        published_on=delivery.published_on,
        known_from=known_day,
        delivery_id=delivery_id,
        counts=delivery.counts,
        left=_rows(item.delivery.vintages) - _rows(delivery.vintages),
        findings=delivery.findings,
    )


def _rows(parts: Sequence[ParsedVintage]) -> int:
    return sum(part.rows for part in parts)


def _refused(connection: Connection, item: Refusal, run: Run) -> FileOutcome:
    write.add_refusal(
        connection,
        name=item.name,
        sha256=item.sha256,
        code=item.code,
        reason=item.reason,
        received_at=run.now,
        run_id=run.id,
        sender=item.sender,
    )
    # Not the file's name: somebody may have named it after a child.
    logger().info("load.refused", code=item.code, sha256=item.sha256)
    return FileOutcome(
        item.name,
        FileOutcome.REFUSED,
        sha256=item.sha256,
        code=item.code,
        reason=item.reason,
        has_identifiers=item.has_identifiers,
    )


def _sum_up(connection: Connection, parts: Sequence[ParsedVintage]) -> None:
    """Boards' sums over what providers sent themselves."""
    for source in sorted({part.source for part in parts if part.scope}):
        keep_sums(connection, source, {part.period_end for part in parts if part.source == source})


def _with_findings(connection: Connection, item: FileOutcome) -> FileOutcome:
    if item.status != FileOutcome.LOADED:
        return item
    found = read.findings(connection, delivery_id=item.delivery_id, limit=MOST_FINDINGS)
    return replace(item, findings=tuple(found))


def _finish(connection: Connection, outcome: LoadOutcome, run: Run) -> None:
    summary = {status: len(outcome.with_status(status)) for status in STATUSES}
    status = "done"
    if outcome.with_status(FileOutcome.REFUSED):
        status = "partial" if summary[FileOutcome.LOADED] else "failed"
    elif any(item.put_aside for item in outcome.files):
        status = "partial"
    write.finish_run(connection, run.id, status=status, summary=summary, now=run.moment.clock())

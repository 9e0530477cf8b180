"""Quarantined rows: counted for whoever looks, written out for their sender, read again once something is mended."""

import csv
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from sqlalchemy import Connection, Engine

from jobs.checks import judge_again
from jobs.outcomes import RETURNS
from jobs.records.basis import Change
from jobs.records.erased_again import Sieve
from jobs.records.mappings import OWN_WORDS, NamedMapping
from jobs.records.snapshots import count_again
from jobs.records.storing import When
from jobs.runs import Clock, concluded, running
from waitlists.cells import safe
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_delivery import Extract
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.referral_rules import passes
from waitlists.periods import london_date
from waitlists.security.audit import Look
from waitlists.store import audit, quarantine, referral_deliveries, write
from waitlists.store.erased import erased
from waitlists.store.quarantine import Tally
from waitlists.store.referral_deliveries import Accepted, Received
from waitlists.store.referral_looked import Stamp
from waitlists.store.referral_write import Merged, merge
from waitlists.store.referrals import open_by_service
from waitlists.store.returns_in_part import PutAside, returns_in_part
from waitlists.store.session import reading, writing

ROLE = "admin"


@dataclass(frozen=True, slots=True)
class Released:
    """How many rows were released and taken, and how many still break a rule.

    `erased` rows are not there any more, as their children were erased while they were read again.
    """

    delivery_id: int
    released: int
    still_held: int
    merged: Merged
    erased: int = 0

    def as_json(self) -> dict[str, Any]:
        """Every count."""
        counts = {"delivery_id": self.delivery_id, "released": self.released, "still_held": self.still_held}
        return counts | {"erased": self.erased} | self.merged.counts()


def listed(engine: Engine) -> list[Tally]:
    """Rows by delivery, rule and field, the newest delivery first."""
    with reading(engine) as connection:
        return quarantine.tallies(connection)


def in_part(engine: Engine, *, on: date) -> list[PutAside]:
    """Weekly returns of which rows were put aside and not sent again by a day."""
    with reading(engine) as connection:
        return returns_in_part(connection, source=RETURNS, on=on)


def export(engine: Engine, delivery_id: int, path: Path, *, now: datetime) -> int:
    """Write the held rows of a delivery to a new CSV file that its owner alone may read; how many there are.

    Raises
    ------
    BadArgument
        No row of this delivery is held, or the file is there already or cannot be written.
    """
    with writing(engine) as connection:
        rows = _held(connection, delivery_id)
        with _new_file(path) as file:
            _write(file, rows)
        look = Look(now, "command", ROLE, f"quarantine export {delivery_id}: {rows.num_rows} rows", None, None, 0)
        audit.append(connection, [look])
    return rows.num_rows


def release(engine: Engine, delivery_id: int, *, mapping: NamedMapping = OWN_WORDS, clock: Clock) -> Released:
    """Read the held rows of a delivery again, under a mended mapping or register, and take those that now hold.

    Raises
    ------
    BadArgument
        No row of this delivery is held.
    FileRefused
        No row can be used yet.
    """
    with reading(engine) as connection:
        rows = _held(connection, delivery_id)
    # The rows are under our own names already; a mapping's codes and date formats are what may have been mended.
    mended = replace(mapping.mapping, columns={}, codes={}, kind="delta")
    translated = _translated(rows, mapping.mapping.codes)
    extract = _read_again(translated, mended, delivery_id, clock)
    with running(engine, command="quarantine release", as_of=None, clock=clock) as run_id:
        return concluded(
            engine, run_id, lambda connection: _released(connection, delivery_id, rows, extract, When(run_id, clock()))
        )


def _read_again(rows: pa.Table, mapping: ProviderMapping, delivery_id: int, clock: Clock) -> Extract:
    """Held rows read as an extract; where none can be used, no file is at fault."""
    try:
        return read_extract(rows, mapping=mapping, on=london_date(clock()))
    except FileRefused as error:
        if error.code != "ALL_ROWS_BAD":
            raise
        none = f"none of the rows held of delivery {delivery_id} can be used yet, and all stay held"
        do = "mend the mapping that `--mapping` names, or the register, or have the rows sent again"
        raise FileRefused(f"{none}: {do}; `waitlists quarantine list` says why", code=error.code) from None


def _translated(rows: pa.Table, codes: Mapping[str, Mapping[str, str]]) -> pa.Table:
    """Held rows with those texts translated that their fields may not hold; all others are in our words already."""
    for name, words in codes.items():
        theirs = {word.lower(): ours for word, ours in words.items()}
        texts = [
            text if text is None or passes(name, text) else theirs.get(text.lower(), text)
            for text in rows[name].to_pylist()
        ]
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(texts, pa.string()))
    return rows


def _released(connection: Connection, delivery_id: int, rows: pa.Table, extract: Extract, when: When) -> Released:
    # The rows were read before this transaction: somebody may have been erased since.
    sieve, now = Sieve(erased(connection)), when.now
    extract = sieve.of(extract)
    merged = _taken(connection, delivery_id, rows, extract, when, sieve)
    still = {row for batch in extract.batches() for row in batch.rejected["row"].to_pylist()}
    held = quarantine.held_rows(connection, delivery_id)["row"].to_pylist()
    released = [row for row in held if row not in still]
    quarantine.mark_released(connection, delivery_id, released, by=ROLE, now=now)
    answer = Released(delivery_id, len(released), len(still), merged, sieve.records + sieve.rejected)
    action = f"quarantine release {delivery_id}: {len(released)} rows"
    audit.append(connection, [Look(now, "command", ROLE, action, None, None, 0)])
    write.publish(connection, run_id=when.run_id, now=now)
    write.finish_run(connection, when.run_id, status="done", summary=answer.as_json(), now=now)
    return answer


def _taken(
    connection: Connection, delivery_id: int, rows: pa.Table, extract: Extract, when: When, sieve: Sieve
) -> Merged:
    """The rows merged as a delivery of their own, and every list they change counted and judged anew."""
    facts = extract.facts
    before = {name: referral_deliveries.accepted_deliveries(connection, name) for name in facts.providers}
    known_from = _known_from(before, when.now)
    # The lists of the first delivery are counted already, and what was counted is never overwritten.
    checksum = sha256(f"release {when.run_id} of delivery {delivery_id}".encode()).hexdigest()
    received = Received(f"released rows of delivery {delivery_id}", checksum, rows.nbytes, when.now, when.run_id)
    number = referral_deliveries.add_extract(connection, facts, received, known_from=known_from)
    stamp = Stamp(facts.kind, facts.snapshot_date, known_from, facts.systems)
    merged = merge(connection, extract.batches(), number, stamp, providers=facts.providers)
    for name, one in merged.items():
        is_open = open_by_service(connection, name, systems=facts.systems)
        accepted = Accepted(name, facts.kind, facts.snapshot_date, known_from, is_open, (), facts.systems)
        accepted = _with_columns_of(before[name], accepted)
        referral_deliveries.add_accepted(connection, number, accepted, one.counts())
    total = sum(merged.values(), Merged())
    counts = {"read": facts.read, **total.counts(), **sieve.left_out(facts)}
    referral_deliveries.count_delivery(connection, number, counts)
    judge_again(connection, count_again(connection, [Change(number, total)], known_from=known_from))
    return total


def _with_columns_of(before: Sequence[Accepted], accepted: Accepted) -> Accepted:
    """With the columns of a provider's last delivery: held rows come without a header of theirs."""
    if not before:
        return accepted
    last = before[-1]
    return replace(accepted, unknown_columns=last.unknown_columns, fields=last.fields, filled=last.filled)


def _known_from(before: Mapping[str, Sequence[Accepted]], now: datetime) -> date:
    """Today, or the day a provider's last delivery counts as known from: knowledge is added at its end alone."""
    known = (one.known_from for accepted in before.values() for one in accepted)
    return max((london_date(now), *known))


def _held(connection: Connection, delivery_id: int) -> pa.Table:
    rows = quarantine.held_rows(connection, delivery_id)
    if not rows.num_rows:
        raise BadArgument("no row of this delivery is held; see `waitlists quarantine list`", field="DELIVERY")
    return rows


def _new_file(path: Path) -> IO[str]:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BadArgument(f"the file cannot be made: {error.strerror}", field="--output") from None
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def _write(file: IO[str], rows: pa.Table) -> None:
    writer = csv.writer(file)
    writer.writerow(rows.column_names)
    texts = ([safe(value) if isinstance(value, str) else value for value in row.values()] for row in rows.to_pylist())
    writer.writerows(texts)

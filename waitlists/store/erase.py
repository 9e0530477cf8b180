"""Referral records taken out for good: every version and every quarantined row, while what was counted stays.

On SQLite the bytes of deleted rows are overwritten. Backups made before still hold them: which pseudonyms were erased
is kept as digests, and a restore erases them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    union,
)

from waitlists.record.fields import IDENTITY
from waitlists.store.bulk import words_of
from waitlists.store.erased import note_erased
from waitlists.store.outages import plain_outages
from waitlists.store.referral_covers import forget_begun
from waitlists.store.referral_deliveries import SOURCE
from waitlists.store.tables import delivery, erasure, quarantine, referral, referral_delivery, referral_due, vintage

GONE: Final = ("rejected", "declined", "discharged_unseen", "transferred", "aged_out", "died", "data_correction")
"""Reasons for a clock's stop after which a child waits for nothing more here."""

_LONG_AGO = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many versions of referrals and quarantined rows are no longer there; of how many pseudonyms nothing was."""

    versions: int
    quarantined: int
    unknown: int = 0


def erase_pseudonyms(connection: Connection, pseudonyms: Sequence[str]) -> Erased:
    """Take out all that is held under some pseudonyms; in quarantine they may be none that a record may have."""
    overwrite_what_is_deleted(connection)
    note_erased(connection, pseudonyms)
    words = words_of(connection, pseudonyms)
    sent = quarantine.c.raw["pseudonym_id"].as_string()
    is_held = or_(quarantine.c.pseudonym_id.in_(words), sent.in_(words))
    held = union(
        *(select(each).where(each.in_(words)) for each in (referral.c.pseudonym_id, quarantine.c.pseudonym_id, sent))
    )
    known = connection.execute(select(func.count()).select_from(held.subquery())).scalar_one()
    found = _erased(connection, referral.c.pseudonym_id.in_(words), is_held)
    found = replace(found, unknown=len(set(pseudonyms)) - known)
    newest = connection.execute(select(func.max(vintage.c.period_end)).where(vintage.c.source == SOURCE)).scalar()
    if found.versions and newest is not None:
        _whole_from(connection, newest + timedelta(days=1))
    return found


def erase_expired(connection: Connection, *, before: date) -> Erased:
    """Take out referrals that ended before a day, and rows quarantined from deliveries about earlier days.

    A referral has ended when it was discharged, rejected, left for another reason than being seen, or was last on a
    list that day; one that waits for a next stage has not.
    """
    overwrite_what_is_deleted(connection)
    stopped = case((referral.c.clock_stop_reason.in_(GONE), referral.c.clock_stop_date))
    absent = case((referral.c.is_absent, referral.c.snapshot_date))
    ends = (referral.c.service_discharge_date, referral.c.referral_rejection_date, stopped, absent)
    has_ended = or_(*(end.is_not(None) for end in ends))
    is_over = and_(*(func.coalesce(end, literal(_LONG_AGO)) < before for end in ends))
    ended = select(referral.c.identity).where(referral.c.known_until.is_(None), has_ended, is_over)
    old = select(delivery.c.id).where(delivery.c.period_end < before)
    # Of a provider that sends no more: what was due then is nobody's work now.
    sent = referral_delivery.c
    silent = select(sent.provider).group_by(sent.provider).having(func.max(sent.snapshot_date) < before)
    connection.execute(delete(referral_due).where(referral_due.c.provider.in_(silent)))
    found = _erased(connection, referral.c.identity.in_(ended), quarantine.c.delivery_id.in_(old))
    if found.versions:
        _whole_from(connection, before)
    return found


def whole_from(connection: Connection) -> date | None:
    """The day from which on nothing that lists are counted from was erased, None where nothing ever was."""
    return connection.execute(select(func.max(erasure.c.whole_from))).scalar()


def _whole_from(connection: Connection, day: date) -> None:
    """Keep what was counted of earlier days as it is: counted again, it would be without the children erased."""
    last = whole_from(connection)
    if last is None or last < day:
        connection.execute(insert(erasure).values(whole_from=day))


def empty_log(engine: Engine) -> bool:
    """Write SQLite's log back and empty it, for it holds pages as they were; False while somebody reads them."""
    if engine.dialect.name != "sqlite":
        return True
    with plain_outages(engine.url):
        # Not within a transaction, which this engine would begin: a log in use is not emptied.
        connection: Any = engine.raw_connection()
        try:
            answer: tuple[int, int, int] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
    return answer[0] == 0


def _erased(connection: Connection, versions: ColumnElement[bool], rows: ColumnElement[bool]) -> Erased:
    # What is worked out of a referral goes with it, while it can still be found.
    gone = select(*(referral.c[name] for name in IDENTITY)).where(versions)
    due = tuple_(referral_due.c.provider, referral_due.c[IDENTITY[1]])
    connection.execute(delete(referral_due).where(due.in_(gone)))
    found = Erased(
        connection.execute(delete(referral).where(versions)).rowcount,
        connection.execute(delete(quarantine).where(rows)).rowcount,
    )
    if found.versions:
        forget_begun(connection)
    return found


def overwrite_what_is_deleted(connection: Connection) -> None:
    """Leave no deleted text in the free pages of an SQLite file, from here on in this connection."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")

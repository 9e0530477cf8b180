"""The few referrals that counting a change again needs: those that changed, their spells, and who was on a list when.

Who surely left a list before a day needs not be read for it. Referrals of one spell stand and fall together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from waitlists.counts.touched import KEY
from waitlists.deliveries.merge import IN_SPELLS, SPELL_RULE, may_join
from waitlists.store.bulk import words_of
from waitlists.store.erase import GONE
from waitlists.store.frames import read_table
from waitlists.store.referrals import READ_SCHEMA
from waitlists.store.tables import referral

_KEY_FIELD: Final = pa.field(KEY, pa.int64())
_VERSION_FIELD: Final = pa.field("version_id", pa.int32())
_CHILD, _SPELL = "pseudonym_id", "referral_spell_id"


class Window(NamedTuple):
    """Days of which a service's lists are asked for: those after `after`, up to `until`."""

    after: date
    until: date


def changed_since(connection: Connection, version: int, *, columns: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """Referrals with a version of this number or a later one, and those of their spells: as known before, and now.

    A column `identity` tells referrals apart; a new one was not known before.
    """
    changed: Any = select(referral.c.identity).where(referral.c.version_id >= version)
    is_changed = referral.c.identity.in_(changed)
    after = _read(connection, and_(is_changed, referral.c.known_until.is_(None)), columns)
    versions = _read(connection, and_(is_changed, referral.c.version_id < version), columns)
    before = _newest(versions)
    both = pa.concat_tables([before, after])
    others = _read(connection, and_(_of_spells(connection, both), referral.c.identity.not_in(changed)), columns)
    return pa.concat_tables([before, others]), pa.concat_tables([after, others])


def first_said(connection: Connection, version: int) -> date | None:
    """The first day about which versions from this number on are, also those that another has replaced since."""
    said = select(func.min(referral.c.snapshot_date)).where(referral.c.version_id >= version)
    return connection.execute(said).scalar()


def on_lists(
    connection: Connection, *, since: date, windows: Mapping[str, Iterable[Window]], columns: Sequence[str]
) -> pa.Table:
    """Referrals now known that may be on a list after a day, or of a service in a window of it, and their spells.

    Parameters
    ----------
    since
        Whoever left by this day is not asked for, but in a window.
    """
    is_asked = or_(
        _stays(since), *(_in_windows(service, list(several)) for service, several in sorted(windows.items()))
    )
    found = _read(connection, and_(_in_force, is_asked), columns)
    others = _read(connection, and_(_of_spells(connection, found), not_(is_asked)), columns)
    return pa.concat_tables([found, others])


_received: ColumnElement[date] = referral.c.referral_request_received_date
_in_force = func.coalesce(referral.c.known_until, date.max) == date.max
"""As `known_until` is none, but not in the words of an index: a scan would look up row by row what is in force."""

_joins = or_(referral.c.service.in_(IN_SPELLS), func.coalesce(referral.c.clock_rule_id, "") == SPELL_RULE)
"""Whether a referral may be part of a spell."""


def _in_windows(service: str, windows: Sequence[Window]) -> ColumnElement[bool]:
    """Whether a referral of a service may be on a list in any of the windows, or join who is."""
    each = (and_(_received <= until, _stays(after)) for after, until in windows)
    return and_(referral.c.service == service, _stays(min(windows).after), or_(_joins, *each))


def _stays(day: date) -> ColumnElement[bool]:
    """Whether a referral may be on a list after a day: it had not surely left; an end before it began is none.

    Plain comparisons, most telling first, as a million rows are asked; never unknown, so that its opposite is neither.
    """
    discharge, rejection, stop = (
        referral.c[name] for name in ("service_discharge_date", "referral_rejection_date", "clock_stop_date")
    )
    reason, is_absent = referral.c.clock_stop_reason, referral.c.is_absent

    def is_none(end: ColumnElement[date]) -> ColumnElement[bool]:
        return or_(end.is_(None), end > day, end < _received)

    still_counts = or_(is_none(stop), reason.is_(None), reason.not_in(GONE))
    return and_(
        is_none(discharge), or_(not_(is_absent), referral.c.snapshot_date >= day), is_none(rejection), still_counts
    )


def _of_spells(connection: Connection, rows: pa.Table) -> ColumnElement[bool]:
    """Whether a referral known now may be of one spell with some of these."""
    joining = rows.filter(pa.array(may_join(rows)))
    children, spells = (
        words_of(connection, set(pc.unique(joining[name]).to_pylist()) - {None}) for name in (_CHILD, _SPELL)
    )
    is_of_one = or_(referral.c[_CHILD].in_(children), referral.c[_SPELL].in_(spells))
    return and_(referral.c.known_until.is_(None), is_of_one, _joins)


def _read(connection: Connection, condition: ColumnElement[bool], columns: Sequence[str]) -> pa.Table:
    fields = [_KEY_FIELD, _VERSION_FIELD, *(READ_SCHEMA.field(name) for name in columns)]
    schema = pa.schema(fields)
    return read_table(connection, select(*(referral.c[name] for name in schema.names)).where(condition), schema)


def _newest(versions: pa.Table) -> pa.Table:
    """The newest version of each referral."""
    key, version = (cast("Any", versions[name]).to_numpy() for name in (KEY, _VERSION_FIELD.name))
    order = np.lexsort((version, key))
    is_last = np.ones(len(key), np.bool_)
    is_last[:-1] = key[order][1:] != key[order][:-1]
    return versions.take(pa.array(order[is_last]))

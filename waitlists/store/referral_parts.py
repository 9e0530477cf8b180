"""The few referrals that counting a change again needs: those that changed, their spells, and who was on a list when.

Who surely left a list before a day needs not be read for it. Referrals of one spell stand and fall together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, and_, case, false, func, not_, or_, select

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
    asked = [not_(_has_left(since))]
    for service, several in sorted(windows.items()):
        parts = (and_(not_(_has_left(after)), or_(_joins, _received <= until)) for after, until in several)
        asked.append(and_(referral.c.service == service, or_(*parts)))
    is_asked = or_(*asked)
    found = _read(connection, and_(referral.c.known_until.is_(None), is_asked), columns)
    others = _read(connection, and_(_of_spells(connection, found), not_(is_asked)), columns)
    return pa.concat_tables([found, others])


_received: ColumnElement[date] = referral.c.referral_request_received_date
_joins = or_(referral.c.service.in_(IN_SPELLS), func.coalesce(referral.c.clock_rule_id, "") == SPELL_RULE)
"""Whether a referral may be part of a spell."""


def _has_left(day: date) -> ColumnElement[bool]:
    """Whether a referral had surely left every list by the end of a day; an end before it began is none."""
    ended = (
        referral.c.service_discharge_date,
        referral.c.referral_rejection_date,
        case((referral.c.clock_stop_reason.in_(GONE), referral.c.clock_stop_date)),
    )
    is_absent: ColumnElement[bool] = referral.c.is_absent
    # Never unknown, as what may be unknown cannot be told from its opposite.
    left = (func.coalesce(and_(when <= day, when >= _received), false()) for when in ended)
    return or_(*left, and_(is_absent, referral.c.snapshot_date < day))


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

"""The few referrals that counting a change again needs: those that changed, their spells, and who was on a list when.

Who surely left a list before a day needs not be read for it. Referrals of one spell stand and fall together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from waitlists.clock.spells import LONGEST_GAP_DAYS
from waitlists.counts.touched import KEY
from waitlists.deliveries.merge import IN_SPELLS, SPELL_RULE, may_join
from waitlists.record.schema import IDENTITY
from waitlists.store.asked import asked_words
from waitlists.store.erase import GONE
from waitlists.store.frames import read_table
from waitlists.store.referrals import READ_SCHEMA
from waitlists.store.tables import referral

_KEY_FIELD: Final = pa.field(KEY, pa.int64())
_VERSION_FIELD: Final = pa.field("version_id", pa.int32())
_CHILD, _SPELL, _RECEIVED = "pseudonym_id", "referral_spell_id", "referral_request_received_date"
_OF_SPELLS: Final = (IDENTITY[0], _CHILD, _SPELL, _RECEIVED, "service", "clock_rule_id", _VERSION_FIELD.name)
"""Fields by which referrals of one spell are found."""


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
    others = _of_spells(connection, both, referral.c.identity.not_in(changed), columns)
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
    several = {service: list(days) for service, days in sorted(windows.items())}
    is_asked = or_(_stays(since), _joins_by_rule, *(_in_windows(service, days) for service, days in several.items()))
    found = _read(connection, and_(_in_force, is_asked), columns)
    left_by = max(min([since, *(after for after, _ in several.get(name, []))]) for name in IN_SPELLS)
    others = _of_spells(connection, _reaching(found, left_by), not_(is_asked), columns)
    return pa.concat_tables([found, others])


def _reaching(rows: pa.Table, left_by: date) -> pa.Table:
    """The referrals by which a spell may reach back to one that had left by a day."""
    soon = pc.less_equal(rows[_RECEIVED], left_by + timedelta(days=LONGEST_GAP_DAYS))
    return rows.select(_OF_SPELLS).filter(pc.or_(soon, pc.is_valid(rows[_SPELL])))


_received: ColumnElement[date] = referral.c[_RECEIVED]
_in_force = func.coalesce(referral.c.known_until, date.max) == date.max
"""As `known_until` is none, but not in the words of an index: a scan would look up row by row what is in force."""

_by_service, _by_rule = referral.c.service.in_(IN_SPELLS), func.coalesce(referral.c.clock_rule_id, "") == SPELL_RULE
_joins = or_(_by_service, _by_rule)
"""Whether a referral may be part of a spell."""

_joins_by_rule = and_(not_(_by_service), _by_rule)
"""The few of other services, which are asked for whenever they left."""


def _in_windows(service: str, windows: Sequence[Window]) -> ColumnElement[bool]:
    """Whether a referral of a service may be on a list in any of the windows, or join who is."""
    if service in IN_SPELLS:
        return and_(referral.c.service == service, _stays(min(windows).after))
    each = (and_(_received <= until, _stays(after)) for after, until in windows)
    return and_(referral.c.service == service, or_(*each))


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


def _of_spells(
    connection: Connection, rows: pa.Table, condition: ColumnElement[bool], columns: Sequence[str]
) -> pa.Table:
    """Referrals known now that may be of one spell with some of these; of those of which a condition is true.

    A spell is of one provider: whose sender says what it is, and of one child where no sender says it.
    """
    joining = rows.select(_OF_SPELLS).filter(pa.array(may_join(rows)))
    is_said = pc.not_equal(joining[_SPELL].fill_null(""), "")
    said = func.coalesce(referral.c[_SPELL], "") != ""
    several = ((_CHILD, joining.filter(pc.invert(is_said)), not_(said)), (_SPELL, joining.filter(is_said), said))
    found = [
        _read(connection, and_(_of_places(connection, part, name), is_alike, _joins, condition), columns)
        for name, part, is_alike in several
    ]
    return pa.concat_tables(found)


def _of_places(connection: Connection, rows: pa.Table, name: str) -> ColumnElement[bool]:
    """Whether a referral known now has the provider, and the word in a column, of one of these rows."""
    own = rows.group_by([IDENTITY[0], name]).aggregate([(_VERSION_FIELD.name, "max")]).sort_by(name)
    said = zip(*(own[one].to_pylist() for one in (IDENTITY[0], name, f"{_VERSION_FIELD.name}_max")), strict=True)
    asked = asked_words(connection, said)
    # The word alone is looked up, in the order of its index: one of providers leads to all that one has. And most
    # have that one alone.
    is_theirs = func.coalesce(referral.c[IDENTITY[0]], "") == asked.c.provider
    is_another = referral.c.version_id != asked.c.version_id
    return and_(referral.c[name] == asked.c.word, is_another, _in_force, is_theirs)


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

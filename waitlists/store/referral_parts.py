"""The few referrals that counting a change again needs: those that changed, their spells, and who was on a list when.

Who surely left a list before a day needs not be read for it. Referrals of one spell stand and fall together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from waitlists.clock.spells import LONGEST_GAP_DAYS
from waitlists.counts.touched import KEY
from waitlists.deliveries.merge import IN_SPELLS, SPELL_RULE, may_join
from waitlists.record.schema import IDENTITY
from waitlists.store.arrays import every, together
from waitlists.store.asked import asked_words
from waitlists.store.erase import GONE
from waitlists.store.frames import read_table
from waitlists.store.referrals import READ_SCHEMA, is_among, is_of
from waitlists.store.tables import referral

_VERSION: Final = "version_id"
_FIELDS: Final = pa.schema([*READ_SCHEMA, (KEY, pa.int64()), (_VERSION, pa.int32())])
_PROVIDER, _CHILD, _SPELL = IDENTITY[0], "pseudonym_id", "referral_spell_id"
_RECEIVED: Final = "referral_request_received_date"
_OF_SPELLS: Final = (_PROVIDER, _CHILD, _SPELL, _RECEIVED, "service", "clock_rule_id", _VERSION)
"""Fields by which referrals of one spell are found."""

_Numbers = NDArray[np.integer[Any]]


class Window(NamedTuple):
    """Days of which a service's lists are asked for: those after `after`, up to `until`."""

    after: date
    until: date


def changed_since(connection: Connection, version: int, *, columns: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """Referrals with a version of this number or a later one, and those of their spells: as known before, and now.

    A column `identity` tells referrals apart; a new one was not known before.
    """
    names = [KEY, _VERSION, *columns]
    after = _read(connection, and_(referral.c.version_id >= version, _in_force), names)
    changed = _numbers(after, KEY)
    stood = _read(connection, and_(is_of(connection, changed), referral.c.version_id < version), names)
    before = _newest(stood)
    unsaid, said = _apart(pa.concat_tables([before, after]))
    numbers = np.concatenate([_looked_up(connection, unsaid, _CHILD), _looked_up(connection, said, _SPELL)])
    others = _besides(connection, after, numbers)
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
    names = [_VERSION, *columns]
    found = _read(connection, and_(_in_force, is_asked), names)
    left_by = max(min([since, *(after for after, _ in several.get(name, []))]) for name in IN_SPELLS)
    unsaid, said = _apart(_reaching(found, left_by))
    left = _left(connection, unsaid, not_(is_asked))
    others = _besides(connection, found, np.concatenate([left, _looked_up(connection, said, _SPELL)]))
    return pa.concat_tables([found, others])


def _reaching(rows: pa.Table, left_by: date) -> pa.Table:
    """The referrals by which a spell may reach back to one that had left by a day."""
    soon = pc.less_equal(rows[_RECEIVED], left_by + timedelta(days=LONGEST_GAP_DAYS))
    return rows.select(_OF_SPELLS).filter(pc.or_(soon, pc.is_valid(rows[_SPELL])))


def _apart(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Those that may be of a spell: of which no sender says which it is, and of which one does.

    A spell is of one provider: whose sender says what it is, and of one child where no sender says it.
    """
    joining = rows.select(_OF_SPELLS).filter(pa.array(may_join(rows)))
    is_said = pc.not_equal(joining[_SPELL].fill_null(""), "")
    return joining.filter(pc.invert(is_said)), joining.filter(is_said)


_provider: ColumnElement[str] = referral.c[_PROVIDER]
_received: ColumnElement[date] = referral.c[_RECEIVED]
_is_said = func.coalesce(referral.c[_SPELL], "") != ""
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


def _left(connection: Connection, rows: pa.Table, has_left: ColumnElement[bool]) -> _Numbers:
    """The versions of referrals that have left, of children of these rows, where no sender says what their spells are.

    Most children have no other referral: looking each of them up costs more than going through all who left.
    """
    children, versions = together(connection.dialect.name, referral.c[_CHILD], referral.c.version_id)
    asked = select(_provider, children, versions).where(_in_force, _joins, not_(_is_said), has_left)
    asked = asked.where(_provider.in_(pc.unique(rows[_PROVIDER]).to_pylist())).group_by(_provider)
    found = [np.empty(0, np.int32)]
    for provider, words, numbers in connection.execute(asked):
        own = rows.filter(pc.equal(rows[_PROVIDER], provider))
        is_theirs = pc.is_in(pa.array(every(words), pa.string()), value_set=own[_CHILD].combine_chunks())
        found.append(np.array(every(numbers), np.int32)[is_theirs.to_numpy(zero_copy_only=False)])
    return np.concatenate(found)


def _looked_up(connection: Connection, rows: pa.Table, name: str) -> _Numbers:
    """The versions known now that may be of one spell with these rows: they have the provider of one, and its word."""
    own = rows.group_by([_PROVIDER, name]).aggregate([(_VERSION, "max")]).sort_by(name)
    said = zip(*(own[one].to_pylist() for one in (_PROVIDER, name, f"{_VERSION}_max")), strict=True)
    asked = asked_words(connection, said)
    # The word alone is looked up, in the order of its index: one of providers leads to all that one has. And most
    # have that one alone.
    is_theirs = and_(referral.c[name] == asked.c.word, func.coalesce(_provider, "") == asked.c.provider)
    counts = and_(_in_force, _is_said if name == _SPELL else not_(_is_said), _joins).label("counts")
    found = select(referral.c.version_id, counts).where(is_theirs, referral.c.version_id != asked.c.version_id)
    # Apart: taken for very telling, the rest would have every row of the table compared with every word.
    found = found.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return np.array(connection.execute(select(found.c.version_id).where(found.c.counts)).scalars().all(), np.int32)


def _besides(connection: Connection, rows: pa.Table, numbers: _Numbers) -> pa.Table:
    """Versions by their numbers, but for those that are among some rows, with the columns of these."""
    others = numbers[~np.isin(numbers, _numbers(rows, _VERSION))]
    return _read(connection, is_among(connection, others), rows.column_names)


def _read(connection: Connection, condition: ColumnElement[bool], names: Sequence[str]) -> pa.Table:
    schema = pa.schema([_FIELDS.field(name) for name in names])
    return read_table(connection, select(*(referral.c[name] for name in names)).where(condition), schema)


def _newest(versions: pa.Table) -> pa.Table:
    """The newest version of each referral."""
    key, version = (_numbers(versions, name) for name in (KEY, _VERSION))
    order = np.lexsort((version, key))
    is_last = np.ones(len(key), np.bool_)
    is_last[:-1] = key[order][1:] != key[order][:-1]
    return versions.take(pa.array(order[is_last]))


def _numbers(rows: pa.Table, name: str) -> _Numbers:
    return cast("Any", rows[name]).to_numpy()

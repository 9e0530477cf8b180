"""What a delivery of referral records changes in what is known of one provider, decided for all rows at once.

The rule: what is in force is what comes out when every delivery known by then is applied in the order of its snapshot
date (of two about one day, the later delivery goes last). A snapshot states the whole list, so what it does not hold is
absent from then on; a delta states its own rows alone. A delivery that comes late therefore fills in what newer ones
left open and never overwrites what they said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute

from waitlists.clock.rules import RULE_OF_SERVICE
from waitlists.clock.spells import LONGEST_GAP_DAYS
from waitlists.record.schema import SCHEMA

Numbers = npt.NDArray[np.int64]
Days = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

KNOWN_SCHEMA: Final[pa.Schema] = pa.schema(
    [
        ("identity", pa.int64()),
        ("version_id", pa.int32()),
        ("digest", pa.int64()),
        ("stated_on", pa.date32()),
        ("is_absent", pa.bool_()),
    ]
)
"""What has to be known of a version in force to decide about the rows of a delivery."""


@dataclass(frozen=True, slots=True)
class Known:
    """The versions in force of one provider, in order of identity; arrays of one length.

    `stated_on` is the day of the newest delta or changed row that said it and, of an absent one, of the newest delivery
    that did.
    """

    identity: Numbers
    version_id: Days
    digest: Numbers
    stated_on: Days
    is_absent: Mask

    @classmethod
    def of(cls, table: pa.Table) -> "Known":
        """The versions of a table with KNOWN_SCHEMA, in any order."""
        identity = table["identity"].to_numpy()
        order = np.argsort(identity)
        return cls(
            identity[order],
            table["version_id"].to_numpy()[order],
            table["digest"].to_numpy()[order],
            table["stated_on"].cast(pa.int32()).to_numpy()[order],
            table["is_absent"].to_numpy()[order],
        )

    def places(self, identity: Numbers) -> npt.NDArray[np.intp]:
        """(n,) where each referral stands in these arrays, -1 for one that is not known."""
        if not len(self.identity):
            return np.full(len(identity), -1, np.intp)
        found = np.minimum(np.searchsorted(self.identity, identity), len(self.identity) - 1)
        return np.where(self.identity[found] == identity, found, -1)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a delivery is to one provider: its day, whether it states the whole list, and which others were accepted.

    Attributes
    ----------
    day
        Its snapshot date, in days since 1970-01-01.
    is_overtaken
        A snapshot of a later day was accepted before this delivery came.
    last_before, last_until
        Day of the newest snapshot of an earlier day, and of an earlier or the same day; None where there is none.
    """

    day: int
    is_whole: bool
    is_overtaken: bool = False
    last_before: int | None = None
    last_until: int | None = None

    @classmethod
    def beside(cls, others: Iterable[int], *, day: int, is_whole: bool) -> "Delivered":
        """A delivery beside the snapshots of a provider that came before it, by their days."""
        days = list(others)
        return cls(
            day,
            is_whole,
            is_overtaken=any(other > day for other in days),
            last_before=max((other for other in days if other < day), default=None),
            last_until=max((other for other in days if other <= day), default=None),
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of each row of a batch: exactly one of the first four is true; `restated` are unchanged ones."""

    taken: Mask
    changed: Mask
    unchanged: Mask
    superseded: Mask
    restated: Mask


def decide(known: Known, delivered: Delivered, places: npt.NDArray[np.intp], digest: Numbers) -> Decided:
    """What becomes of rows that stand at `places` among the known and say `digest`.

    Returns
    -------
    Decided
        `taken`: not known before; `changed`: says something newer; `unchanged`: says the same; `superseded`: says
        something else than newer knowledge does, which stays; `restated`: said again by a delta of a later day.
    """
    taken = places < 0
    if taken.all():
        none = np.zeros(len(places), bool)
        return Decided(taken, none, none, none, none)
    same = ~taken & (known.digest[places] == digest)
    is_absent = ~taken & known.is_absent[places]
    stated_on = known.stated_on[places]
    if delivered.is_overtaken:
        # Who is absent by a newer snapshot stays so, but was still on the list on this day.
        changed = is_absent & ((stated_on < delivered.day) | ((stated_on == delivered.day) & ~same))
    else:
        changed = ~taken & (is_absent | (~same & (stated_on <= delivered.day)))
    unchanged = same & ~changed
    is_said_again = unchanged & ~is_absent & (stated_on < delivered.day)
    restated = is_said_again if not (delivered.is_whole or delivered.is_overtaken) else np.zeros_like(taken)
    return Decided(taken, changed, unchanged, ~(taken | changed | unchanged), restated)


def gone(known: Known, delivered: Delivered, seen: Mask) -> Mask:
    """(n,) which of the known a snapshot no longer holds, where nothing newer said otherwise."""
    if not delivered.is_whole or delivered.is_overtaken:
        return np.zeros(len(known.identity), bool)
    return ~seen & ~known.is_absent & (known.stated_on <= delivered.day)


def last_stated(known: Known, delivered: Delivered, which: Mask) -> Days:
    """(k,) the last day about which those gone were stated: every snapshot that came since held them."""
    stated_on = known.stated_on[which]
    return stated_on if delivered.last_until is None else np.maximum(stated_on, delivered.last_until).astype(np.int32)


def last_seen(known: Known, delivered: Delivered, which: Mask) -> Days:
    """(k,) the last day on which those gone were on the list; the day before where this snapshot corrects its own day.

    >>> import numpy as np
    >>> last_seen(Known(*map(np.array, ([7], [1], [0], [10], [False]))), Delivered(10, True), np.array([True])).tolist()
    [9]
    """
    found = known.stated_on[which]
    if delivered.last_before is not None:
        found = np.maximum(found, delivered.last_before)
    return np.minimum(found, delivered.day - 1).astype(np.int32)


_OF_NO_LIST: Final = frozenset(
    {
        "next_appointment_date", "was_not_brought_count", "patient_cancel_count", "provider_cancel_count",
        "source_of_referral", "source_system", "reason_for_referral_closure", "referral_rejection_reason",
    }
)  # fmt: skip
"""Fields that no count of a list depends on."""

_OF_THE_DAY: Final = frozenset(
    {"age_band", "district_code", "imd_decile", "waiting_for", "organisation_identifier_code_of_commissioner"}
)
"""Fields that describe the child on the day of the snapshot: another value says nothing about earlier weeks."""

SPELL_RULE: Final = "cypmh_4w"
IN_SPELLS: Final = [service for service, rule in RULE_OF_SERVICE.items() if rule == SPELL_RULE]
_RECEIVED: Final = ("referral_request_received_date", "original_referral_request_received_date")
_OF_THE_SPELL: Final = ("referral_spell_id", "service", "clock_rule_id")
_NEVER: Final = 2**31 - 1


def first_day(rows: pa.Table) -> int | None:
    """The first day on which a list may be another for any of these referrals, None of no rows.

    One that may continue a spell keeps the referral before it on the list from its end on.
    """
    return _least(_starts(rows)) if rows.num_rows else None


def first_difference(before: pa.Table, after: pa.Table) -> int | None:
    """The first day from which lists counted from `after` differ from those of `before`; rows stand side by side."""
    found = _NEVER
    starts = np.minimum(_starts(before), _starts(after))
    for field in SCHEMA:
        if field.name in _OF_NO_LIST or field.name == "snapshot_date":
            continue
        old, new = before[field.name], after[field.name]
        if pa.types.is_date32(field.type):
            earlier, later = _days(old), _days(new)
            since = starts if field.name in _RECEIVED else np.minimum(earlier, later)
            found = min(found, _least(since[earlier != later]))
            continue
        since = _days(after["snapshot_date"]) if field.name in _OF_THE_DAY else starts
        found = min(found, _least(since[_differs(old, new)]))
    return None if found == _NEVER else found


def moved_spells(before: pa.Table, after: pa.Table) -> set[str]:
    """What senders call the spells that referrals may have left or come to; rows stand side by side."""
    moved = np.logical_or.reduce([_differs(before[name], after[name]) for name in _OF_THE_SPELL])
    return spell_ids(before.filter(pa.array(moved))) | spell_ids(after.filter(pa.array(moved)))


def spell_ids(rows: pa.Table) -> set[str]:
    """What senders call the spells of these referrals, where referrals are counted by spells."""
    return set(compute.unique(rows.filter(pa.array(may_join(rows)))["referral_spell_id"]).to_pylist()) - {None}


def may_join(rows: pa.Table) -> Mask:
    """(n,) which referrals may be part of a spell."""
    by_service = compute.is_in(rows["service"], value_set=pa.array(IN_SPELLS, pa.string()))
    by_rule = compute.equal(rows["clock_rule_id"], SPELL_RULE)
    return compute.or_(by_service, compute.fill_null(by_rule, fill_value=False)).to_numpy(zero_copy_only=False)


def _starts(rows: pa.Table) -> Days:
    received, original = (_days(rows[name]) for name in _RECEIVED)
    reach = np.where(may_join(rows), received - np.int32(LONGEST_GAP_DAYS), received)
    return np.minimum(reach, original).astype(np.int32)


def _days(column: Any) -> Days:
    """(n,) days since 1970-01-01; a day that never comes for none."""
    return column.cast(pa.int32()).fill_null(_NEVER).to_numpy()


def _differs(old: Any, new: Any) -> Mask:
    empty: Any = "\0" if pa.types.is_string(old.type) else -1
    pairs = (column.combine_chunks().fill_null(empty) for column in (old, new))
    first, second = (column.to_numpy(zero_copy_only=False) for column in pairs)
    return first != second


def _least(days: Days) -> int:
    return int(days.min(initial=_NEVER))

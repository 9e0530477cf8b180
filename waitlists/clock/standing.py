"""What each referral's clock is worked out from: its events and how it left, put together for a spell of referrals.

Nothing here ends a wait; `clock` does, by the rule of each referral.
"""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock.rules import IN_PERSON, MENTAL_HEALTH_MEDIA, RULES, Events
from waitlists.clock.spells import spells
from waitlists.queue import TREATED
from waitlists.record.columns import NEVER, Days, Flags, coded, days_of, places_of
from waitlists.record.schema import REASONS

_SEEN, _REJECTED = (REASONS.index(word) for word in ("seen", "rejected"))
_SPELL_REASON: Final = REASONS.index(RULES["cypmh_4w"].reason)
_ACCEPTED: Final = np.array([[word in rule.accepted for word in REASONS] for rule in RULES.values()])


class Exits(NamedTuple):
    """How each referral left, as its sender says: `seen` by a stop that says so, removed, or discharged.

    `gone` is the day after the last extract that held a referral which a newer one does not.
    """

    seen: Days
    seen_reason: NDArray[np.int32]
    removed: Days
    removed_reason: NDArray[np.int32]
    discharged: Days
    gone: Days

    @property
    def closed(self) -> Days:
        """The day from which nothing more was to come."""
        return np.minimum(self.removed, self.discharged)

    @property
    def ended(self) -> Days:
        """The day from which a referral holds no spell open: closed, or out of sight."""
        return np.minimum(self.closed, self.gone)


class Standing(NamedTuple):
    """What each row's clock is worked out from; for a spell its first row holds what is true of all of it.

    `awaited` is what the child waits for: a place in the record's stages.
    """

    start: Days
    entered: Days
    events: Events
    exits: Exits
    awaited: NDArray[np.int32]
    is_first: Flags


def until(days: Days, last: int) -> Days:
    """The days up to the last; what is later has not happened."""
    return np.where(days > last, np.int32(NEVER), days)


def since(days: Days, start: Days) -> Days:
    """The days that are not before the start of each wait; what is dated before it is no part of the wait."""
    return np.where(days < start, np.int32(NEVER), days)


def events_of(table: pa.Table, last: int) -> Events:
    """What happened to each referral by a day."""

    def happened(name: str) -> Days:
        return until(days_of(table, name), last)

    contact = happened("first_care_contact_date")
    medium = coded(table, "first_care_contact_medium")

    def by(media: tuple[str, ...]) -> Days:
        counts = np.array([word in media or not word for word in medium.words], np.bool_)
        return np.where(counts[medium.codes], contact, np.int32(NEVER)) if len(contact) else contact

    plan, assessment = happened("plan_or_intervention_date"), happened("assessment_started_date")
    return Events(
        contact=contact,
        in_person=by(IN_PERSON),
        mental_health=by(MENTAL_HEALTH_MEDIA),
        baseline=happened("baseline_outcome_date"),
        plan=plan,
        assessment=assessment,
        intervention=np.minimum(plan, assessment),
        equipment=happened("equipment_delivered_date"),
    )


def exits_of(table: pa.Table, start: Days, last: int) -> Exits:
    """How each referral had left by a day, from its start on."""

    def happened(name: str) -> Days:
        return since(until(days_of(table, name), last), start)

    said, reason = happened("clock_stop_date"), places_of(table, "clock_stop_reason", REASONS)
    rejected = happened("referral_rejection_date")
    removed = np.where(reason >= len(TREATED), said, np.int32(NEVER))
    return Exits(
        seen=np.where((reason >= 0) & (reason < len(TREATED)), said, np.int32(NEVER)),
        seen_reason=reason,
        removed=np.minimum(removed, rejected),
        removed_reason=np.where(removed <= rejected, reason, np.int32(_REJECTED)),
        discharged=happened("service_discharge_date"),
        gone=until(_out_of_sight(table), last),
    )


def accepted(exits: Exits, rule: NDArray[np.int32], contact: Days) -> Exits:
    """The same exits, `seen` only where the rule of each referral takes the sender's word for what the wait was for.

    A "seen" of the day of the first contact is that contact, and adds nothing to what the rule makes of it.
    """
    is_contact = (exits.seen_reason == _SEEN) & (exits.seen == contact)
    is_accepted = (exits.seen_reason >= 0) & _ACCEPTED[rule, exits.seen_reason] & ~is_contact
    return exits._replace(seen=np.where(is_accepted, exits.seen, np.int32(NEVER)))


def _out_of_sight(table: pa.Table) -> Days:
    if "is_absent" not in table.column_names:
        return np.full(table.num_rows, NEVER, np.int32)
    is_absent = np.asarray(table.column("is_absent"), np.bool_)
    return np.where(is_absent, days_of(table, "snapshot_date") + np.int32(1), np.int32(NEVER))


def merged(table: pa.Table, each: Standing, among: Flags) -> Standing:
    """Spells put together: the earliest of every event; closed, or out of sight, as the last of their referrals is."""
    found = spells(table, each.entered, each.exits.ended, among)
    if found is None:
        return each._replace(events=each.events.within(lambda days: since(days, each.start)))
    start = found.throughout(each.start)
    rows, closing, exits = found.standing, found.last_ended(each.exits.ended), each.exits
    is_open = exits.closed[closing] == NEVER

    def put(days: Days, values: Days) -> Days:
        changed = days.copy()
        changed[rows] = values
        return changed

    def of_closing(days: Days) -> Days:
        return put(days, np.where(is_open, np.int32(NEVER), days[closing]))

    return Standing(
        start=start,
        entered=each.entered,
        events=each.events.within(lambda days: found.throughout(since(days, start))),
        exits=Exits(
            seen=put(exits.seen, found.earliest(exits.seen)),
            seen_reason=put(exits.seen_reason, np.full(len(rows), _SPELL_REASON, np.int32)),
            removed=of_closing(exits.removed),
            removed_reason=put(exits.removed_reason, exits.removed_reason[closing]),
            discharged=of_closing(exits.discharged),
            gone=put(exits.gone, exits.gone[closing]),
        ),
        awaited=put(each.awaited, each.awaited[closing]),
        is_first=~among | np.isin(np.arange(len(among)), rows),
    )

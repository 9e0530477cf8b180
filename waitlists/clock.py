"""When each referral's wait started and ended under the clock of its service, whatever its sender's clock says.

The wait starts when the first provider received the referral, and a change of provider never restarts it. It ends when
what it was for happened (`clock_rules`), or by removal: rejected, discharged, transferred and the rest, none of which
counts as seen. Days a family chose to wait stay in it and are kept beside it. A sender's stop stands in only where none
of the rule's own dates is given; where its dates differ from ours they are counted, not used.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock_rules import IN_PERSON, MENTAL_HEALTH_MEDIA, RULE_OF_SERVICE, RULES, Events
from waitlists.queue import TREATED
from waitlists.record_columns import MISSING, NEVER, Days, Flags, coded, day_number, days_of, numbers_of, places_of
from waitlists.referral_record import CLOCK_RULES, REASONS, SERVICES, STAGES
from waitlists.spells import spells

_NO_REASON: Final = -1
_REJECTED, _UNSEEN, _MISTAKE = (REASONS.index(word) for word in ("rejected", "discharged_unseen", "data_correction"))
_RULE_NAMES: Final = tuple(RULES)
_REVIEW_RULE, _SPELL_RULE = _RULE_NAMES.index("review"), _RULE_NAMES.index("cypmh_4w")
_SPELL_REASON: Final = REASONS.index(RULES["cypmh_4w"].reason)
_REVIEW_STAGE: Final = STAGES.index("review")
_RULE_OF_SERVICE: Final = np.array([_RULE_NAMES.index(RULE_OF_SERVICE[name]) for name in SERVICES], np.int32)
_ACCEPTED: Final = np.array([[word in rule.accepted for word in REASONS] for rule in RULES.values()])

_LATER_STAGES: Final = tuple(STAGES.index(stage) for stage in ("assessment", "treatment", "equipment"))
_NEXT_WORDS: Final = {"assessment": "assessed", "treatment": "treated", "equipment": "equipment_delivered"}
_NEXT_REASONS: Final = np.array(
    [REASONS.index(_NEXT_WORDS[stage]) if stage in _NEXT_WORDS else _NO_REASON for stage in STAGES], np.int32
)
"""How a wait after the clock ends well, by what is waited for; a first contact and a review come after no clock."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clock of each row of a records table on a day: (n,) arrays; days are numbers since 1970-01-01, MISSING none.

    `start` is when the wait began, `entered` when this provider's list got the child: the two differ after a change of
    provider. `reason` is a place in the record's reasons for stopping, -1 while waiting. `next_start` to `next_stop` is
    the wait for a later stage after the clock stopped. Only rows that are `is_counted` are a wait of their own: the
    later referrals of a spell are part (`is_part`) of its first, and a row seen before this provider had it never
    waited here.
    `adjustment` is how many days the family chose to wait; it is never taken off the headline wait.
    """

    on: date
    rule: NDArray[np.int32]
    start: Days
    entered: Days
    stop: Days
    reason: NDArray[np.int32]
    next_start: Days
    next_stop: Days
    next_reason: NDArray[np.int32]
    is_review: Flags
    is_part: Flags
    is_counted: Flags
    adjustment: Days
    start_differs: Flags
    stop_differs: Flags


class ClockDifference(NamedTuple):
    """How many referrals of a provider's list have a clock date that their sender gives otherwise."""

    service: str
    provider: str
    date: Literal["start", "stop"]
    referrals: int


def clocks(table: pa.Table, *, on: date) -> Clocks:
    """The clock of every referral as it stood at the end of a day; what happened later has not happened.

    Parameters
    ----------
    table : records table
        Rows of the canonical record (`referral_record.SCHEMA`).
    """
    last = day_number(on)
    rule = _rules(table)
    received = days_of(table, "referral_request_received_date")
    start = np.minimum(received, days_of(table, "original_referral_request_received_date"))
    each = _Standing(start, received, _events(table, last), _exits(table, rule, last), np.ones(len(start), np.bool_))
    standing = _merged(table, each, rule == _SPELL_RULE)
    stop, reason = _first_of(*_happened(rule, standing), standing.exits)
    awaited = places_of(table, "waiting_for", STAGES)
    next_stop, next_reason = _first_of(_next_event(awaited, standing.events), _NEXT_REASONS[awaited], standing.exits)
    is_next = (reason >= 0) & (reason < len(TREATED)) & (_NEXT_REASONS[awaited] >= 0) & (next_stop > stop)
    return Clocks(
        on=on,
        rule=rule,
        start=standing.start,
        entered=standing.entered,
        stop=_or_missing(stop),
        reason=reason,
        next_start=np.where(is_next, stop, np.int32(MISSING)),
        next_stop=np.where(is_next, _or_missing(next_stop), np.int32(MISSING)),
        next_reason=np.where(is_next, next_reason, np.int32(_NO_REASON)),
        is_review=rule == _REVIEW_RULE,
        is_part=~standing.is_first,
        is_counted=standing.is_first & (stop >= standing.entered) & (standing.entered <= last),
        adjustment=numbers_of(table, "wait_adjustment_days", empty=0),
        start_differs=_differs(days_of(table, "clock_start_date"), standing.start) & standing.is_first,
        stop_differs=_differs(_until(days_of(table, "clock_stop_date"), last), stop) & standing.is_first,
    )


def differences(table: pa.Table, found: Clocks) -> tuple[ClockDifference, ...]:
    """Where senders' clock dates are not ours, by service and provider; one line a list and date that has any."""
    service, provider = coded(table, "service"), coded(table, "organisation_identifier_code_of_provider")
    both = service.codes * len(provider.words) + provider.codes
    counted: list[ClockDifference] = []
    flagged: dict[Literal["start", "stop"], Flags] = {"start": found.start_differs, "stop": found.stop_differs}
    for which, flags in flagged.items():
        counts = np.bincount(both[flags], minlength=len(service.words) * len(provider.words))
        for place in np.flatnonzero(counts).tolist():
            of, by = divmod(place, len(provider.words))
            counted.append(ClockDifference(service.words[of], provider.words[by], which, int(counts[place])))
    return tuple(counted)


class _Exits(NamedTuple):
    """How each referral left, as its sender says: `seen` by a stop that the rule accepts, removed, or discharged."""

    seen: Days
    seen_reason: NDArray[np.int32]
    removed: Days
    removed_reason: NDArray[np.int32]
    discharged: Days

    @property
    def closed(self) -> Days:
        """The day from which nothing more was to come."""
        return np.minimum(self.removed, self.discharged)


class _Standing(NamedTuple):
    """What each row's clock is worked out from; for a spell its first row holds what is true of all of it."""

    start: Days
    entered: Days
    events: Events
    exits: _Exits
    is_first: Flags


def _rules(table: pa.Table) -> NDArray[np.int32]:
    """Place in RULES of each row: as its sender names it, else that of its service; a review has one of its own."""
    named = places_of(table, "clock_rule_id", CLOCK_RULES)
    usual = _RULE_OF_SERVICE[places_of(table, "service", SERVICES)]
    is_review = places_of(table, "waiting_for", STAGES) == _REVIEW_STAGE
    return np.where(is_review, np.int32(_REVIEW_RULE), np.where(named >= 0, named, usual))


def _until(days: Days, last: int) -> Days:
    return np.where(days > last, np.int32(NEVER), days)


def _events(table: pa.Table, last: int) -> Events:
    def happened(name: str) -> Days:
        return _until(days_of(table, name), last)

    contact = happened("first_care_contact_date")
    medium = coded(table, "first_care_contact_medium")

    def by(media: tuple[str, ...]) -> Days:
        counts = np.array([word in media or not word for word in medium.words], np.bool_)
        return np.where(counts[medium.codes], contact, np.int32(NEVER)) if len(contact) else contact

    return Events(
        contact=contact,
        in_person=by(IN_PERSON),
        mental_health=by(MENTAL_HEALTH_MEDIA),
        baseline=happened("baseline_outcome_date"),
        plan=happened("plan_or_intervention_date"),
        assessment=happened("assessment_started_date"),
        equipment=happened("equipment_delivered_date"),
    )


def _exits(table: pa.Table, rule: NDArray[np.int32], last: int) -> _Exits:
    said, reason = _until(days_of(table, "clock_stop_date"), last), places_of(table, "clock_stop_reason", REASONS)
    rejected = _until(days_of(table, "referral_rejection_date"), last)
    removed = np.where(reason >= len(TREATED), said, np.int32(NEVER))
    return _Exits(
        seen=np.where((reason >= 0) & _ACCEPTED[rule, reason], said, np.int32(NEVER)),
        seen_reason=reason,
        removed=np.minimum(removed, rejected),
        removed_reason=np.where(removed <= rejected, reason, np.int32(_REJECTED)),
        discharged=_until(days_of(table, "service_discharge_date"), last),
    )


def _merged(table: pa.Table, each: _Standing, among: Flags) -> _Standing:
    """Spells put together: the earliest of every event, and closed only as the last of their referrals is."""
    found = spells(table, each.entered, each.exits.closed, among)
    if found is None:
        return each
    rows, closing, exits = found.standing, found.last_closed(each.exits.closed), each.exits
    is_open = exits.closed[closing] == NEVER

    def put(days: Days, values: Days) -> Days:
        changed = days.copy()
        changed[rows] = values
        return changed

    def of_closing(days: Days) -> Days:
        return put(days, np.where(is_open, np.int32(NEVER), days[closing]))

    return _Standing(
        start=put(each.start, found.earliest(each.start)),
        entered=each.entered,
        events=each.events.among(lambda days: put(days, found.earliest(days))),
        exits=_Exits(
            seen=put(exits.seen, found.earliest(exits.seen)),
            seen_reason=put(exits.seen_reason, np.full(len(rows), _SPELL_REASON, np.int32)),
            removed=of_closing(exits.removed),
            removed_reason=put(exits.removed_reason, exits.removed_reason[closing]),
            discharged=of_closing(exits.discharged),
        ),
        is_first=~among | np.isin(np.arange(len(among)), rows),
    )


def _happened(rule: NDArray[np.int32], standing: _Standing) -> tuple[Days, NDArray[np.int32]]:
    """The day and the word of what the wait was for; the sender's where none of the rule's dates is given."""
    days, word = np.full(len(rule), NEVER, np.int32), np.full(len(rule), _NO_REASON, np.int32)
    for place, found in enumerate(RULES.values()):
        is_unsaid = np.logical_and.reduce([getattr(standing.events, name) == NEVER for name in found.inputs])
        is_ruled = rule == place
        days = np.where(is_ruled, np.where(is_unsaid, standing.exits.seen, found.stop(standing.events)), days)
        own = np.int32(REASONS.index(found.reason))
        word = np.where(is_ruled, np.where(is_unsaid, standing.exits.seen_reason, own), word)
    return days, word


def _next_event(awaited: NDArray[np.int32], events: Events) -> Days:
    """The day on which what is waited for after the clock happened, by the place of `waiting_for` in STAGES."""
    days = np.full(len(awaited), NEVER, np.int32)
    for place, happened in zip(_LATER_STAGES, (events.assessment, events.plan, events.equipment), strict=True):
        days = np.where(awaited == place, happened, days)
    return days


def _first_of(happened: Days, word: NDArray[np.int32], exits: _Exits) -> tuple[Days, NDArray[np.int32]]:
    """What came first, and its reason.

    On the same day a removal comes before what the wait was for, since who is transferred or was there by mistake is
    not seen, and that before the discharge which follows from it. A referral there by mistake never had anything.
    """
    is_mistake = (exits.removed != NEVER) & (exits.removed_reason == _MISTAKE)
    seen = np.where(is_mistake, np.int32(NEVER), happened)
    stop = np.minimum(np.minimum(exits.removed, seen), exits.discharged)
    reason = np.select(
        [stop == NEVER, stop == exits.removed, stop == seen],
        [np.int32(_NO_REASON), exits.removed_reason, word],
        np.int32(_UNSEEN),
    )
    return stop, reason


def _differs(said: Days, ours: Days) -> Flags:
    return (said != NEVER) & (said != ours)


def _or_missing(days: Days) -> Days:
    return np.where(days == NEVER, np.int32(MISSING), days)

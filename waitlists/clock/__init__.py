"""When each referral's wait started and ended under the clock of its service, whatever its sender's clock says.

The wait starts when the first provider received the referral, and a change of provider never restarts it. It ends when
what it was for happened (`clock.rules`), or by removal: rejected, discharged, transferred and the rest, none of which
counts as seen. Days a family chose to wait stay in it and are kept beside it. A sender's stop stands in only for dates
that are not given and without which the rule finds no end; where its dates differ from ours they are counted, not used.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock.rules import RULE_OF_SERVICE, RULES, Events
from waitlists.clock.standing import Exits, Standing, accepted, events_of, exits_of, merged, since, until
from waitlists.queue import TREATED
from waitlists.record.columns import MISSING, NEVER, Days, Flags, coded, day_number, days_of, numbers_of, places_of
from waitlists.record.schema import CLOCK_RULES, REASONS, SERVICES, STAGES

_NO_REASON: Final = -1
_UNSEEN, _MISTAKE = (REASONS.index(word) for word in ("discharged_unseen", "data_correction"))
_RULE_NAMES: Final = tuple(RULES)
_REVIEW_RULE, _SPELL_RULE = _RULE_NAMES.index("review"), _RULE_NAMES.index("cypmh_4w")
_REVIEW_STAGE: Final = STAGES.index("review")
_RULE_OF_SERVICE: Final = np.array([_RULE_NAMES.index(RULE_OF_SERVICE[name]) for name in SERVICES], np.int32)

_LATER_STAGES: Final = tuple(STAGES.index(stage) for stage in ("assessment", "treatment", "equipment"))
_NEXT_WORDS: Final = {"assessment": "assessed", "treatment": "treated", "equipment": "equipment_delivered"}
_NEXT_REASONS: Final = np.array(
    [REASONS.index(_NEXT_WORDS[stage]) if stage in _NEXT_WORDS else _NO_REASON for stage in STAGES], np.int32
)
"""How a wait after the clock ends well, by what is waited for; no record says that a review took place."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clock of each row of a records table on a day: (n,) arrays; days are numbers since 1970-01-01, MISSING none.

    `start` is when the wait began, `entered` when this provider's list got the child: the two differ after a change of
    provider. `reason` is a place in the record's reasons for stopping, -1 while waiting. `next_start` to `next_stop` is
    the wait for a later stage, or for a review, after the clock stopped; a referral that `is_review` was for a review
    from the start, as nothing happened before the child left. Only rows that are `is_counted` are a wait of their own:
    the later referrals of a spell are part (`is_part`) of its first, and a row seen before this provider had it never
    waited here. `gone` is the day from which a newer full extract no longer holds a referral, of a
    spell any of it. `adjustment` is how many days the family chose to wait; it is never taken off the headline wait.
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
    next_is_review: Flags
    is_review: Flags
    is_part: Flags
    is_counted: Flags
    gone: Days
    adjustment: Days
    start_differs: Flags
    stop_differs: Flags

    def take(self, which: Flags) -> "Clocks":
        """The clocks of the rows that are chosen."""
        columns = (field.name for field in fields(self) if field.name != "on")
        return Clocks(self.on, **{name: getattr(self, name)[which] for name in columns})


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
        Rows of the canonical record (`record.schema.SCHEMA`).
    """
    last = day_number(on)
    received = days_of(table, "referral_request_received_date")
    start = np.minimum(received, days_of(table, "original_referral_request_received_date"))
    events, exits = events_of(table, last), exits_of(table, start, last)
    awaited = places_of(table, "waiting_for", STAGES)
    first = np.minimum(events.among(lambda days: since(days, start)).first, exits.seen)
    is_review = (awaited == _REVIEW_STAGE) & (first >= exits.closed)
    rule = np.where(is_review, np.int32(_REVIEW_RULE), _rules(table))
    each = Standing(
        start, received, events, accepted(exits, rule, events.contact), awaited, np.ones(len(start), np.bool_)
    )
    standing = merged(table, each, rule == _SPELL_RULE)
    stop, reason = _first_of(*_happened(rule, standing), standing.exits)
    later = standing.awaited
    next_stop, next_reason = _first_of(_next_event(later, standing.events), _NEXT_REASONS[later], standing.exits)
    is_later = (_NEXT_REASONS[later] >= 0) | ((later == _REVIEW_STAGE) & ~is_review)
    is_next = (reason >= 0) & (reason < len(TREATED)) & is_later & (next_stop > stop)
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
        next_is_review=later == _REVIEW_STAGE,
        is_review=is_review,
        is_part=~standing.is_first,
        is_counted=standing.is_first & (stop >= standing.entered) & (standing.entered <= last),
        gone=_or_missing(standing.exits.gone),
        adjustment=numbers_of(table, "wait_adjustment_days", empty=0),
        start_differs=_differs(days_of(table, "clock_start_date"), standing.start) & standing.is_first,
        stop_differs=_differs(until(days_of(table, "clock_stop_date"), last), stop) & standing.is_first,
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


def _rules(table: pa.Table) -> NDArray[np.int32]:
    """Place in RULES of each row: as its sender names it, else that of its service."""
    named = places_of(table, "clock_rule_id", CLOCK_RULES)
    usual = _RULE_OF_SERVICE[places_of(table, "service", SERVICES)]
    return np.where(named >= 0, named, usual)


def _happened(rule: NDArray[np.int32], standing: Standing) -> tuple[Days, NDArray[np.int32]]:
    """The day and the word of what the wait was for; the sender's stop fills in dates without which it never ends."""
    days, word = np.full(len(rule), NEVER, np.int32), np.full(len(rule), _NO_REASON, np.int32)
    events, said = standing.events, standing.exits.seen
    filled = events.among(lambda given: np.where(given == NEVER, said, given))
    for place, found in enumerate(RULES.values()):
        is_ruled, own = rule == place, found.stop(events)
        is_told, reason = own == NEVER, np.int32(REASONS.index(found.reason))
        days = np.where(is_ruled, np.where(is_told, found.stop(filled), own), days)
        word = np.where(is_ruled, np.where(is_told, standing.exits.seen_reason, reason), word)
    return days, word


def _next_event(awaited: NDArray[np.int32], events: Events) -> Days:
    """The day on which what is waited for after the clock happened, by the place of `waiting_for` in STAGES."""
    days = np.full(len(awaited), NEVER, np.int32)
    for place, happened in zip(_LATER_STAGES, (events.assessment, events.plan, events.equipment), strict=True):
        days = np.where(awaited == place, happened, days)
    return days


def _first_of(happened: Days, word: NDArray[np.int32], exits: Exits) -> tuple[Days, NDArray[np.int32]]:
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

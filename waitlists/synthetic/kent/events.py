"""What happens to each child on the way: contacts, scores, plans, deliveries, missed and cancelled appointments.

The flows say when a wait ends and whether the child was seen; here the rest of the record is made to fit. All chances
are guesses; those of a first contact in mental health follow the published median and nine-in-ten wait.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.record.schema import REASONS
from waitlists.synthetic.kent.calendar import NEVER
from waitlists.synthetic.kent.flows import CLEANED, SEEN, Stays
from waitlists.synthetic.kent.referrals import IS_REVIEW, SERVICE, Column, of_lists

Mask = NDArray[np.bool_]

SEEN_REASONS = {
    "ASD": "seen", "ADHD": "assessed", "CAMHS": "treated", "CAMHS_ED": "treated", "SALT": "seen",
    "COMM_PAEDS": "seen", "WHEELCHAIR": "equipment_delivered", "EHC": "treated",
}  # fmt: skip
"""What a wait that ends well is called, by service; a review ends when the child is seen."""

_EARLY_DAYS = 56
_EARLY = {"rejected": 0.60, "declined": 0.20, "discharged_unseen": 0.195, "data_correction": 0.005}
_LATE = {"discharged_unseen": 0.62, "declined": 0.30, "aged_out": 0.05, "data_correction": 0.029, "died": 0.001}
_CLEAN_UP = {"data_correction": 0.6, "discharged_unseen": 0.4}

_CONTACT_WEEKS = (0, 1, 2, 4, 8, 12, 18, 52, 104)
_WITHOUT_CONTACT = (0.95, 0.84, 0.70, 0.48, 0.36, 0.32, 0.30, 0.285, 0.275)
"""Share of those waiting in mental health who have had no contact after so many weeks; the rest never get one."""

_LONG_DAYS = 728


class Ending(NamedTuple):
    """How each wait ended: reason, and the days of rejection and of discharge."""

    reason: Column
    rejected: Column
    discharged: Column


class Contacts(NamedTuple):
    """Days of what a clock may look at."""

    contact: Column
    baseline: Column
    plan: Column
    assessment: Column
    equipment: Column


class Appointments(NamedTuple):
    """Appointments booked, missed and cancelled: days and how many; the days the family chose to wait longer."""

    booked: Column
    appointment: Column
    missed_on: Column
    missed: Column
    family_on: Column
    family: Column
    adjustment: Column
    provider_on: Column


def ending(stays: Stays, rng: np.random.Generator) -> Ending:
    """Why each child left, when the referral was rejected and when the child was discharged, which may be later."""
    size, services = len(stays.joined), SERVICE[stays.list_index]
    reason = np.full(size, -1, dtype=np.int8)
    is_seen, has_left = stays.ending == SEEN, stays.left != NEVER
    is_review = IS_REVIEW[stays.list_index]
    for service, word in SEEN_REASONS.items():
        reason[is_seen & (services == service)] = REASONS.index(word)
    reason[is_seen & is_review] = REASONS.index("seen")
    unseen = has_left & ~is_seen
    is_early = stays.left - stays.joined < _EARLY_DAYS
    for chosen, words in (
        (unseen & is_early, _EARLY),
        (unseen & ~is_early, _LATE),
        (stays.ending == CLEANED, _CLEAN_UP),
    ):
        places = [REASONS.index(word) for word in words]
        reason[chosen] = rng.choice(places, int(chosen.sum()), p=list(words.values()))
    is_adult = of_lists(lambda item: item.ages[1] == 18)[stays.list_index]
    reason[(reason == REASONS.index("aged_out")) & ~is_adult] = REASONS.index("discharged_unseen")
    is_rejected = reason == REASONS.index("rejected")
    stage = of_lists(lambda item: item.next_stage)[stays.list_index]
    waits_on = is_seen & (rng.random(size) < stage[:, 0])
    later = stays.left + 1 + 7 * rng.exponential(stage[:, 1])
    discharged = np.where(waits_on, later, np.where(has_left & ~is_rejected, stays.left, NEVER))
    return Ending(reason, _where(is_rejected, stays.left), discharged.astype(np.int32))


def contacts(stays: Stays, ends: Ending, rng: np.random.Generator) -> Contacts:
    """Days of contact, score, plan, assessment and delivery that make each wait end when it does."""
    services = SERVICE[stays.list_index]
    is_review = IS_REVIEW[stays.list_index]
    is_seen = stays.ending == SEEN
    is_mental_health, is_wheelchair = (services == "CAMHS") & ~is_review, (services == "WHEELCHAIR") & ~is_review
    at_end = _where(is_seen, stays.left)
    mental_health = _mental_health(stays, ends, rng)
    on_the_way = _on_the_way(stays, rng)
    contact = np.where(is_mental_health, mental_health[0], np.where(is_wheelchair, on_the_way[0], at_end))
    contact[services == "EHC"] = NEVER
    is_planned = ((services == "EHC") | (services == "CAMHS_ED")) & is_seen
    waits_on = is_seen & (ends.discharged > stays.left)
    plan = np.where(is_mental_health, mental_health[2], _where(is_planned, stays.left))
    plan = np.where(waits_on & (services != "COMM_PAEDS"), ends.discharged, plan)
    is_assessed = is_seen & ~is_review & np.isin(services, ["ASD", "ADHD"])
    assessment = np.where(is_wheelchair, on_the_way[1], _where(is_assessed, stays.left))
    assessment = np.where(waits_on & (services == "COMM_PAEDS"), ends.discharged, assessment)
    return Contacts(
        contact.astype(np.int32),
        _where(is_mental_health, mental_health[1]),
        plan.astype(np.int32),
        assessment.astype(np.int32),
        _where(is_wheelchair & is_seen, stays.left),
    )


def _mental_health(stays: Stays, ends: Ending, rng: np.random.Generator) -> tuple[Column, Column, Column]:
    """Contact, score and plan: the latest of the three ends the wait of who is seen; nobody else has all three."""
    size = len(stays.joined)
    until = np.where(stays.left == NEVER, stays.joined.max(), stays.left)
    # Who waits for years is likelier to have been seen by nobody.
    draw = rng.random(size) * np.where(until - stays.joined > _LONG_DAYS, 0.54, 1)
    weeks = np.interp(-draw, -np.array(_WITHOUT_CONTACT), _CONTACT_WEEKS)
    drawn = stays.joined + np.ceil(7 * weeks).astype(np.int32)
    is_seen, has_left = stays.ending == SEEN, stays.left != NEVER
    last = rng.choice(3, size, p=[0.15, 0.25, 0.60])
    stay = stays.left - stays.joined
    inside = stays.joined + (stay * rng.random(size)).astype(np.int32)
    contact = np.where(drawn < stays.left, drawn, inside)
    contact = np.where(last == 0, stays.left, contact)
    between = contact + ((stays.left - contact) * rng.random((2, size))).astype(np.int32)
    baseline = np.where(last == 1, stays.left, np.where(last == 0, inside, between[0]))
    plan = np.where(last == 2, stays.left, np.where(last == 0, inside, between[1]))
    is_met = (draw > _WITHOUT_CONTACT[-1]) & (ends.rejected == NEVER)
    is_met &= ~has_left | (drawn < stays.left)
    has_score = ~is_seen & is_met & (rng.random(size) < 0.3) & (~has_left | (drawn + 14 < stays.left))
    return (
        np.where(is_seen, contact, _where(is_met, drawn)),
        np.where(is_seen, baseline, _where(has_score, drawn + 14)),
        _where(is_seen, plan),
    )


def _on_the_way(stays: Stays, rng: np.random.Generator) -> tuple[Column, Column]:
    """First look and assessment of a wheelchair wait: some way along it, and for those waiting after some weeks."""
    size = len(stays.joined)
    share = np.sort(rng.random((2, size)) * 0.8, axis=0)
    after = np.cumsum(7 * rng.gamma(2.0, 4.0, (2, size)), axis=0).astype(np.int32)
    along = (share * (stays.left - stays.joined)).astype(np.int32)
    is_seen = stays.ending == SEEN
    steps: list[Column] = [stays.joined + np.where(is_seen, along[step], after[step]) for step in (0, 1)]
    is_open = stays.left == NEVER
    first, second = (_where(is_seen | is_open | (step < stays.left), step) for step in steps)
    return first, second


def appointments(stays: Stays, attended: Column, decile: Column, end: int, rng: np.random.Generator) -> Appointments:
    """Bookings before each attended contact, and appointments missed or cancelled while waiting.

    Parameters
    ----------
    attended : day of the contact that a booking leads to, or NEVER
    decile : missed appointments are commoner in deprived areas
    end : last day of the population; one in eight of those still waiting then has a booking beyond it
    """
    size = len(stays.joined)
    notice = rng.integers(7, 57, size)
    ahead = (stays.left == NEVER) & (attended == NEVER) & (rng.random(size) < 0.12)
    appointment = np.where(ahead, end + 1 + rng.integers(0, 45, size), attended)
    booked = np.maximum(appointment - notice, stays.joined)
    is_booked = appointment != NEVER
    until = np.where(stays.left == NEVER, end, stays.left)
    day = (stays.joined + (until - stays.joined) * rng.random((3, size))).astype(np.int32)
    is_long = until - stays.joined >= 21
    is_missed = is_long & (rng.random(size) < 0.06 + 0.012 * (10 - decile))
    is_family, is_provider = (is_long & (rng.random(size) < share) for share in (0.08, 0.05))
    waits_longer = is_family & (rng.random(size) < 0.5)
    return Appointments(
        _where(is_booked, booked),
        _where(is_booked, appointment),
        _where(is_missed, day[0]),
        np.where(is_missed, rng.choice(4, size, p=[0, 0.84, 0.13, 0.03]), 0).astype(np.int8),
        _where(is_family, day[1]),
        np.where(is_family, rng.choice(3, size, p=[0, 0.9, 0.1]), 0).astype(np.int8),
        np.where(waits_longer, np.minimum(rng.integers(7, 43, size), until - day[1]), 0).astype(np.int16),
        _where(is_provider, day[2]),
    )


def _where(chosen: Mask, days: Column) -> Column:
    return np.where(chosen, days, NEVER).astype(np.int32)

"""What makes one wait several referrals: a list that moves to another provider, and spells that begin again."""

import numpy as np

from waitlists.record.schema import REASONS
from waitlists.synthetic.kent.calendar import NEVER, day_number
from waitlists.synthetic.kent.lists import PROVIDERS, SUCCESSIONS, Succession
from waitlists.synthetic.kent.referrals import DATES, SERVICE, Column, Referrals, happened, is_waiting, joined, of_lists

SPELL_SHARE = 0.06
"""Share of mental health waits that began with another referral to the same provider, closed a few days before."""

LONGEST_GAP_DAYS = 5


def moved(referrals: Referrals, succession: Succession) -> Referrals:
    """The same with a list moved: open referrals close as transferred, and stand at the successor with waits kept."""
    since = day_number(succession.since)
    old, new = PROVIDERS.index(succession.provider), PROVIDERS.index(succession.successor)
    services = of_lists(lambda item: item.service in succession.services)[referrals.list_index]
    is_of_list = services & (referrals.provider == old)
    crosses = is_of_list & (referrals.received < since) & is_waiting(referrals, since)
    left = _until(referrals.take(crosses), since)._replace(
        stopped=_filled(crosses, since),
        reason=_filled(crosses, REASONS.index("transferred")),
        discharged=_filled(crosses, since),
        successor=_filled(crosses, new),
    )
    arrived = _from(referrals.take(crosses), since)._replace(
        provider=_filled(crosses, new),
        number=_next_numbers(referrals, crosses),
        original=referrals.started[crosses],
        spell=_filled(crosses, -1),
    )
    stays = referrals.take(~crosses)
    is_new = is_of_list[~crosses] & (stays.received >= since)
    stays = stays._replace(provider=np.where(is_new, new, stays.provider))
    return joined([stays, left, arrived])


def in_spells(referrals: Referrals, first: int, rng: np.random.Generator) -> Referrals:
    """The same with some mental health waits in two referrals, the second a few days after the first was closed.

    Parameters
    ----------
    first : only waits that begin on this day or later are split, so that both referrals are in the population

    Notes
    -----
    A spell is at one provider, so that none is split over the day a list moves.
    """
    is_mental_health = (SERVICE == "CAMHS")[referrals.list_index]
    closed_on = referrals.received + rng.integers(5, 15, len(referrals.received))
    again_on = closed_on + rng.integers(0, LONGEST_GAP_DAYS + 1, len(closed_on))
    chosen = is_mental_health & (referrals.received >= first) & (rng.random(len(closed_on)) < SPELL_SHARE)
    for days in (referrals.contact, referrals.baseline, referrals.plan, referrals.stopped):
        chosen &= (days == NEVER) | (days > again_on)
    for succession in SUCCESSIONS:
        since = day_number(succession.since)
        chosen &= (referrals.received >= since) | (again_on < since)
    spell = referrals.number[chosen]
    before = _until(referrals.take(chosen), closed_on[chosen])._replace(
        stopped=closed_on[chosen],
        reason=_filled(chosen, REASONS.index("discharged_unseen")),
        discharged=closed_on[chosen],
        spell=spell,
    )
    after = _from(referrals.take(chosen), again_on[chosen])._replace(
        number=_next_numbers(referrals, chosen), spell=spell
    )
    return joined([referrals.take(~chosen), before, after])


def _until(referrals: Referrals, day: Column | int) -> Referrals:
    """Only what happens up to a day, and bookings only if made by then."""
    kept = {name: np.where(happened(days, day), days, NEVER) for name, days in _dates(referrals).items()}
    kept["appointment"] = np.where(kept["booked"] == NEVER, NEVER, referrals.appointment)
    return referrals._replace(
        **kept,
        missed=np.where(kept["missed_on"] == NEVER, 0, referrals.missed),
        family=np.where(kept["family_on"] == NEVER, 0, referrals.family),
        adjustment=np.where(kept["family_on"] == NEVER, 0, referrals.adjustment),
    )


def _from(referrals: Referrals, day: Column | int) -> Referrals:
    """As received on a day: what another provider knew about appointments is known from then on."""
    carried = ("booked", "missed_on", "family_on", "provider_on")
    later = {name: np.where(days == NEVER, NEVER, np.maximum(days, day)) for name, days in _dates(referrals).items()}
    return referrals._replace(
        received=np.broadcast_to(np.int32(0), referrals.received.shape) + day, **{name: later[name] for name in carried}
    )


def _dates(referrals: Referrals) -> dict[str, Column]:
    return {name: getattr(referrals, name) for name in DATES}


def _filled(chosen: Column, value: int) -> Column:
    return np.full(int(chosen.sum()), value)


def _next_numbers(referrals: Referrals, chosen: Column) -> Column:
    return int(referrals.number.max()) + 1 + np.arange(int(chosen.sum()))

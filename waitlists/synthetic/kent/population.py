"""All referrals of an imagined Kent and Medway, from one seed: who was referred where, when, and what came of it."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from waitlists.errors import BadArgument
from waitlists.record.schema import REASONS
from waitlists.synthetic.kent.calendar import NEVER, Faults, day_number, faults, sundays
from waitlists.synthetic.kent.events import appointments, contacts, ending
from waitlists.synthetic.kent.flows import Stays, Truth, simulate
from waitlists.synthetic.kent.lists import LISTS, PROVIDERS, SUCCESSIONS
from waitlists.synthetic.kent.moves import in_spells, moved
from waitlists.synthetic.kent.people import YEAR, people
from waitlists.synthetic.kent.referrals import SERVICE, Column, Referrals, of_lists

SOURCES, MEDIA = ("A1", "A2", "A3", "B2", "C1", "C2"), ("01", "02", "04", "11")
_SOURCE_SHARES, _MEDIUM_SHARES = (0.34, 0.10, 0.12, 0.10, 0.06, 0.28), (0.66, 0.14, 0.02, 0.18)

_SAME_CHILD = (
    ("RYY", "ASD", "ADHD"), ("RAT", "ASD", "ADHD"), ("RAT", "ASD", "CAMHS"), ("RYY", "COMM_PAEDS", "ASD"),
    ("RYY", "COMM_PAEDS", "SALT"),
)  # fmt: skip
_SAME_CHILD_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Population:
    """Referrals with their true dates, what they come from, and what goes wrong when they are sent.

    `weeks` are the Sundays of the weeks it covers. Days after the last one are part of the truth and of no delivery.
    """

    seed: int
    weeks: tuple[date, ...]
    referrals: Referrals
    truth: Truth
    faults: Faults


def population(seed: int, *, end: date, weeks: int = 156, scale: float = 1.0) -> Population:
    """Every referral that was open in any of so many weeks up to `end`, on the lists of `lists.LISTS`.

    Parameters
    ----------
    end : the last week ends on the Sunday on or before it
    scale : size of the lists against the real ones; four makes about a million referrals

    Raises
    ------
    BadArgument
        For fewer than 4 weeks, or a scale that is not above 0.
    """
    if weeks < 4:
        raise BadArgument("a population covers 4 weeks or more", field="weeks")
    if not scale > 0:
        raise BadArgument("the scale of a population is above 0", field="scale")
    rng = np.random.default_rng(seed)
    covered, wrong = sundays(end, weeks), faults(end)
    stays, truth = simulate(covered, wrong, rng=rng, scale=scale)
    first, last = day_number(covered[0]) - 6, day_number(covered[-1])
    referrals = _same_children(_referrals(stays, first, last, rng), last, rng)
    referrals = in_spells(referrals, first, rng)
    for succession in SUCCESSIONS:
        referrals = moved(referrals, succession) if succession.since <= covered[-1] else referrals
    return Population(seed, covered, referrals, truth, wrong)


def _referrals(stays: Stays, first: int, last: int, rng: np.random.Generator) -> Referrals:
    """A referral for each stay that was not over before the first day."""
    ends = ending(stays, rng)
    is_kept = (stays.left == NEVER) | (stays.left >= first) | (ends.discharged >= first)
    stays = Stays(*(column[is_kept] for column in stays))
    ends = ends._replace(**{name: column[is_kept] for name, column in ends._asdict().items()})
    met = contacts(stays, ends, rng)
    size = len(stays.joined)
    until = np.where(stays.left == NEVER, last, np.maximum(ends.discharged, stays.left))
    child = people(stays.list_index, ends.reason, stays.joined, until, rng)
    booked = appointments(stays, met.contact, child.decile, last, rng)
    services = SERVICE[stays.list_index]
    medium = rng.choice(len(MEDIA), size, p=_MEDIUM_SHARES)
    # National statistics on autism count face to face and video alone, so nothing else would stop that clock.
    medium[(services == "ASD") & np.isin(medium, [1, 2])] = 0
    providers = of_lists(lambda item: PROVIDERS.index(item.provider))
    return Referrals(
        list_index=stays.list_index,
        provider=providers[stays.list_index].astype(np.int8),
        child=np.arange(size),
        number=np.arange(size),
        spell=np.full(size, -1),
        received=stays.joined,
        started=stays.joined,
        original=np.full(size, NEVER, dtype=np.int32),
        stopped=stays.left,
        successor=np.full(size, -1, dtype=np.int8),
        **ends._asdict(),
        **met._asdict(),
        **booked._asdict(),
        **child._asdict(),
        source=rng.choice(len(SOURCES), size, p=_SOURCE_SHARES).astype(np.int8),
        medium=medium.astype(np.int8),
    )


def _same_children(referrals: Referrals, last: int, rng: np.random.Generator) -> Referrals:
    """The same with some children on two lists: who they are is copied where their age fits the other list too."""
    columns = {
        name: getattr(referrals, name).copy() for name in ("child", "born", "gender", "ethnicity", "decile", "district")
    }
    until = np.where(referrals.stopped == NEVER, last, np.maximum(referrals.discharged, referrals.stopped))
    is_grown = referrals.reason == REASONS.index("aged_out")
    for provider, service, other in _SAME_CHILD:
        one, two = (_rows_of(referrals, provider, name) for name in (service, other))
        pairs = round(_SAME_CHILD_SHARE * min(len(one), len(two)))
        one, two = rng.permutation(one)[:pairs], rng.permutation(two)[:pairs]
        ages = of_lists(lambda item: item.ages)[referrals.list_index[two]] * YEAR
        born = columns["born"][one]
        fits = (referrals.received[two] - born >= ages[:, 0]) & (until[two] - born < ages[:, 1])
        fits &= ~is_grown[one] & ~is_grown[two]
        for column in columns.values():
            column[two[fits]] = column[one[fits]]
    return referrals._replace(**columns)


def _rows_of(referrals: Referrals, provider: str, service: str) -> Column:
    lists = [
        n for n, item in enumerate(LISTS) if (item.provider, item.service, item.is_review) == (provider, service, False)
    ]
    return np.flatnonzero(np.isin(referrals.list_index, lists))

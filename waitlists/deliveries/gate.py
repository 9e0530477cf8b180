"""Whether a delivery of referral records differs so much from the one before that a person has to look at it first.

A list that shrank by a fifth in a week was cut off on the way more often than it was seen; one that trebled holds
another service's children. Nothing of such a delivery is loaded until somebody approves it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from waitlists.organisations import predecessors_of, successor_of

FEWER: Final = 0.8
"""Share of the open referrals before from which on a delivery is held: a fifth fewer."""

MORE: Final = 3
"""How many times the open referrals before."""

SHORTEST_WAIT: Final = 4
"""Weeks: the shortest wait that a whole list is promised. In it a steady list is all other children.

The week of urgent eating disorders is promised to a part of a list. A list that did turn over each week would be held
by chance in about one week of twenty. Were one week taken, a list of 100 could lose 40 unseen.
"""

BEYOND_CHANCE: Final = 3
"""Standard deviations of what joins and leaves a list meanwhile by chance."""

LOST_LIST: Final = 20
"""A service's list of at least this size that is empty now is held too: it may hide behind another's growth."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider's open referrals by service on a day, and the columns of its delivery: no field of ours, and ours.

    `filled` says in how many rows of the provider each field says something; nothing where nobody knows. `alike_on` is
    the day of its last delivery of the kind that is compared with it, where a later one of the other kind set the list.
    """

    day: date
    open_by_service: Mapping[str, int]
    columns: Sequence[str] = ()
    fields: Sequence[str] = ()
    filled: Mapping[str, int] = field(default_factory=dict[str, int])
    alike_on: date | None = None

    @property
    def rows(self) -> int:
        """How many rows it had: each says whose it is."""
        return self.filled.get("pseudonym_id", 0)

    def is_moving(self, provider: str, service: str, until: date) -> bool:
        """Whether a list came or left since anything of the kind was sent: changes do not carry a whole list over."""
        return has_moved(provider, service, self.alike_on or self.day, until)


def reasons_to_hold(provider: str, before: Standing, now: Standing) -> tuple[str, ...]:
    """Sentences that say why a delivery has to be looked at; none where it may be loaded.

    A service whose list moved to or from another provider between the two, or since the last of its kind, does not
    count.
    """
    stays = _staying(provider, before, now)
    old, new = (sum(found.open_by_service.get(name, 0) for name in stays) for found in (before, now))
    return (
        *_of_all(provider, old, new),
        *_of_each(provider, stays, before, now),
        *(
            f"{provider} had {size:,} open referrals of {service} and would have none"
            for service, size in _emptied(stays, before, now)
            if size >= LOST_LIST
        ),
        *(f"there is a new column, {name}" for name in now.columns if name not in before.columns),
        *_of_lost_columns([name for name in before.fields if name not in now.fields]),
    )


def vanished(provider: str, before: Standing, now: Standing) -> tuple[str, ...]:
    """Services with too few open referrals before to hold a delivery for, and with none now."""
    emptied = _emptied(_staying(provider, before, now), before, now)
    return tuple(service for service, size in emptied if size < LOST_LIST)


def _staying(provider: str, before: Standing, now: Standing) -> list[str]:
    """Services whose list did not move to or from another provider between the two days."""
    services = sorted({*before.open_by_service, *now.open_by_service})
    return [service for service in services if not before.is_moving(provider, service, now.day)]


def _emptied(services: Sequence[str], before: Standing, now: Standing) -> Iterator[tuple[str, int]]:
    """Services with open referrals before and none now, with how many there were."""
    for service in services:
        if before.open_by_service.get(service) and not now.open_by_service.get(service):
            yield service, before.open_by_service[service]


def reasons_of_two_systems(provider: str, elsewhere: Collection[str], now: Mapping[str, int]) -> tuple[str, ...]:
    """Why the first delivery of a source system has to be looked at: services that another system of the provider has.

    Both would be counted. A system that takes the place of another is loaded under the name of that.
    """
    return tuple(
        f"{provider} has referrals of {service} in another source system already: both would be counted"
        for service in sorted(set(elsewhere) & now.keys())
        if now[service]
    )


def is_in_part(read: int, put_aside: int) -> bool:
    """Whether so many rows broke a rule that what is left is part of a delivery: a fifth of it, as of a list.

    Of few rows a fifth is ordinary dirt, and more than half of them counts.
    """
    return put_aside * 5 >= read if put_aside >= LOST_LIST else put_aside * 2 > read


def reasons_of_few_rows(provider: str, read: int, put_aside: int, broken: Sequence[str]) -> tuple[str, ...]:
    """Why a first list has to be looked at: no more than a fifth of its rows could be taken.

    Later lists are compared with the one before, and who broke a rule stays on them. Of a first one the rows that are
    left would be the list, and its sender's list would look short.

    Parameters
    ----------
    broken
        What its sender is told of each rule that was broken.
    """
    taken = read - put_aside
    if put_aside < LOST_LIST or taken * 5 > read:
        return ()
    said = " ".join(broken[:3]).rstrip(".")
    few = f"this is the first list of {provider}, and of its {read:,} rows {taken:,} can be taken"
    return (f"{few}: {said}. Mend the mapping or the extract and load it again",)


def reasons_of_strangers(provider: str, looked_at: int, unknown: int) -> tuple[str, ...]:
    """Why a delivery has to be looked at of whose older open referrals a fifth were never heard of.

    An identifier that changed is a child who left unseen and another who had waited all along unnoticed: the list is as
    long as it was, and its past is counted twice.
    """
    if looked_at < LOST_LIST or unknown * 5 < looked_at:
        return ()
    said = f"of {looked_at:,} open referrals of {provider} received before its last delivery {unknown:,} were not in it"
    return (f"{said}: see whether identifiers changed or lost their leading zeros, or another list is among them",)


CHANGED: Final[Mapping[str, tuple[str, str]]] = {
    "later": (
        "begin later than they did",
        "a wait is never reset; see whether they carry the day of a move to another system",
    ),
    "renamed": (
        "come under another pseudonym",
        "see whether the key of the pseudonyms changed, or identifiers were given out again",
    ),
    "reopened": ("had ended before", "see whether the days of ends were exported"),
    "undone": (
        "no longer say what was done",
        "see whether the days of contacts, assessments, plans and handovers were exported",
    ),
    "reviewed": ("wait for review now", "see whether the stages are translated as they were"),
}
"""What may be odd about referrals that were known, as a reason says it, and what to see to."""


def reasons_of_changed_rows(provider: str, looked_at: int, changed: Mapping[str, int]) -> tuple[str, ...]:
    """Why a delivery has to be looked at in which a fifth of the referrals it goes on with are not what they were.

    Parameters
    ----------
    changed
        How many there are of each kind of CHANGED.
    """
    return tuple(
        f"of {looked_at:,} open referrals of {provider} that were known {count:,} {': '.join(CHANGED[kind])}"
        for kind, count in changed.items()
        if looked_at >= LOST_LIST and count * 5 >= looked_at
    )


def _of_all(provider: str, old: int, new: int) -> tuple[str, ...]:
    if not _is_drift(old, new):
        return ()
    return (f"{provider} would have {_open(new)}, {_change(old, new)} the {old:,} of its last delivery",)


def _of_each(provider: str, services: Sequence[str], before: Standing, now: Standing) -> Iterator[str]:
    """The same of each of several services, which hide behind one another in the sum; of one the sum speaks."""
    lists = {name: (before.open_by_service.get(name, 0), now.open_by_service.get(name, 0)) for name in services}
    weeks = (now.day - before.day).days / 7
    for service, (old, new) in lists.items():
        if len(lists) > 1 and new and _is_drift(old, new) and is_beyond_chance(old, new, weeks=weeks):
            said = f"{_open(new)} of {service}, {_change(old, new)} the {old:,} of its last delivery"
            yield f"{provider} would have {said}"


def is_beyond_chance(old: int, new: int, *, weeks: float) -> bool:
    """Whether a list changed by more than those who join and leave it by chance; small lists swing by a fifth.

    Parameters
    ----------
    weeks
        Between the two counts; at least one.

    Notes
    -----
    Both flows are taken for Poisson, each at most the list in SHORTEST_WAIT weeks: then the difference has the variance
    2 L w / 4 after w weeks, and from 4 on the 2 L of two counts of other children. Slower lists vary less.
    """
    size = max(old, new)
    turned_over = min(max(weeks, 1) / SHORTEST_WAIT, 1)
    return size >= LOST_LIST and (new - old) ** 2 > BEYOND_CHANCE**2 * 2 * size * turned_over


def _open(count: int) -> str:
    return f"{count:,} open referral" if count == 1 else f"{count:,} open referrals"


def _is_drift(old: int, new: int) -> bool:
    return old > 0 and not FEWER * old < new < MORE * old


def _change(old: int, new: int) -> str:
    return f"{round(100 * (old - new) / old)}% fewer than" if new < old else f"{new / old:.1f} times"


def _of_lost_columns(lost: Sequence[str]) -> tuple[str, ...]:
    if not lost:
        return ()
    return (f"columns that the last delivery had are missing and would be taken for empty: {', '.join(lost)}",)


def has_moved(provider: str, service: str, since: date, on: date) -> bool:
    """Whether a list came to or left a provider between two days."""
    then, now = ((successor_of(provider, service, day), predecessors_of(provider, service, day)) for day in (since, on))
    return then != now

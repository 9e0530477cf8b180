"""Groups of the children on a list: a fixed division by district, age, sex, ethnic group or deprivation, none crossed.

What records say finely is put together so that few groups are small: ethnic categories to the groups of the census,
deciles of deprivation to fifths, waits to three bands. Every child is in one group of each division, also where nothing
is said of it, so that groups add up to their list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from waitlists import bands
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.details import Detail
from waitlists.record.fields import AGE_BANDS, DISTRICTS, OUTSIDE

NOT_SAID: Final = "not_said"
"""The group of those of whom nothing is said, in words of the record or by leaving it empty."""


class Group(NamedTuple):
    """One group of a division: its code, its name, and the words of the record that it holds."""

    code: str
    label: str
    words: tuple[str, ...]


def _each(names: Mapping[str, str]) -> tuple[Group, ...]:
    return tuple(Group(code, label, (code,)) for code, label in names.items())


GROUPS: Final[Mapping[str, tuple[Group, ...]]] = MappingProxyType(
    {
        "district": (
            *_each(dict(sorted(DISTRICTS.items(), key=lambda item: item[1]))),
            Group(OUTSIDE, "Outside Kent and Medway", (OUTSIDE,)),
            Group(NOT_SAID, "District not said", ()),
        ),
        "age_band": (*_each({age: f"Aged {age}" for age in AGE_BANDS}), Group(NOT_SAID, "Age not said", ())),
        "sex": (
            Group("male", "Boys and young men", ("1",)),
            Group("female", "Girls and young women", ("2",)),
            Group("other", "Another stated gender", ("3", "4")),
            Group(NOT_SAID, "Gender not said or not known", ("X", "Z")),
        ),
        "ethnicity": (
            Group("asian", "Asian or Asian British", ("H", "J", "K", "L")),
            Group("black", "Black or Black British", ("M", "N", "P")),
            Group("mixed", "Mixed", ("D", "E", "F", "G")),
            Group("white", "White", ("A", "B", "C")),
            Group("other", "Other ethnic groups", ("R", "S")),
            Group(NOT_SAID, "Ethnic group not said or not known", ("Z", "99")),
        ),
        "deprivation": (
            *(
                Group(f"{fifth}", f"Fifth {fifth} of 5 by deprivation", (f"{2 * fifth - 1}", f"{2 * fifth}"))
                for fifth in range(1, 6)
            ),
            Group(NOT_SAID, "Deprivation not said", ()),
        ),
    }
)
"""Groups by division, in the order in which they are shown; fifth 1 is the most deprived."""


@dataclass(frozen=True, slots=True)
class Band:
    """A band of days waited that is wide enough for groups."""

    label: str
    from_days: int
    to_days: int | None


BANDS: Final = (Band("0-18", 0, 126), Band(">18-52", 127, 364), Band(">52", 365, None))
"""Three bands, cut where waits begin to be long."""

_FIRST, _SECOND = 5, 6
"""How many of the eight bands lie within 18 and within 52 weeks."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """One group of a list: how many wait, by the three bands, and the median wait in days (None where not known)."""

    group: Group
    bands: tuple[int, int, int]
    median_days: float | None

    @property
    def list_size(self) -> int:
        """How many of the group wait."""
        return sum(self.bands)


def grouped(details: Iterable[Detail], cut: str) -> tuple[Grouped, ...]:
    """Every group of a division of a list, those of nobody too, from the groups that records tell apart."""
    known = {word: group.code for group in GROUPS[cut] for word in group.words}
    parts: dict[str, list[Detail]] = {group.code: [] for group in GROUPS[cut]}
    for one in details:
        if one.cut == cut and one.stage == "list":
            # A word that no group holds is as good as nothing said: left out, groups would not add up.
            parts[known.get(one.group, NOT_SAID)].append(one)
    return tuple(_grouped(group, parts[group.code]) for group in GROUPS[cut])


def _grouped(group: Group, parts: Sequence[Detail]) -> Grouped:
    counts = [sum(column) for column in zip(*(one.bands for one in parts), strict=True)] or [0] * len(CHS_BANDS)
    within = (sum(counts[:_FIRST]), sum(counts[_FIRST:_SECOND]), sum(counts[_SECOND:]))
    return Grouped(group, within, parts[0].median_days if len(parts) == 1 else _median(counts))


def _median(counts: Sequence[int]) -> float | None:
    """From wait bands: medians of parts do not make one of the whole."""
    labels = (band.label for band in CHS_BANDS)
    wait = bands.percentile_wait(WaitBands(dict(zip(labels, counts, strict=True)), None), 0.5)
    return wait.days if wait else None


def median_of_bands(counts: Sequence[int | None], total: int | None) -> float | None:
    """The median in days of `total` children in the three bands, waits spread evenly within one.

    None of nobody, in the open band, and where a band up to it is not known.
    """
    left = (total or 0) / 2
    for band, count in zip(BANDS, counts, strict=True):
        if count is None or band.to_days is None or not total:
            return None
        if left <= count:
            return band.from_days + (band.to_days + 1 - band.from_days) * left / count
        left -= count
    return None  # pragma: no cover - bands that hold less than half of their own total

"""Who is on which list from when to when: the clocks of referrals as stays that snapshots count.

A stay is one child's time on a service's own list, on its list for the next stage, or on its list for reviews. A
referral that a newer full extract no longer holds is out of sight from the day after the last that did: neither waiting
nor removed, which the residual shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock import Clocks
from waitlists.queue import TREATED
from waitlists.record.columns import MISSING, NEVER, Days, Flags, places_of
from waitlists.record.schema import AGE_BANDS, SERVICES
from waitlists.stages import Stage
from waitlists.standards import Standard, standards_for

STAGES: Final[tuple[Stage, ...]] = ("list", "next", "review")

_OWN, _NEXT, _REVIEW = range(len(STAGES))
_URGENT: Final = ("urgent", "very_urgent", "emergency")
_ADULT: Final = AGE_BANDS.index("18-25")

_EATING_DISORDER, _FIRST_PSYCHOSIS = ("12",), ("01",)
"""Primary reasons for referral (mental health)."""

_CRISIS_TEAMS: Final = ("A02", "A03", "A04", "A11", "A19", "A20", "A21", "A22", "A23", "A24")
"""Crisis resolution and home treatment (A03 and A04 in years past), psychiatric liaison, a crisis line, place of
safety, crisis cafe, walk-in assessment, decision unit and acute day service, as the published measure leaves out; a
crisis house (A25) it counts.

Source: NHS England, code of the Mental Health Services Monthly Statistics, preparation of the four-week waits
(NHSDigital/mental-health-monthly-statistics, `4w_waits_prep.py`, 2024), for these teams and `_FRONT_DOORS`; names in
the NHS Data Dictionary, SERVICE OR TEAM TYPE REFERRED TO (MENTAL HEALTH)."""

_TEAMS_APART: Final = ("C10", "A14", *_CRISIS_TEAMS)
"""Teams outside the four weeks: eating disorder, early intervention in psychosis, crisis. The measure leaves the first
two out only with the reason that goes with them, which a record here may lack."""

_ACCESS_POINT: Final = ("A18",)
_FRONT_DOORS: Final = (*_ACCESS_POINT, "F01")
"""A single point of access and a school's team, where an eating disorder referral is one like others."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Time on lists: (n,) arrays, days as numbers since 1970-01-01 and NEVER for no end.

    `row` is the referral in its table, `stage` a place in STAGES. A wait is counted from `start`, on the list from
    `entered` up to but not on `left`: the day of leaving for `reason` or, where that is -1, of going out of sight.
    """

    row: NDArray[np.intp]
    stage: NDArray[np.int32]
    start: Days
    entered: Days
    left: Days
    reason: NDArray[np.int32]

    @property
    def is_removed(self) -> Flags:
        """Whether each left for a reason."""
        return self.reason >= 0

    @property
    def is_treated(self) -> Flags:
        """Whether each left because what it waited for happened."""
        return self.is_removed & (self.reason < len(TREATED))

    def take(self, places: NDArray[np.intp]) -> "Stays":
        """The stays at these places, in their order."""
        return Stays(**{field.name: getattr(self, field.name)[places] for field in fields(self)})


def stays_of(clocks: Clocks) -> Stays:
    """Every stay of the referrals of a records table, from their clocks."""
    own = clocks.is_counted & ~clocks.is_review
    later = (clocks.next_start != MISSING) & ~clocks.is_part
    waits = (clocks.start, clocks.entered, clocks.stop, clocks.reason)
    after = (clocks.next_start, np.maximum(clocks.next_start, clocks.entered), clocks.next_stop, clocks.next_reason)
    chosen = (
        (_OWN, own, waits),
        (_NEXT, later & ~clocks.next_is_review, after),
        (_REVIEW, later & clocks.next_is_review, after),
        (_REVIEW, clocks.is_counted & clocks.is_review, waits),
    )
    rows = [np.flatnonzero(among) for _, among, _ in chosen]
    start, entered, left, reason = (
        np.concatenate([columns[part][places] for (_, _, columns), places in zip(chosen, rows, strict=True)])
        for part in range(4)
    )
    row = np.concatenate(rows)
    stage = np.repeat(np.array([place for place, _, _ in chosen], np.int32), [len(places) for places in rows])
    ended = np.where(left == MISSING, np.int32(NEVER), left)
    gone = np.where(clocks.gone == MISSING, np.int32(NEVER), clocks.gone)[row]
    return Stays(row, stage, start, entered, np.minimum(ended, gone), np.where(gone <= ended, np.int32(-1), reason))


def joined_stays(several: Sequence[Stays]) -> Stays:
    """The stays of several tables, each with its row in its own."""
    names = [field.name for field in fields(Stays)]
    return Stays(**{name: np.concatenate([getattr(part, name) for part in several]) for name in names})


def is_about(standard: Standard, table: pa.Table) -> Flags:
    """The referrals whose waits a standard is about: of its services and, where it says so, its urgency and ages."""
    services = [place for place, name in enumerate(SERVICES) if standard in standards_for(name)]
    of_service = np.isin(places_of(table, "service", SERVICES), services)
    if standard.id == "CYPMH_4W":
        return of_service & (places_of(table, "age_band", AGE_BANDS) != _ADULT) & ~_has_other_waits(table)
    if standard.id in {"CYPED_URGENT", "CYPED_ROUTINE"}:
        is_urgent = places_of(table, "clinical_response_priority_type", _URGENT) >= 0
        return of_service & (is_urgent == (standard.id == "CYPED_URGENT"))
    return of_service


def _has_other_waits(table: pa.Table) -> Flags:
    """Mental health referrals that the four weeks leave out: eating disorders, first episodes of psychosis, crises.

    Whoever a single point of access takes as urgent is one of these. No field says who is an inpatient; who is stays.
    """
    reason, team = "primary_reason_for_referral", "service_or_team_type_referred_to"
    has_eating_disorder = (places_of(table, reason, _EATING_DISORDER) >= 0) & (places_of(table, team, _FRONT_DOORS) < 0)
    is_urgent = places_of(table, "clinical_response_priority_type", _URGENT) >= 0
    return (
        has_eating_disorder
        | (is_urgent & (places_of(table, team, _ACCESS_POINT) >= 0))
        | (places_of(table, reason, _FIRST_PSYCHOSIS) >= 0)
        | (places_of(table, team, _TEAMS_APART) >= 0)
    )

"""The clock rules: for each, on which day what the wait was for happened. One function a rule, on whole columns.

A day that has not come is NEVER, later than all others: the earliest of several is their minimum, and the latest, where
all are needed, their maximum. Removals from a list are no part of this; see `clock`. What each rule counts, and why,
is said in docs/methods.md, section on clocks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from waitlists.record.columns import NEVER, Days

IN_PERSON: Final = ("01", "11")
"""Contact media of the autism statistics: face to face and video. Source: Autism Waiting Time Statistics."""

MENTAL_HEALTH_MEDIA: Final = ("01", "02", "04", "11")
"""Contact media of the four week measure: the two above, telephone and talk type. Source: MHSDS CYP metric code."""


@dataclass(frozen=True, slots=True)
class Events:
    """Days on which things first happened to each referral, or to each spell of them: (n,) each, NEVER where not yet.

    `in_person` and `mental_health` are the first contact where its medium is one that the rule counts, or is not said;
    `intervention` is the first of plan and assessment.
    """

    contact: Days
    in_person: Days
    mental_health: Days
    baseline: Days
    plan: Days
    assessment: Days
    intervention: Days
    equipment: Days

    @property
    def first(self) -> Days:
        """The day on which anything happened first."""
        return np.minimum.reduce([self.contact, self.baseline, self.plan, self.assessment, self.equipment])

    def among(self, changed: Callable[[Days], Days]) -> "Events":
        """The same events with every column changed alike."""
        return Events(**{field.name: changed(getattr(self, field.name)) for field in fields(self)})

    def within(self, changed: Callable[[Days], Days]) -> "Events":
        """The events of a wait: `changed` leaves out those that are no part of it, plan and assessment each alone."""
        found = self.among(changed)
        return replace(found, intervention=np.minimum(found.plan, found.assessment))


def asd_first_contact(events: Events) -> Days:
    """First attended contact in person or by video, or an assessment that started before any."""
    return np.minimum(events.in_person, events.assessment)


def adhd_first_assessment(events: Events) -> Days:
    """Assessment started; a first contact alone is none."""
    return events.assessment


def cypmh_4w(events: Events) -> Days:
    """The latest of first contact, baseline score and intervention: a plan, an intervention or an assessment."""
    return np.maximum(np.maximum(events.mental_health, events.baseline), events.intervention)


def cyped_treatment(events: Events) -> Days:
    """Treatment started, not before the child was first seen; a contact without treatment is none."""
    seen = np.where(events.contact == NEVER, events.plan, events.contact)
    return np.maximum(events.plan, seen)


def community_first_contact(events: Events) -> Days:
    """First attended contact, by whatever medium."""
    return events.contact


def wheelchair_handover(events: Events) -> Days:
    """Equipment handed over; a first look is none."""
    return events.equipment


def ehc_plan(events: Events) -> Days:
    """Final plan issued."""
    return events.plan


def review(events: Events) -> Days:
    """The contact on which the child left; nobody whose referral had a contact before that is under this rule."""
    return events.contact


class ClockRule(NamedTuple):
    """How a wait ends: the day, the word for it, and which words of a sender may stand in for events not given."""

    stop: Callable[[Events], Days]
    reason: str
    accepted: tuple[str, ...]


RULES: Final[Mapping[str, ClockRule]] = MappingProxyType({
    "asd_first_contact": ClockRule(asd_first_contact, "seen", ("seen", "assessed", "treated")),
    "adhd_first_assessment": ClockRule(adhd_first_assessment, "assessed", ("assessed", "treated")),
    "cypmh_4w": ClockRule(cypmh_4w, "treated", ("treated",)),
    "cyped_treatment": ClockRule(cyped_treatment, "treated", ("treated",)),
    "community_first_contact": ClockRule(
        community_first_contact, "seen", ("seen", "assessed", "treated", "equipment_delivered")
    ),
    "wheelchair_handover": ClockRule(wheelchair_handover, "equipment_delivered", ("equipment_delivered",)),
    "ehc_plan": ClockRule(ehc_plan, "treated", ("assessed", "treated")),
    "review": ClockRule(review, "seen", ("seen", "assessed", "treated", "equipment_delivered")),
})  # fmt: skip
"""Every rule by its id, in the order of the record's register, and the rule of review waits."""

RULE_OF_SERVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ASD": "asd_first_contact",
        "ADHD": "adhd_first_assessment",
        "CAMHS": "cypmh_4w",
        "CAMHS_ED": "cyped_treatment",
        "SALT": "community_first_contact",
        "WHEELCHAIR": "wheelchair_handover",
        "COMM_PAEDS": "community_first_contact",
        "EHC": "ehc_plan",
    }
)
"""The rule of each service where the record names none."""

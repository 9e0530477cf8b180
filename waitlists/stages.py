"""Which list a wait belongs to where no clock is known: the service's own, that for its next stage, or that for review.

A provider's return says what children wait for; whether that wait is the one the service's clock counts depends on the
service (docs/methods.md, section on weekly returns).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from waitlists.errors import BadArgument
from waitlists.record.fields import REASONS
from waitlists.record.fields import STAGES as WAITING_FOR

Stage = Literal["list", "next", "review"]
"""`list`: the service's own clock runs; `next`: it stopped and a later stage is waited for; `review`: one of those."""

STAGE_KINDS: Final[Mapping[Stage, str]] = MappingProxyType(
    {"list": "waiting", "next": "waiting_next", "review": "waiting_review"}
)
"""The kind of figure that counts those who wait at a stage."""

_BEFORE_CLOCK_STOP: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ASD": ("first_contact", "assessment"),
        "ADHD": ("first_contact", "assessment"),
        "CAMHS": ("first_contact", "assessment", "treatment"),
        "CAMHS_ED": ("first_contact", "assessment", "treatment"),
        "WHEELCHAIR": ("first_contact", "assessment", "equipment"),
        "EHC": ("first_contact", "assessment", "treatment", "equipment"),
    }
)
"""What is waited for while the clock runs; of any other service its clock stops at the first contact."""


def stage_of(service: str, waiting_for: str) -> Stage:
    """The list that a wait of a service is on.

    Examples
    --------
    >>> stage_of("ASD", "assessment"), stage_of("SALT", "assessment"), stage_of("SALT", "review")
    ('list', 'next', 'review')
    """
    if waiting_for not in WAITING_FOR:
        raise BadArgument(f"expected one of {', '.join(WAITING_FOR)}", field="waiting_for")
    if waiting_for == "review":
        return "review"
    return "list" if waiting_for in waits_at(service, "list") else "next"


def waits_at(service: str, stage: Stage) -> tuple[str, ...]:
    """What may be waited for at a stage of a service, in order; SALT's own list is first contact alone."""
    if stage not in get_args(Stage):
        raise BadArgument("expected list, next or review", field="stage")
    if stage == "review":
        return ("review",)
    counted = _BEFORE_CLOCK_STOP.get(service, ("first_contact",))
    return counted if stage == "list" else tuple(w for w in WAITING_FOR if w not in (*counted, "review"))


def reasons_of(service: str) -> tuple[str, ...]:
    """Why children may leave a service's list, in order: equipment is handed over only where it is waited for."""
    has_equipment = "equipment" in waits_at(service, "list")
    return tuple(reason for reason in REASONS if has_equipment or reason != "equipment_delivered")

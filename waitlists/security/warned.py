"""Who is given the warnings of which lists, where that none stands would tell a number.

A warning stands where the exact number over a wait is not zero. Where a rule lets nobody say zero, a list without one
says it all the same; so those who may not see a list exactly are given no warning of it, whether or not one stands.
"""

from typing import Final

from waitlists.security.access import EVERYTHING, Role, Sight
from waitlists.suppression.rules import Rule, is_small

NOT_GIVEN: Final = (
    "Warnings about lists that nobody publishes are given to those alone who may see them exactly: under the rule "
    f"{Rule.MHSDS}, that none stands would tell a number."
)
"""Said wherever warnings are listed, whether or not any were left out."""


def sight_of_warnings(role: Role, sight: Sight, rule: Rule) -> Sight:
    """Whose unpublished lists a reader is given the warnings of; `sight` is for figures.

    An admin is given all: who makes keys could look with any.
    """
    return sight if is_small(0, rule) and role is not Role.ADMIN else EVERYTHING


def left_out(given: Sight) -> str | None:
    """What is said beside warnings, of which a reader is given those that `given` covers."""
    return None if given.organisations is None else NOT_GIVEN

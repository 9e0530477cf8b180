"""Who is given the warnings of which lists: of all where zero may be said, else of what is seen exactly."""

import pytest

from waitlists.security.access import EVERYTHING, NOTHING_UNPUBLISHED, Role, Sight
from waitlists.security.warned import NOT_GIVEN, left_out, sight_of_warnings
from waitlists.suppression import Rule

OWN = Sight(frozenset({"RYY"}))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sight", [NOTHING_UNPUBLISHED, OWN, EVERYTHING])
def test_where_zero_may_be_said_everybody_is_given_every_warning(role, sight):
    assert sight_of_warnings(role, sight, Rule.HES) == EVERYTHING


@pytest.mark.parametrize(
    ("role", "sight", "given"),
    [
        (Role.PUBLIC, NOTHING_UNPUBLISHED, NOTHING_UNPUBLISHED),
        (Role.BOARD, NOTHING_UNPUBLISHED, NOTHING_UNPUBLISHED),
        (Role.PROVIDER, OWN, OWN),
        (Role.COMMISSIONER, EVERYTHING, EVERYTHING),
        (Role.ADMIN, NOTHING_UNPUBLISHED, EVERYTHING),
    ],
)
def test_where_it_may_not_they_are_for_those_alone_who_see_the_list_exactly(role, sight, given):
    assert sight_of_warnings(role, sight, Rule.MHSDS) == given


def test_it_is_said_to_all_who_may_miss_some():
    assert left_out(EVERYTHING) is None
    assert left_out(NOTHING_UNPUBLISHED) == left_out(OWN) == NOT_GIVEN

"""What the page of a warning says of how past ranges held, beside each range to come."""

import pytest

from api.pages.breaches import record_of


@pytest.mark.parametrize(
    ("checked", "said"),
    [
        (None, "none could be checked yet"),
        ({"weeks": 4, "checked": 0, "held": 0}, "none could be checked yet"),
        ({"weeks": 4, "checked": 14, "held": 0}, "too few could be checked to say (14)"),
        ({"weeks": 4, "checked": 15, "held": 10}, "10 of 15 held: too narrow, be ready for more and for fewer"),
        ({"weeks": 4, "checked": 15, "held": 11}, "11 of 15 held"),
    ],
)
def test_a_record_is_told_from_enough_checks_on(checked, said):
    assert record_of(checked) == said

"""Who left by reason: a reason nobody left for is 0, one that nobody knows is not."""

import pytest

from waitlists.counts.leavers import by_reason
from waitlists.record.fields import REASONS


@pytest.mark.parametrize(
    ("removed", "of", "declined"),
    [
        ({"seen": 3}, 3, 0),
        ({}, 0, 0),
        ({}, 3, None),
        ({"seen": 3}, None, None),
        ({"seen": 3, "declined": None}, 4, None),
        ({"seen": 3, "declined": 1}, None, 1),
    ],
)
def test_a_reason_that_was_not_sent_is_zero_where_others_were(removed, of, declined):
    found = by_reason(removed, of=of)
    assert tuple(found) == REASONS
    assert found["declined"] == declined

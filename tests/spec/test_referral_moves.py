"""What is said of a list that moved to another provider: a table of cases."""

from datetime import date

import pytest

from waitlists.deliveries.moves import Move, MoveCounts, judge_move, moves_of

DAY = date(2026, 4, 5)
MOVE = Move("RAT", "RXY", "CAMHS", date(2026, 4, 1))


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        (MoveCounts(0, 0, 0, 0), []),
        (MoveCounts(0, 9, 9, 0), []),
        (MoveCounts(0, 9, 10, 0), []),
        (MoveCounts(0, 9, 8, 0), ["original_date_missing"]),
        (MoveCounts(1, 0, 0, 0), ["open_at_predecessor"]),
        (MoveCounts(1, 0, 0, 1), ["open_at_predecessor", "listed_twice"]),
    ],
)
def test_a_list_that_moved_whole_is_not_mentioned(counts, codes):
    found = list(judge_move(MOVE, counts, on=DAY, known_from=DAY))
    assert [one.code for one in found] == codes
    assert {(one.service, one.org, one.period_end, one.known_from) for one in found} <= {("CAMHS", "RXY", DAY, DAY)}
    assert all("RAT" in one.sentence for one in found)


@pytest.mark.parametrize(
    ("providers", "on", "services"),
    [
        (["RAT"], DAY, ["CAMHS", "CAMHS_ED"]),
        (["RYY", "RXY"], date(2026, 4, 1), ["CAMHS", "CAMHS_ED"]),
        (["RXY"], date(2026, 3, 31), []),
        (["RYY"], DAY, []),
    ],
)
def test_a_move_is_looked_at_from_its_day_on_at_both_providers(providers, on, services):
    assert moves_of(providers, on) == [Move("RAT", "RXY", service, date(2026, 4, 1)) for service in services]

"""Sums of a board over its providers' own figures."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from waitlists.counts.sums import Part, sums_on
from waitlists.domain import Figure, Marker, Vintage

SUNDAY = date(2026, 3, 15)
MONDAY = SUNDAY + timedelta(days=1)
LATER = date(2026, 4, 1)


def part(
    sender: str, *, known: date = MONDAY, id_: int = 1, service: str = "SALT", on: date = SUNDAY, **cells: int | None
) -> Part:
    """A sender's counts of one service; `removed_seen=3` is the band `seen` of the kind `removed`."""
    named = {_cell(name): value for name, value in cells.items()}
    return Part(Vintage(known, id_, "weekly_return", on, sender), {service: named})


def _cell(name: str) -> tuple[str, str]:
    kind, _, band = name.partition("_")
    return kind, band or "total"


def shown(figures: tuple[Figure, ...]) -> Mapping[tuple[str, str, str], int | None]:
    return {(figure.org, figure.kind, figure.band): figure.value for figure in figures}


def test_a_board_holds_what_its_providers_sent() -> None:
    found = sums_on([part("RYY", waiting=300, referrals=10), part("NQ7", waiting=100, referrals=4)], LATER)
    assert shown(found) == {("QKS", "referrals", "total"): 14, ("QKS", "waiting", "total"): 400}
    assert {(figure.sheet, figure.row, figure.marker) for figure in found} == {("", 0, Marker.NUMBER)}


def test_of_each_sender_the_latest_known_on_the_day_counts() -> None:
    parts = [part("RYY", waiting=300), part("RYY", waiting=310, known=LATER, id_=2)]
    assert shown(sums_on(parts, LATER)) == {("QKS", "waiting", "total"): 310}
    assert shown(sums_on(parts[::-1], MONDAY)) == {("QKS", "waiting", "total"): 300}
    assert sums_on(parts, SUNDAY) == ()


def test_a_suppressed_list_makes_its_sum_suppressed_and_a_missing_band_makes_none() -> None:
    found = sums_on([part("RYY", waiting=None, referrals=10), part("NQ7", waiting=100)], LATER)
    assert shown(found) == {("QKS", "waiting", "total"): None}
    assert [figure.marker for figure in found] == [Marker.SUPPRESSED]


@pytest.mark.parametrize(("removals", "seen"), [(2, 3), (None, None)])
def test_a_reason_nobody_left_for_is_zero_where_leavers_are_counted(removals: int | None, seen: int | None) -> None:
    found = shown(
        sums_on([part("RYY", removals=3, removed_seen=3, waiting=1), part("NQ7", removals=removals, waiting=5)], LATER)
    )
    assert found.get(("QKS", "removed", "seen")) == seen


def test_a_single_week_that_one_sender_left_out_has_nobody_in_it_and_one_who_sent_none_makes_the_sum_unknown() -> None:
    by_weeks = [part("RYY", waiting=3, weeks_0=1, weeks_9=2), part("NQ7", waiting=5, weeks_0=5)]
    assert shown(sums_on(by_weeks, LATER))["QKS", "weeks", "9"] == 2
    assert ("QKS", "weeks", "0") not in shown(sums_on([by_weeks[0], part("NQ7", waiting=5)], LATER))


def test_lists_kept_for_another_board_are_counted_there() -> None:
    assert shown(sums_on([part("RAT", service="ASD", waiting=7)], LATER)) == {("QKS", "waiting", "total"): 7}
    assert shown(sums_on([part("E10000016", service="EHC", waiting=9)], LATER)) == {("QKS", "waiting", "total"): 9}


def test_services_sent_in_files_of_their_own_stand_beside_each_other() -> None:
    parts = [part("RYY/SALT", waiting=300), part("RYY/ASD", service="ASD", waiting=7, id_=2)]
    assert [(figure.service, figure.value) for figure in sums_on(parts, LATER)] == [("ASD", 7), ("SALT", 300)]


def test_what_nobody_is_known_to_hold_is_in_no_sum() -> None:
    assert sums_on([part("E10000016", service="SALT", waiting=9)], LATER) == ()


def test_who_sent_no_list_is_not_in_the_sum_and_hides_nobody_else() -> None:
    found = sums_on([part("RYY", referrals=10, removals=2), part("NQ7", waiting=100, referrals=4)], LATER)
    assert shown(found) == {("QKS", "waiting", "total"): 100, ("QKS", "referrals", "total"): 4}
    alone = sums_on([part("RYY", referrals=10)], LATER)
    assert shown(alone) == {("QKS", "referrals", "total"): 10}

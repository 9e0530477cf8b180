"""Which waits are watched of a list, and how much a warning matters: rules as tables."""

from datetime import date

import pytest

from forecasting.warnings.seen import exactly
from forecasting.warnings.severity import severity_of
from forecasting.warnings.watched import LEFT_OUT, Watch, watch_of, watched
from tests.warned import due, figures
from waitlists.standards import STANDARDS, find_standard

CHS_18W = find_standard("CHS_18W")


@pytest.mark.parametrize(
    ("service", "source", "standards"),
    [
        ("SALT", "weekly_return", ["CHS_18W", "CHS_52W"]),
        ("SALT", "chs_sitrep", ["CHS_18W", "CHS_52W"]),
        ("WHEELCHAIR", "chs_sitrep", ["CHS_18W", "CHS_52W"]),
        ("WHEELCHAIR", "weekly_return", ["CHS_52W", "WHEELCHAIR_18W"]),
        ("WHEELCHAIR", "referral_extract", ["CHS_52W", "WHEELCHAIR_18W"]),
        ("CAMHS_ED", "referral_extract", ["CYPED_ROUTINE"]),
        ("CAMHS_SCOT", "phs_camhs", []),
        ("ADHD", "weekly_return", ["ADHD_LOCAL_18W", "ADHD_LOCAL_52W"]),
    ],
)
def test_which_standards_are_watched(service, source, standards):
    """A wheelchair's own clock runs to its handover; the published line is wider, and its clock is another."""
    assert [one.id for one in watched(service, source)] == standards


def test_what_is_left_out_is_said():
    assert set(LEFT_OUT) <= set(STANDARDS)
    assert "not for operational use" in LEFT_OUT["CYPED_URGENT"]


TAIL = Watch(364, "long_tail")
OWN = Watch(126, "threshold")


@pytest.mark.parametrize(
    ("shares", "before", "expected"),
    [
        ({126: 0.6, 364: 0.3}, None, OWN),
        ({126: 0.79, 364: 0.3}, None, OWN),
        ({126: 0.8, 364: 0.3}, None, TAIL),
        # It goes back below 70% only.
        ({126: 0.75, 364: 0.3}, TAIL, TAIL),
        ({126: 0.69, 364: 0.3}, TAIL, OWN),
        # Nearly everybody is over 52 weeks too.
        ({126: 0.95, 364: 0.85, 728: 0.6, 1092: 0.2}, None, Watch(728, "long_tail")),
        ({126: 0.95, 364: 0.75, 728: 0.6}, Watch(728, "long_tail"), Watch(728, "long_tail")),
        ({126: 0.95, 364: 0.65, 728: 0.5}, Watch(728, "long_tail"), TAIL),
        ({126: 0.95, 364: 0.9, 728: 0.85}, None, Watch(728, "long_tail")),
        ({126: 0.95, 364: 0.8, 728: 0.6}, None, Watch(728, "long_tail")),
        ({126: 0.95, 364: 0.9, 728: 0.75, 1092: 0.5}, Watch(728, "long_tail"), Watch(728, "long_tail")),
        ({126: 0.95, 364: 0.9, 728: 0.9, 1092: 0.5}, None, Watch(1092, "long_tail")),
        ({126: 0.95, 364: 0.9, 728: 0.9, 1092: 0.9, 1456: 0.5}, None, Watch(1456, "long_tail")),
        ({126: 0.95}, None, OWN),
        # Nobody waits so long: nearly all who wait too long are warned of all the same.
        ({126: 0.95, 364: 0.0}, None, OWN),
        ({126: 0.95, 364: 0.0}, TAIL, OWN),
        ({126: 0.95, 364: 0.85, 728: 0.0}, TAIL, OWN),
        ({126: 0.95, 364: 0.01}, None, TAIL),
        ({}, None, OWN),
        ({}, TAIL, TAIL),
    ],
)
def test_where_nearly_everybody_is_over_the_tail_is_watched(shares, before, expected):
    assert watch_of(CHS_18W, shares.get, before=before) == expected


def test_the_tail_lies_beyond_the_standard_itself():
    assert watch_of(find_standard("CHS_52W"), {364: 0.9, 728: 0.6}.get, before=None) == Watch(728, "long_tail")


SEVERITY = {
    "nobody over, nobody due": ({"over_now": 0, "newly_over": ()}, None),
    "nobody over, one due": ({"over_now": 0, "newly_over": (due(12, 0, 1, 2),)}, "low"),
    "nobody over, one due in the end": ({"over_now": 0, "newly_over": (due(8, 0, 0.9, 2), due(12, 0, 1.1, 2))}, "low"),
    "nobody over, hardly anybody due": ({"over_now": 0, "newly_over": (due(12, 0, 0.4, 2),)}, None),
    "nobody over, some due": ({"over_now": 0, "newly_over": (due(12, 0, 2, 5),)}, "low"),
    "nobody over, some to come who are not referred": (
        {"over_now": 0, "newly_over": (due(12, 0, 0.2, 1, not_yet_referred=3.0),)}, "low",
    ),
    "nothing known, nobody due": ({"over_now": None, "newly_over": ()}, None),
    "as many over as the standard leaves": ({"over_now": 100, "over_standard": 100}, "low"),
    "the very share that is due": ({"over_now": 22, "over_standard": 22, "waiting": 100, "newly_over": ()}, "low"),
    "one more than that": ({"over_now": 23, "over_standard": 23, "waiting": 100, "newly_over": ()}, "medium"),
    "how many are over the standard is not known": ({"over_standard": None, "newly_over": ()}, "medium"),
    "more over than it leaves": ({"over_now": 163}, "medium"),
    "no share is set": (
        {"over_now": 5, "newly_over": (), "service": "ADHD", "standard_id": "ADHD_LOCAL_52W"}, "medium",
    ),
    "completed waits leave nobody waiting": (
        {"over_now": 3, "newly_over": (), "service": "WHEELCHAIR", "standard_id": "WHEELCHAIR_18W"}, "medium",
    ),
    "a size that is not known allows nothing": ({"over_now": 3, "waiting": None, "newly_over": ()}, "medium"),
    "it really rose": ({"real_change": True, "is_worse": True}, "high"),
    "it really rose in figures as old as may be": (
        {"real_change": True, "is_worse": True, "period_end": date(2026, 11, 8)}, "high",
    ),
    "it really rose in older ones": (
        {"real_change": True, "is_worse": True, "period_end": date(2026, 11, 1)}, "medium",
    ),
    "it really fell": ({"real_change": True, "is_worse": False}, "medium"),
    "just as many again": ({"over_now": 34, "over_standard": 34}, "high"),
    "one fewer than that": ({"over_now": 35, "over_standard": 35}, "low"),
    "as many again are due": ({"over_now": 30, "over_standard": 30}, "high"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), SEVERITY.values(), ids=SEVERITY)
def test_severity(changes, expected):
    one = figures(as_of=date(2026, 11, 16), **changes)
    assert severity_of(exactly(one), one) == expected

import json
from datetime import date
from pathlib import Path

import pytest

from waitlists.errors import BadArgument, NotFound
from waitlists.services import CHS_SERVICES, SERVICES
from waitlists.standards import (
    COMMUNITY_STANDARDS,
    STANDARDS,
    Standard,
    find_standard,
    last_day_within,
    over,
    standards_for,
    target_share,
    usual_target,
    within,
)

DESIGN = Path(__file__).parents[3] / "shared" / "design" / "standards.json"


def as_designed(standard: Standard, name: str) -> object:
    value = getattr(standard, name)
    if name == "milestones":
        return {f"{due:%Y-%m}": share for due, share in value.items()}
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.skipif(not DESIGN.exists(), reason="the shared design is not on this machine")
def test_the_register_says_what_the_design_says() -> None:
    designed = json.loads(DESIGN.read_text(encoding="utf-8"))["standards"]
    assert [standard["id"] for standard in designed] == list(STANDARDS)
    for facts in designed:
        assert {name: as_designed(STANDARDS[facts["id"]], name) for name in facts} == facts


def test_there_are_twelve_standards_of_known_services() -> None:
    assert len(STANDARDS) == 12
    assert all(service in SERVICES for standard in STANDARDS.values() for service in standard.services)
    assert all(standard.plain[0].isdigit() or standard.kind == "local" for standard in STANDARDS.values())
    assert all(standard.authority and standard.confidence and standard.note for standard in STANDARDS.values())


@pytest.mark.parametrize(
    ("standard_id", "days", "inside"),
    [
        ("CHS_18W", 126, True),
        ("CHS_18W", 127, False),
        ("WHEELCHAIR_18W", 127, False),
        ("CHS_52W", 364, True),
        ("CHS_52W", 365, False),
        ("CYPMH_4W", 27, True),  # "in less than 4 weeks"
        ("CYPMH_4W", 28, False),
        ("CYPED_ROUTINE", 28, True),
        ("CYPED_ROUTINE", 29, False),
        ("CYPED_URGENT", 7, True),
        ("CYPED_URGENT", 8, False),
        ("ASD_NICE_13W", 91, True),  # within 3 months; the national text counts day 91 as over
        ("ASD_NICE_13W", 92, False),
        ("EHC_20W", 140, True),
        ("EHC_20W", 141, False),
        ("EHC_20W", 0, True),
    ],
)
def test_the_threshold_day_is_within_unless_the_standard_says_less_than(
    standard_id: str, days: int, inside: bool
) -> None:
    assert within(STANDARDS[standard_id], days) is inside
    assert (days <= last_day_within(STANDARDS[standard_id])) is inside


def test_a_negative_wait_is_refused() -> None:
    with pytest.raises(BadArgument, match="a wait is never negative") as refused:
        within(STANDARDS["CHS_18W"], -1)
    assert refused.value.field == "days"


@pytest.mark.parametrize(
    ("weeks", "days", "is_over"),
    [(52, 364, False), (52, 365, True), (104, 728, False), (104, 729, True), (18, 126, False), (18, 127, True)],
)
def test_over_so_many_weeks_begins_the_day_after(weeks: int, days: int, is_over: bool) -> None:
    assert over(weeks, days) is is_over


@pytest.mark.parametrize(
    ("standard_id", "on", "share"),
    [
        ("CHS_18W", date(2026, 3, 31), None),  # no share was set yet
        ("CHS_18W", date(2026, 4, 1), 0.78),
        ("CHS_18W", date(2027, 3, 31), 0.78),
        ("CHS_18W", date(2028, 3, 31), 0.78),  # none of its own: the last one holds
        ("CHS_18W", date(2028, 4, 1), 0.80),
        ("CHS_18W", date(2035, 1, 1), 0.80),
        ("RTT_18W", date(2025, 3, 31), 0.92),
        ("RTT_18W", date(2025, 4, 1), 0.65),  # due by March 2026
        ("RTT_18W", date(2026, 3, 31), 0.65),
        ("RTT_18W", date(2026, 4, 1), 0.70),
        ("RTT_18W", date(2028, 3, 31), 0.70),
        ("RTT_18W", date(2028, 4, 1), 0.92),
        ("CHS_52W", date(2026, 4, 1), 1.0),
        ("WHEELCHAIR_18W", date(2020, 1, 1), 0.92),
        ("ADHD_LOCAL_18W", date(2026, 4, 1), None),
    ],
)
def test_the_share_due_on_a_day(standard_id: str, on: date, share: float | None) -> None:
    assert target_share(STANDARDS[standard_id], on) == share


@pytest.mark.parametrize(
    ("service", "kind", "ids"),
    [
        ("SALT", None, ["CHS_18W", "CHS_52W"]),
        ("SALT", "completed", []),
        ("WHEELCHAIR", None, ["CHS_18W", "CHS_52W", "WHEELCHAIR_18W"]),
        ("WHEELCHAIR", "waiting", ["CHS_18W", "CHS_52W"]),
        ("WHEELCHAIR", "completed", ["WHEELCHAIR_18W"]),
        ("CAMHS", "waiting", ["CYPMH_4W"]),
        ("CAMHS_ED", None, ["CYPED_URGENT", "CYPED_ROUTINE"]),
        ("CAMHS_ED", "waiting", []),
        ("ADHD", None, ["ADHD_LOCAL_18W", "ADHD_LOCAL_52W"]),
        ("CYP_AUDIOLOGY", None, ["CHS_18W", "CHS_52W"]),  # a community line like the others
        ("NOTHING", None, []),
    ],
)
def test_the_standards_of_a_service(service: str, kind, ids: list[str]) -> None:
    assert [standard.id for standard in standards_for(service, kind)] == ids


def test_every_community_line_has_the_community_standards() -> None:
    assert COMMUNITY_STANDARDS == ("CHS_18W", "CHS_52W")
    for service in CHS_SERVICES:
        assert [standard.id for standard in standards_for(service)][:2] == list(COMMUNITY_STANDARDS)


def test_a_standard_is_found_by_its_id_or_near_ones_are_named() -> None:
    assert find_standard("CHS_18W").threshold_days == 126
    with pytest.raises(NotFound) as missing:
        find_standard("chs_18")
    assert missing.value.field == "standard"
    assert missing.value.near[0] == "CHS_18W"
    assert str(missing.value).startswith("no standard has this id; near: CHS_18W")
    with pytest.raises(NotFound) as unlike:
        find_standard("zzzzz")
    assert str(unlike.value) == "no standard has this id"


def standard(**other: object) -> Standard:
    facts: dict[str, object] = {
        "id": "X", "services": ("SALT",), "label": "", "plain": "", "authority": "", "kind": "local",
        "mandatory": False, "threshold_days": 1, "within": "le", "applies_to": ("waiting",), "clock_start": "",
        "clock_stop": "", "confidence": "", "note": "",
    }  # fmt: skip
    return Standard(**{**facts, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"threshold_days": 0}, "threshold_days"),
        ({"target_share": 0.0}, "target_share"),
        ({"target_share": 92.0}, "target_share"),
        ({"target_share_by_year": {"2026/27": 1.01}}, "target_share"),
        ({"milestones": {date(2026, 3, 31): -0.1}}, "target_share"),
        ({"services": ()}, "services"),
        ({"applies_to": ()}, "services"),
    ],
)
def test_a_standard_that_cannot_be_is_refused(other: dict[str, object], field: str) -> None:
    with pytest.raises(BadArgument) as refused:
        standard(**other)
    assert refused.value.field == field


def test_a_standard_of_one_day_and_of_everyone_is_taken() -> None:
    assert standard(target_share=1.0).threshold_days == 1


def test_the_usual_target_is_the_first_standard_by_the_next_31_march() -> None:
    usual = usual_target("COMM_PAEDS", date(2026, 6, 1))
    assert usual.standard is not None
    assert (usual.standard.id, usual.by, usual.share) == ("CHS_18W", date(2027, 3, 31), 0.78)


def test_before_a_share_is_set_the_usual_target_has_none() -> None:
    assert usual_target("COMM_PAEDS", date(2025, 3, 31)).share is None
    assert usual_target("NOTHING", date(2025, 3, 31)).standard is None

from collections import Counter
from datetime import date

import pytest

from waitlists.domain import Level
from waitlists.errors import BadArgument, NotFound
from waitlists.organisations import (
    ORGANISATIONS,
    SUCCESSIONS_IN_ORDER,
    Organisation,
    Succession,
    board_of,
    boards_served_by,
    current_code,
    find_organisation,
    normal_name,
    organisation_for_name,
    parent_of,
    predecessors_of,
    providers_of,
    successor_of,
)

MARCH = date(2025, 3, 31)


def test_the_register_holds_england_its_regions_all_icbs_and_the_providers() -> None:
    levels = Counter(organisation.level for organisation in ORGANISATIONS.values())
    assert levels[Level.ENGLAND] == 1
    assert levels[Level.REGION] == 7
    assert levels[Level.ICB] == 42
    assert levels[Level.PROVIDER] == 164 + 3  # three local keys of Kent and Medway
    assert levels[Level.SUB_ICB] == 1
    assert levels[Level.LOCAL_AUTHORITY] == 2
    assert all(code == organisation.code for code, organisation in ORGANISATIONS.items())
    assert all(organisation.source for organisation in ORGANISATIONS.values())


def test_every_parent_is_in_the_register_and_leads_up_to_england() -> None:
    above = {Level.REGION: Level.ENGLAND, Level.ICB: Level.REGION, Level.SUB_ICB: Level.ICB, Level.PROVIDER: Level.ICB}
    for code, organisation in ORGANISATIONS.items():
        for on in (date(2023, 1, 31), date(2023, 3, 31), MARCH, date(2026, 11, 21)):
            parent = parent_of(code, on)
            assert parent is None or ORGANISATIONS[parent].level is above[organisation.level]


@pytest.mark.parametrize(
    ("name", "level", "code"),
    [
        ("Kent and Medway", Level.ICB, "QKS"),
        ("KENT AND MEDWAY STP", Level.ICB, "QKS"),
        ("NHS KENT AND MEDWAY INTEGRATED CARE BOARD", Level.ICB, "QKS"),
        ("NHS Kent & Medway ICB", Level.ICB, "QKS"),
        ("NHS KENT AND MEDWAY ICB - 91Q", Level.SUB_ICB, "91Q"),
        ("Kent and Medway", Level.PROVIDER, None),
        ("Kent", Level.ICB, None),
        ("East Of England", Level.REGION, "Y61"),
        ("EAST OF ENGLAND", Level.REGION, "Y61"),
        ("England", Level.ENGLAND, "ENG"),
        ("Hampshire and Isle Of Wight", Level.ICB, "QRL"),
        ("Bath and North East Somerset Swindon and Wiltshire", Level.ICB, "QOX"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", Level.PROVIDER, "RJ1"),
        (
            "Guy\N{RIGHT SINGLE QUOTATION MARK}s and St Thomas\N{RIGHT SINGLE QUOTATION MARK} NHS FT",
            Level.PROVIDER,
            "RJ1",
        ),
        ("East Coast Community Healthcare CIC", Level.PROVIDER, "NAX"),
        ("East Coast Community Healthcare C.I.C", Level.PROVIDER, "NAX"),
        ("Connect Health Ltd", Level.PROVIDER, "NMG"),
        ("Connect Health Limited", Level.PROVIDER, "NMG"),
        ("Wiltshire Health and Care", Level.PROVIDER, "AXG"),
        ("WILTSHIRE HEALTH&CARE", Level.PROVIDER, "AXG"),
        ("Southern Health NHS Foundation Trust", Level.PROVIDER, "RW1"),
        ("Hampshire and Isle of Wight Healthcare NHS Foundation Trust", Level.PROVIDER, "RW1"),
        ("Kent and Medway NHS and Social Care Partnership Trust", Level.PROVIDER, "RXY"),
        ("Kent Community Health NHS Trust", Level.PROVIDER, None),  # nearly is not enough
        ("Medway Council", Level.LOCAL_AUTHORITY, "E06000035"),
        ("", Level.PROVIDER, None),
    ],
)
def test_a_name_gives_a_code_only_when_it_is_exactly_known(name: str, level: Level, code: str | None) -> None:
    assert organisation_for_name(name, level) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Barnet, Enfield and Haringey Mental Health NHS Trust", "RRP"),
        ("Devon Partnership NHS Trust", "RWV"),
        ("Mid Yorkshire Hospitals NHS Trust", "RXF"),
        ("Northern Devon Healthcare NHS Trust", "RBZ"),
        ("Southport and Ormskirk Hospital NHS Trust", "RVY"),
        ("St Helens and Knowsley Teaching Hospitals NHS Trust", "RBN"),
        ("University Hospitals of Derby and Burton NHS Foundation Trust", "RTG"),
        ("Warrington and Halton Teaching Hospitals NHS Foundation Trust", "RWW"),
    ],
)
def test_providers_printed_by_name_only_have_their_codes(name: str, code: str) -> None:
    assert organisation_for_name(name, Level.PROVIDER) == code


def test_no_two_organisations_of_a_level_share_a_name() -> None:
    names = Counter(
        (organisation.level, normal_name(name, organisation.level))
        for organisation in ORGANISATIONS.values()
        for name in {normal_name(n, organisation.level) for n in (organisation.name, *organisation.aliases)}
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_every_name_and_alias_finds_its_organisation() -> None:
    for code, organisation in ORGANISATIONS.items():
        for name in (organisation.name, *organisation.aliases):
            assert organisation_for_name(name, organisation.level) == code
            assert organisation_for_name(name.upper(), organisation.level) == code


def test_a_normal_name_keeps_the_level_words_where_they_matter() -> None:
    assert normal_name("NHS Sussex ICB", Level.ICB) == "sussex"
    assert normal_name("NHS Sussex STP", Level.ICB) == "sussex"
    assert normal_name("NHS SUSSEX INTEGRATED CARE BOARD", Level.ICB) == "sussex"
    assert normal_name("NHS Sussex ICB") == "nhs sussex icb"
    assert normal_name(" The  A & B's  N.H.S Ltd,") == "the a and bs nhs limited"


@pytest.mark.parametrize(
    ("code", "on", "parent"),
    [
        ("RYY", MARCH, "QKS"),
        ("QKS", MARCH, "Y59"),
        ("Y59", MARCH, "ENG"),
        ("ENG", MARCH, None),
        ("91Q", MARCH, "QKS"),
        ("91Q", date(2022, 6, 30), None),
        ("91Q", date(2022, 7, 1), "QKS"),
        ("E10000016", MARCH, None),
        ("NAME:unknown", MARCH, None),
        ("RAT", MARCH, "QMF"),  # its community lines are London's and never Kent's
        ("NQA", date(2023, 1, 31), "QJG"),
        ("NQA", date(2023, 2, 1), "QH8"),
        ("NQA", date(2023, 3, 31), "QH8"),
        ("NQA", date(2023, 7, 31), "QH8"),
        ("NQA", date(2023, 8, 1), "QJG"),
        ("NQA", MARCH, "QJG"),
        ("R1C", date(2024, 9, 30), "QRL"),
        ("R1C", date(2024, 10, 1), None),
        ("LOCAL:SALUS", date(2026, 3, 31), None),
        ("LOCAL:SALUS", date(2026, 4, 1), "QKS"),
    ],
)
def test_who_is_counted_in_whom_on_a_day(code: str, on: date, parent: str | None) -> None:
    assert parent_of(code, on) == parent


def test_the_providers_of_kent_are_kents() -> None:
    kent = providers_of("QKS", MARCH)
    assert {"RYY", "NQ7", "RPA", "RVV"} <= set(kent)
    assert "RAT" not in kent
    assert set(kent) < set(providers_of("Y59", MARCH)) < set(providers_of("ENG", MARCH))


def test_the_providers_of_regions_make_those_of_england() -> None:
    regions = [code for code, organisation in ORGANISATIONS.items() if organisation.level is Level.REGION]
    parts = [provider for region in regions for provider in providers_of(region, MARCH)]
    assert sorted(parts) == sorted(providers_of("ENG", MARCH))


def test_a_provider_a_council_and_an_unknown_code_hold_no_providers() -> None:
    assert providers_of("RYY", MARCH) == providers_of("E10000016", MARCH) == providers_of("???", MARCH) == ()


def test_providers_change_with_the_day() -> None:
    assert "R1C" in providers_of("QRL", date(2024, 9, 30))
    assert "R1C" not in providers_of("QRL", date(2024, 10, 1))
    assert "NQA" in providers_of("QH8", date(2023, 3, 31))
    assert "NQA" not in providers_of("QH8", date(2023, 8, 31))


SUCCESSIONS = [
    ("RAT", "CAMHS", date(2026, 4, 1), "RXY"),
    ("RAT", "CAMHS_ED", date(2026, 4, 1), "RXY"),
    ("RAT", "CAMHS", date(2026, 3, 31), None),
    ("RAT", "ASD", date(2026, 4, 1), None),  # not known to have moved
    ("RAT", "SALT", date(2026, 4, 1), None),
    ("R1C", "SALT", date(2024, 10, 1), "RW1"),
    ("R1C", "CAMHS", date(2024, 10, 1), "RW1"),  # all of it
    ("R1C", "SALT", date(2024, 9, 30), None),
    ("LOCAL:THERAPEUTIC_ALLIANCE", "CAMHS", date(2026, 4, 1), "LOCAL:SALUS"),
    ("LOCAL:THERAPEUTIC_ALLIANCE", "SALT", date(2026, 4, 1), None),
    ("R1F", "SALT", date(2024, 5, 1), "RW1"),
    ("R1F", "SALT", date(2024, 4, 30), None),
    ("R1F", "CAMHS", date(2024, 5, 1), None),
    ("RVY", "COMM_PAEDS", date(2023, 7, 1), "RBN"),
    ("RBZ", "SALT", date(2023, 1, 31), "RH8"),
    ("RRP", "SALT", date(2023, 7, 31), None),
    ("RRP", "SALT", date(2023, 8, 1), "RAP"),
    ("RRP", "SALT", date(2025, 1, 1), "RAL"),  # and from there to Royal Free London
    ("RAP", "SALT", date(2025, 1, 1), "RAL"),
    ("RAP", "SALT", date(2024, 12, 31), None),
    ("RY9", "SALT", date(2024, 11, 30), None),
    ("RY9", "SALT", date(2024, 12, 1), "RAX"),
    ("91Q", "SALT", date(2022, 7, 1), None),  # the same code in a new role
    ("RW1", "SALT", date(2025, 3, 31), None),
    ("NAME:unknown", "SALT", date(2025, 3, 31), None),
]


@pytest.mark.parametrize(("code", "service", "on", "successor"), SUCCESSIONS)
def test_who_carries_a_list_on_a_day(code: str, service: str, on: date, successor: str | None) -> None:
    assert successor_of(code, service, on) == successor
    assert current_code(code, service, on) == (successor or code)
    if successor is not None:
        assert code in predecessors_of(successor, service, on)


def test_predecessors_are_all_whose_list_it_is_now() -> None:
    assert predecessors_of("RW1", "SALT", MARCH) == ("R1C", "R1F")
    assert predecessors_of("RW1", "SALT", date(2024, 9, 30)) == ("R1F",)
    assert predecessors_of("RAL", "SALT", MARCH) == ("RRP", "RAP")
    assert predecessors_of("RAP", "SALT", MARCH) == ()
    assert predecessors_of("R1C", "SALT", MARCH) == ()


def test_every_succession_has_its_reason_and_its_source() -> None:
    assert len(SUCCESSIONS_IN_ORDER) == 9
    for succession in SUCCESSIONS_IN_ORDER:
        assert succession.note.endswith(".")
        assert succession.source
        assert succession.code in ORGANISATIONS
        assert succession.successor in ORGANISATIONS


def test_an_organisation_is_found_by_its_code() -> None:
    assert find_organisation("QKS").name == "NHS Kent and Medway Integrated Care Board"
    assert find_organisation("QKS").aliases == ("Kent and Medway",)
    assert find_organisation("RYY").aliases == ()
    assert find_organisation("RRE").aliases == ("Midlands Partnership NHS Foundation Trust",)
    assert find_organisation("LOCAL:SALUS").note == "no ODS code is known"


@pytest.mark.parametrize(("asked", "near"), [("qks", "QKS"), ("QK5", "QKS"), ("medway council", "E06000035")])
def test_an_unknown_organisation_names_near_ones(asked: str, near: str) -> None:
    with pytest.raises(NotFound) as missing:
        find_organisation(asked)
    assert missing.value.field == "org"
    assert near in missing.value.near
    assert str(missing.value) == f"no organisation has this code; near: {', '.join(missing.value.near)}"


def test_an_organisation_like_no_other_names_none() -> None:
    with pytest.raises(NotFound) as missing:
        find_organisation("zzzzzzzz")
    assert str(missing.value) == "no organisation has this code"


@pytest.mark.parametrize(("code", "name"), [("", "A trust"), ("RXX", "")])
def test_an_organisation_has_a_code_and_a_name(code: str, name: str) -> None:
    with pytest.raises(BadArgument, match="a code and a name") as refused:
        Organisation(code, name, Level.PROVIDER)
    assert refused.value.field == "org"


def test_nobody_succeeds_itself() -> None:
    with pytest.raises(BadArgument, match="does not succeed itself") as refused:
        Succession("91Q", "91Q", frozenset({"SALT"}), MARCH, "", "")
    assert refused.value.field == "org"


def test_a_body_keeps_lists_for_a_board_it_is_not_counted_in() -> None:
    day = date(2026, 3, 1)
    assert board_of("RAT", "ASD", day) == "QKS"
    assert board_of("RAT", "SALT", day) == "QMF"
    assert board_of("RYY", "SALT", day) == "QKS"
    assert boards_served_by("RAT", day) == {"QKS"}
    assert boards_served_by("RYY", day) == {"QKS"}
    assert boards_served_by("ENG", day) == frozenset()

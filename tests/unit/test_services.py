from datetime import date

import pytest

from waitlists.errors import BadArgument, NotFound
from waitlists.services import (
    ADULT_SERVICES,
    CHILDREN_SERVICES,
    CHS_SERVICES,
    DEFINITION_BREAKS,
    SERVICES,
    SUPPRESSED_BELOW_ENGLAND,
    THERAPY_LINES,
    Service,
    breaks_of,
    find_service,
    proxies_for,
    service_for_line,
)

NAMED = ("ASD", "ADHD", "CAMHS", "CAMHS_ED", "SALT", "WHEELCHAIR", "COMM_PAEDS", "EHC", "CAMHS_SCOT", "RTT")


def test_the_register_holds_the_named_services_first_and_all_47_lines() -> None:
    assert tuple(SERVICES)[:10] == NAMED
    assert len(CHS_SERVICES) == 47
    assert len(ADULT_SERVICES) == 30
    assert len(CHILDREN_SERVICES) == 17
    assert len(SERVICES) == 47 + 7
    assert set(CHS_SERVICES) == {*ADULT_SERVICES, *CHILDREN_SERVICES}
    assert all(code == service.code for code, service in SERVICES.items())


def test_lines_say_whose_they_are() -> None:
    assert all((SERVICES[code].line or "").startswith("(A) ") for code in ADULT_SERVICES)
    assert all((SERVICES[code].line or "").startswith("(CYP) ") for code in CHILDREN_SERVICES)
    assert len({SERVICES[code].line for code in CHS_SERVICES}) == 47
    assert len({service.label for service in SERVICES.values()}) == len(SERVICES)
    assert {SERVICES[code].age_group for code in NAMED[:-1]} == {"children"}
    assert SERVICES["RTT"].age_group == "all"


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("(CYP) Therapy interventions: Speech and language", "SALT"),
        ("(CYP) Therapy interventions: speech and language", "SALT"),  # 2023
        ("  (cyp)  Therapy interventions:Speech and  language ", "SALT"),
        ("(A) Therapy interventions: Speech and language", "ADULT_SPEECH_AND_LANGUAGE"),
        ("(CYP) Community paediatric service", "COMM_PAEDS"),
        ("(CYP) Wheelchair, orthotics, prosthetics and equipment", "WHEELCHAIR"),
        ("(A) Nursing and Therapy support for LTCs: Continence/ colostomy", "ADULT_CONTINENCE"),
        ("(A) Nursing and Therapy support for LTCs: Continence/colostomy", "ADULT_CONTINENCE"),
        ("(CYP) Nursing and Therapy teams support for long term conditions", "CYP_LONG_TERM_CONDITIONS"),
        ("(CYP) Community nursing services (planned care and rapid response teams)", "CYP_COMMUNITY_NURSING"),
        (
            "(CYP) Antenatal, new-born and children screening and immunisation services",
            "CYP_SCREENING_AND_IMMUNISATION",
        ),
        ("(A) Clinical support to social care, care homes and domiciliary care", "ADULT_CLINICAL_SUPPORT"),
        ("Therapy interventions: Speech and language", None),  # whose, is part of the name
        ("(CYP) Therapy interventions: Speech", None),
        ("England", None),
        ("CYP services", None),
        ("Adult services", None),
        ("", None),
    ],
)
def test_a_printed_line_names_its_service(printed: str, code: str | None) -> None:
    assert service_for_line(printed) == code


def test_every_line_finds_its_own_service() -> None:
    assert [service_for_line(SERVICES[code].line or "") for code in CHS_SERVICES] == list(CHS_SERVICES)


def test_the_therapy_lines_are_those_one_number_is_copied_into() -> None:
    assert THERAPY_LINES == ("SALT", "CYP_DIETETICS", "CYP_OCCUPATIONAL_THERAPY", "CYP_ORTHOTICS", "CYP_PHYSIOTHERAPY")


def test_three_lines_are_suppressed_below_england() -> None:
    assert sorted(SERVICES[code].line or "" for code in SUPPRESSED_BELOW_ENGLAND) == [
        "(A) Adult safeguarding",
        "(CYP) Looked after children teams",
        "(CYP) Safeguarding",
    ]


def test_a_service_is_found_by_its_code() -> None:
    assert find_service("SALT").label == "Speech and language therapy for children"


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("salt", "SALT"),
        ("speech", "SALT"),
        ("CAMSH", "CAMHS"),
        ("autism", "ASD"),
        ("wheelchairs", "WHEELCHAIR"),
        ("paediatric", "COMM_PAEDS"),
    ],
)
def test_an_unknown_service_names_near_ones(asked: str, near: str) -> None:
    with pytest.raises(NotFound) as missing:
        find_service(asked)
    assert missing.value.field == "service"
    assert missing.value.near[0] == near
    assert str(missing.value) == f"no service has this code; near: {', '.join(missing.value.near)}"


def test_a_service_like_no_other_names_none() -> None:
    with pytest.raises(NotFound) as missing:
        find_service("zzzz")
    assert missing.value.near == ()
    assert str(missing.value) == "no service has this code"


def test_proxies_are_called_proxies() -> None:
    assert [service.code for service in proxies_for("ASD")] == ["COMM_PAEDS"]
    assert [service.code for service in proxies_for("ADHD")] == ["COMM_PAEDS"]
    assert [service.code for service in proxies_for("WHEELCHAIR")] == ["WHEELCHAIR"]
    assert proxies_for("SALT") == ()
    assert all("proxy" in service.proxy_note for service in SERVICES.values() if service.is_proxy_for)


def test_definitions_that_changed_are_known_by_service_and_month() -> None:
    assert [(found.service, found.period_end, found.source) for found in DEFINITION_BREAKS] == [
        ("ASD", date(2023, 9, 30), "autism"),
        ("COMM_PAEDS", date(2024, 2, 29), "chs_sitrep"),
    ]
    assert [found.period_end for found in breaks_of("COMM_PAEDS")] == [date(2024, 2, 29)]
    assert breaks_of("SALT") == ()
    assert all(found.sentence.endswith(".") for found in DEFINITION_BREAKS)


@pytest.mark.parametrize("code", ["salt", "", "SA LT", "S-LT"])
def test_a_code_is_capital_letters(code: str) -> None:
    with pytest.raises(BadArgument, match="upper-case letters, figures and underscores") as refused:
        Service(code, "A service", "children")
    assert refused.value.field == "service"


def test_a_proxy_without_the_word_is_refused() -> None:
    with pytest.raises(BadArgument, match="a proxy says so in its note") as refused:
        Service("X", "A service", "children", None, ("ASD",), "stands in for autism")
    assert refused.value.field == "proxy_note"
    assert Service("X", "A service", "children", None, (), "stands in for nothing").line is None


@pytest.mark.parametrize(
    ("service", "source", "is_proxy"),
    [
        ("WHEELCHAIR", "chs_sitrep", True),
        ("WHEELCHAIR", "weekly_return", False),
        ("WHEELCHAIR", "referral_extract", False),
        ("COMM_PAEDS", "chs_sitrep", True),
        ("COMM_PAEDS", "referral_extract", True),
        ("SALT", "chs_sitrep", False),
        ("SALT", "weekly_return", False),
    ],
)
def test_a_line_that_is_wider_than_its_service_is_a_proxy_where_it_is_published_alone(
    service: str, source: str, *, is_proxy: bool
) -> None:
    note = SERVICES[service].proxy_note_in(source)
    assert (note is not None) is is_proxy
    assert note is None or "proxy" in note

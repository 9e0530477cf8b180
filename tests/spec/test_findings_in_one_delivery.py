"""What one file says against itself: bands against totals, parts against wholes, one number in several lines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from waitlists.domain import Figure, Finding, Level, Marker, ParsedDelivery, ParsedVintage, PrintedOrganisation
from waitlists.quality import check_delivery

MARCH = date(2025, 3, 31)
PUBLISHED = date(2025, 5, 15)
Lines = Mapping[tuple[str, str], Mapping[str, int | None]]


def delivery(lines: Lines, organisations: tuple[PrintedOrganisation, ...] = ()) -> ParsedDelivery:
    figures = tuple(
        Figure(service, org, band, value, Marker.SUPPRESSED if value is None else Marker.NUMBER, "Table 4", row, column)
        for row, ((service, org), bands) in enumerate(lines.items(), start=6)
        for column, (band, value) in enumerate(bands.items(), start=4)
    )
    return ParsedDelivery(
        source="chs_sitrep",
        layout="codes",
        period_end=MARCH,
        published_on=PUBLISHED,
        vintages=(ParsedVintage("chs_sitrep", MARCH, figures),),
        findings=(),
        counts={},
        organisations=organisations,
    )


def found(lines: Lines, code: str, organisations: tuple[PrintedOrganisation, ...] = ()) -> list[Finding]:
    return [finding for finding in check_delivery(delivery(lines, organisations)) if finding.code == code]


@pytest.mark.parametrize(
    ("bands", "code", "severity"),
    [
        ({"total": 100, "0-1": 60, ">1-2": 40}, None, None),
        ({"total": 0, "0-1": 0}, None, None),
        ({"total": 100, "0-1": 95}, "bands_below_total", "info"),
        ({"total": 100, "0-1": 94}, "bands_below_total", "warning"),
        ({"total": 100, "0-1": 101}, "bands_exceed_total", "error"),
        ({"total": 0, "0-1": 1}, "bands_exceed_total", "error"),
        ({"total": 100, "0-1": 0, ">1-2": 0}, "bands_all_zero", "warning"),
        ({"total": 100, "0-1": 50, ">1-2": None}, None, None),  # a suppressed band is not a zero
        ({"total": None, "0-1": 50}, None, None),
        ({"total": 100}, None, None),
    ],
)
def test_bands_add_to_the_total_or_a_finding_says_by_how_much(
    bands: Mapping[str, int | None], code: str | None, severity: str | None
) -> None:
    # An organisation without a known board: nothing but the bands is checked.
    about_bands = [
        finding for finding in check_delivery(delivery({("SALT", "ZZZ"): bands})) if finding.code.startswith("bands_")
    ]
    assert [(finding.code, finding.severity) for finding in about_bands] == ([(code, severity)] if code else [])


def test_a_finding_names_the_list_the_cell_and_the_day_it_was_known() -> None:
    (finding,) = found({("SALT", "RYY"): {"total": 100, "0-1": 90}}, "bands_below_total")
    assert (finding.service, finding.org, finding.sheet, finding.cell) == ("SALT", "RYY", "Table 4", "D6")
    assert (finding.period_end, finding.known_from) == (MARCH, PUBLISHED)
    assert finding.details == {"banded": 90, "total": 100}
    assert finding.sentence == "10 of 100 waiting are in no wait band; shares are of the 90 that are."


WHOLE: Lines = {
    ("COMM_PAEDS", "ENG"): {"total": 8718},
    ("COMM_PAEDS", "Y59"): {"total": 8718},
    ("COMM_PAEDS", "QKS"): {"total": 8718},
    ("COMM_PAEDS", "RYY"): {"total": 2970},
    ("COMM_PAEDS", "NQ7"): {"total": 4054},
    ("COMM_PAEDS", "RPA"): {"total": 897},
    ("COMM_PAEDS", "RVV"): {"total": 797},
}


def sums_found(lines: Lines) -> set[tuple[str, str | None, str]]:
    findings = check_delivery(delivery(lines))
    return {(f.code, f.org, f.severity) for f in findings if f.code.startswith("not_sum")}


def test_providers_add_to_the_board_the_region_and_england() -> None:
    assert sums_found(WHOLE) == set()


@pytest.mark.parametrize(
    ("org", "expected"),
    [
        ("RVV", {("not_sum_of_providers", "QKS", "warning"), ("not_sum_of_providers", "ENG", "warning")}),
        (
            "QKS",
            {
                ("not_sum_of_providers", "QKS", "warning"),
                ("not_sum_of_icbs", "Y59", "warning"),
                ("not_sum_of_icbs", "ENG", "warning"),
            },
        ),
        (
            "ENG",
            {
                ("not_sum_of_regions", "ENG", "warning"),
                ("not_sum_of_icbs", "ENG", "warning"),
                ("not_sum_of_providers", "ENG", "warning"),
            },
        ),
    ],
)
def test_a_whole_that_is_not_its_parts_is_found_where_it_is(org: str, expected: set[tuple[str, str, str]]) -> None:
    assert sums_found({**WHOLE, ("COMM_PAEDS", org): {"total": 1}}) == expected


def test_a_band_that_does_not_add_up_is_named() -> None:
    bands = {line: {"total": counts["total"], "0-1": 10} for line, counts in WHOLE.items()}
    findings = found(bands, "not_sum_of_providers")
    assert [finding.org for finding in findings] == ["ENG", "QKS"]
    assert findings[0].sentence == "The band 0-1 of 10 is not the sum of its providers, 40."
    assert findings[0].details == {"bands": {"0-1": {"whole": 10, "parts": 40}}}


def test_lines_suppressed_below_england_are_not_added_up() -> None:
    lines: Lines = {("CYP_SAFEGUARDING", "ENG"): {"total": 40}, ("CYP_SAFEGUARDING", "Y59"): {"total": None}}
    assert sums_found(lines) == set()


@pytest.mark.parametrize("part", [{"total": 897}, {"total": 897, "0-1": None}])
def test_a_number_that_was_not_read_is_not_added_as_zero(part: Mapping[str, int | None]) -> None:
    bands: dict[tuple[str, str], Mapping[str, int | None]] = {
        line: {"total": counts["total"], "0-1": counts["total"]} for line, counts in WHOLE.items()
    }
    assert sums_found({**bands, ("COMM_PAEDS", "RPA"): part}) == set()


def test_a_provider_of_no_known_board_leaves_the_boards_sum_in_doubt() -> None:
    lines: Lines = {
        ("SALT", "QKS"): {"total": 100},
        ("SALT", "RYY"): {"total": 60},
        ("SALT", "ZZZ"): {"total": 40},
    }
    assert sums_found(lines) == {("not_sum_of_providers", "QKS", "info")}


def test_a_level_printed_in_the_file_is_taken_for_an_unknown_code() -> None:
    lines: Lines = {("SALT", "ENG"): {"total": 10}, ("SALT", "QZZ"): {"total": 10}}
    printed = (PrintedOrganisation("QZZ", "A new board", Level.ICB),)
    codes = {finding.code for finding in check_delivery(delivery(lines, printed))}
    assert codes == {"not_sum_of_regions", "not_sum_of_providers"}


def therapy(org: str, *counts: int) -> dict[tuple[str, str], dict[str, int | None]]:
    services = ("SALT", "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY", "CYP_DIETETICS")
    return {(service, org): {"total": count} for service, count in zip(services, counts, strict=False)}


@pytest.mark.parametrize(
    ("counts", "copies"),
    [
        ((882, 882, 882), 3),
        ((882, 882, 882, 882), 4),
        ((882, 882, 881), 0),
        ((20, 20, 20), 0),
        ((21, 21, 21), 3),
        ((0, 0, 0), 0),
    ],
)
def test_one_number_in_three_therapy_lines_is_a_copy(counts: tuple[int, ...], copies: int) -> None:
    assert len(found(therapy("RYY", *counts), "copied_number")) == copies


def test_a_copied_number_follows_the_list_it_is_part_of() -> None:
    lines = {**therapy("RYY", 882, 882, 882), ("SALT", "NQ7"): {"total": 769}, ("SALT", "QKS"): {"total": 1651}}
    lines |= {("SALT", "Y59"): {"total": 882 * 20}, ("SALT", "ENG"): {"total": 882 * 21}}
    by_org = {finding.org: finding for finding in found(lines, "copied_number") if finding.service == "SALT"}
    assert set(by_org) == {"RYY", "QKS", "Y59"}  # a twentieth of the region, less than that of England
    assert by_org["QKS"].details == {"copied": 882, "share": 882 / 1651}
    assert by_org["QKS"].sentence == (
        "882 of 1,651 is a number that Kent Community Health NHS Foundation Trust printed under several therapy lines "
        "at once: do not add these lines."
    )
    assert "one pooled list, not this service's own" in by_org["RYY"].sentence


def test_flows_and_other_sources_of_the_file_are_left_alone() -> None:
    flow = Figure("SALT", "RYY", "total", 5, Marker.NUMBER, "Flows", 2, 3, kind="referrals")
    parsed = delivery({})
    other = ParsedVintage("chs_sitrep_t2", MARCH, (Figure("SALT", "ENG", "total", 5, Marker.NUMBER, "Table 2", 4, 3),))
    vintages = (ParsedVintage("chs_sitrep", MARCH, (flow,)), other)
    assert check_delivery(ParsedDelivery(**{**_fields(parsed), "vintages": vintages})) == ()


def _fields(parsed: ParsedDelivery) -> dict[str, object]:
    return {name: getattr(parsed, name) for name in ParsedDelivery.__slots__}


def test_a_number_copied_between_the_parts_of_a_weekly_return_is_found() -> None:
    week = date(2026, 11, 15)
    lines = ("SALT", "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY")
    parts = tuple(
        ParsedVintage("weekly_return", week, (Figure(one, "RYY", "total", 638, Marker.NUMBER, "", 2, 7),), f"RYY/{one}")
        for one in lines
    )
    sent = replace(delivery({}), source="weekly_return", period_end=week, vintages=parts)
    copied = check_delivery(sent)
    assert [(one.code, one.service) for one in copied] == [("copied_number", one) for one in lines]
    assert "for the week to 15 November 2026" in copied[0].sentence

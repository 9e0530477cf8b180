"""The register of organisations against the lookup of July 2022 and the organisations this project was given."""

import csv
from datetime import date
from pathlib import Path

import pytest

from waitlists.domain import Level
from waitlists.organisations import ORGANISATIONS, organisation_for_name, parent_of, successor_of

SHARED = Path(__file__).parents[3] / "shared"
LOOKUP = SHARED / "data" / "lookups" / "sub_icb_to_icb_to_region_2022-07.csv"
GIVEN = SHARED / "design" / "organisations.csv"
ON = date(2026, 11, 21)

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared lookups are not on this machine")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_icb_has_its_name_and_region() -> None:
    looked_up = {row["ICB22CDH"]: (row["ICB22NM"], row["NHSER22CDH"]) for row in rows_of(LOOKUP)}
    icbs = {code: organisation for code, organisation in ORGANISATIONS.items() if organisation.level is Level.ICB}
    assert {code: (icb.name, parent_of(code, ON)) for code, icb in icbs.items()} == looked_up


def test_every_region_has_its_name() -> None:
    looked_up = {row["NHSER22CDH"]: row["NHSER22NM"] for row in rows_of(LOOKUP)}
    regions = {code: known.name for code, known in ORGANISATIONS.items() if known.level is Level.REGION}
    assert regions == looked_up


def test_the_organisations_given_are_in_the_register() -> None:
    given = [row for row in rows_of(GIVEN) if row["row_type"] == "organisation"]
    assert len(given) == 17
    for row in given:
        code, level = row["ods_code"], Level(row["role"])
        assert organisation_for_name(row["name"], level) == code
        held_on = date.fromisoformat(row["effective_to"]) if row["effective_to"] else ON
        if row["parent_code"]:
            assert parent_of(code, held_on) == row["parent_code"]


def test_the_successions_given_are_honoured_from_their_day() -> None:
    given = [
        row for row in rows_of(GIVEN) if row["row_type"] == "succession" and row["ods_code"] != row["successor_code"]
    ]
    assert len(given) == 3
    for row in given:
        day = date.fromisoformat(row["effective_from"])
        services = ["SALT", "CAMHS"] if row["services"] == "all" else row["services"].split(";")
        for service in services:
            assert successor_of(row["ods_code"], service, day) == row["successor_code"]
            assert successor_of(row["ods_code"], service, date.fromordinal(day.toordinal() - 1)) is None

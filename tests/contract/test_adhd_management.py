"""ADHD management information, on a file made to the layout as described; no release is at hand."""

from datetime import date

import pytest

from tests.published_files import table, values
from waitlists.errors import FileRefused
from waitlists.ingest import recognise
from waitlists.ingest.adhd_management import KINDS, parse, recognises

HEADER = (
    "REPORTING_PERIOD_START",
    "REPORTING_PERIOD_END",
    "BREAKDOWN",
    "PRIMARY_LEVEL",
    "PRIMARY_LEVEL_DESCRIPTION",
    "SECONDARY_LEVEL",
    "INDICATOR_ID",
    "INDICATOR_VALUE",
)
AGES = {"0 to 4": 1000, "5 to 17": 156790, "18 to 24": 90000, "25+": 250000, "Unknown": "*"}


def rows(measure: str = "ADHD003", day: str = "01/09/2025", **changed: object) -> list[tuple[object, ...]]:
    ages = AGES | {age.replace("_", " ").removeprefix("age "): value for age, value in changed.items()}
    return [(day, day, "Age Group", age, age, "NONE", measure, value) for age, value in ages.items()]


def test_ages_are_kept_and_the_children_added():
    book = table(HEADER, rows())
    source = recognise(book, name=None)
    delivery = source.parse(book)
    assert (source.name, delivery.period_end) == ("adhd", date(2025, 9, 30))
    assert values(delivery, "ENG") == {"waiting": 157790}
    assert values(delivery, "ENG", band="5-17") == {"open": 156790}
    assert values(delivery, "ENG", band="unknown") == {"open": None}
    assert delivery.counts == {"cells_read": 5, "numbers": 4, "suppressed": 1, "not_submitted": 0, "quarantined": 0}
    assert [finding.code for finding in delivery.findings] == ["period_of_one_day"]


def test_two_ways_of_writing_days_stand_in_one_column():
    delivery = parse(table(HEADER, [*rows(), *rows(day="2025-12-01")]))
    assert [vintage.period_end for vintage in delivery.vintages] == [date(2025, 9, 30), date(2025, 12, 31)]


def test_long_waits_of_children_are_added_from_their_lengths():
    found = [
        *rows(),
        *rows("ADHD003c", age_5_to_17=400, age_0_to_4=30),
        *rows("ADHD003d", age_5_to_17=500, age_0_to_4=2),
    ]
    children = values(parse(table(HEADER, found)), "ENG")
    assert children == {"waiting": 157790, "over_52_weeks": 932, "over_104_weeks": 502}


def test_an_age_kept_back_or_not_there_is_never_taken_as_nobody():
    kept_back = parse(table(HEADER, rows(age_0_to_4="*")))
    assert values(kept_back, "ENG") == {"waiting": None}
    missing = parse(table(HEADER, rows()[1:]))
    assert values(missing, "ENG") == {}


def test_other_tables_are_not_recognised():
    assert recognises(table(HEADER, rows()))
    assert not recognises(table(HEADER, rows("ASD16")))
    assert max(map(len, KINDS.values())) <= 20
    with pytest.raises(FileRefused, match="Mental Health Services Data Set"):
        parse(table(("a", "b"), [(1, 2)]))

"""Days are read by one declared format, or as ISO days; everything else is no day."""

from datetime import date

import pytest

from waitlists.errors import BadArgument
from waitlists.ingest.referral_dates import ISO, MISSING, UNREADABLE, day_reader, format_problem

DAY = date(2026, 5, 4)
NUMBER = (DAY - date(1970, 1, 1)).days

READ = [
    (ISO, "2026-05-04"), (ISO, " 2026-05-04 "), (ISO, "2026-05-04T00:00:00"), (ISO, "2026-05-04 00:00"),
    ("DD/MM/YYYY", "04/05/2026"), ("DD/MM/YYYY", "4/5/2026"), ("DD/MM/YYYY", "2026-05-04"),
    ("MM/DD/YYYY", "05/04/2026"), ("DD-MMM-YYYY", "04-May-2026"), ("DD MMM YYYY", "4 MAY 2026"),
    ("YYYYMMDD", "20260504"), ("DD/MM/YYYY hh:mm:ss", "04/05/2026 13:45:59"),
    ("YYYY-MM-DD hh:mm:ss", "2026-05-04 13:45:59.123"), ("YYYY-MM-DDThh:mm", "2026-05-04T13:45"),
    (ISO, "2026-05-04T00:00:00Z"), (ISO, "2026-05-03T23:00:00Z"), (ISO, "2026-05-04T22:59:59.9999999+00:00"),
    (ISO, "2026-05-04T00:00+0100"), ("DD/MM/YYYY", "2026-05-04 00:00:00.0000000 +01:00"),
    (ISO, "2026-05-04 09:00+09:00"),
    ("DD/MM/YYYY", "04/05/2026 00:00"), ("DD/MM/YYYY", "4/5/2026 00:00:00.000"),
    ("DD-MMM-YYYY", "04-May-2026 00:00:00"),
    ("DD/MM/YYYY hh:mm", "04/05/2026"), ("DD-MMM-YYYY hh:mm:ss", "4-May-2026"), ("YYYYMMDDhhmm", "20260504"),
    ("hh:mm DD/MM/YYYY", "13:45 04/05/2026"), ("DD.MM.YYYY.", "04.05.2026."),
]  # fmt: skip

NOT_READ = [
    (ISO, "2026-5-4"), ("DDMMYYYY", "4052026"), ("DDMM/YYYY", "405/2026"), ("DDMMYYYY", "452026"),
    ("YYYY/MM/DD", "2026/5/4"),
    (ISO, "2026-02-29"), (ISO, "2026-13-01"), (ISO, "04/05/2026"), (ISO, "2026-05-04 13:45"),
    (ISO, "0000-01-01"), (ISO, "x" * 41), ("DD/MM/YYYY", "31/02/2026"), ("DD/MM/YYYY", "04.05.2026"),
    ("DD/MM/YYYY", "04/05/26"), ("DD-MMM-YYYY", "04-Mai-2026"), ("DD/MM/YYYY", "04/05/2026 13:45"),
    (ISO, "\N{FULLWIDTH DIGIT TWO}026-05-04"), (ISO, "2026-05-04T25:00Z"), (ISO, "2026-05-04Z"),
    (ISO, "2026-02-29T00:00Z"),
    ("DD/MM/YYYY hh:mm", "04/05/2026T13:45"), ("DD/MM/YYYY hh:mm", "04/05/2026 13:45:59"),
    ("hh:mm DD/MM/YYYY", "04/05/2026"), ("hh:mm DD/MM/YYYY", "13:45 04/05/2026 00:00"), ("DD.MM.YYYY.", "04.05.2026"),
    (ISO, "0001-01-01T00:00+23:59"), (ISO, "2026-05-04T13:45"),
]  # fmt: skip


@pytest.mark.parametrize(("spelt", "text"), READ)
def test_a_day_in_its_format_is_read(spelt, text):
    assert day_reader(spelt)([text]) == [NUMBER]


@pytest.mark.parametrize(("spelt", "text"), NOT_READ)
def test_anything_else_is_no_day_also_when_asked_again(spelt, text):
    read = day_reader(spelt)
    assert read([text, text]) == [UNREADABLE, UNREADABLE]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_known_by_its_name(month):
    day = date(2026, month, 9)
    assert day_reader("DD MMM YYYY")([f"{day:%d %b %Y}"]) == [(day - date(1970, 1, 1)).days]


def test_a_text_of_more_than_forty_characters_is_not_looked_at():
    text = "2026-05-04 00:00:00."
    assert day_reader(ISO)([text.ljust(40, "0"), text.ljust(41, "0")]) == [NUMBER, UNREADABLE]


def test_the_two_kinds_of_no_day_are_the_lowest_numbers_of_32_bits():
    assert (MISSING, UNREADABLE) == (-(2**31), -(2**31) + 1)


def test_nothing_and_declared_markers_are_missing():
    assert day_reader(ISO, empty=["NULL"])(["", "  ", "NULL", " NULL ", "null"]) == [MISSING] * 4 + [UNREADABLE]


@pytest.mark.parametrize(
    "spelt", [ISO, "DD/MM/YYYY", "MM.DD.YYYY hh:mm", "DDMMYYYY", "YYYY-MM-DDThh:mm:ss", "MMM DD, YYYY", "YYYY MMM DD"]
)
def test_a_format_that_leaves_no_doubt_can_be_used(spelt):
    assert format_problem(spelt) is None


@pytest.mark.parametrize(
    "spelt",
    ["", "DD/MM/YY", "YYYY-DD-MM", "MM/YYYY", "DD/MM/MMM/YYYY", "DD/DD/MM/YYYY", "DD x MM YYYY", "YYYY-MM-DD-YYYY"],
)
def test_a_format_that_leaves_doubt_cannot(spelt):
    assert format_problem(spelt)
    with pytest.raises(BadArgument, match="date format"):
        day_reader(spelt)


@pytest.mark.parametrize("spelt", ["dd/mm/yyyy", "DD/MM/yyyy", "Dd/Mm/Yyyy", "%d/%m/%Y"])
def test_a_format_in_small_letters_is_told_how_to_be_spelt(spelt):
    assert format_problem(spelt) == "is spelt with YYYY, MM or MMM, and DD in capital letters, such as DD/MM/YYYY"


def test_a_year_of_two_figures_is_told_as_such():
    assert format_problem("DD/MM/YY") == "needs the year as YYYY: two figures do not say which century"
    assert format_problem("DD%MM%YYYY") is None

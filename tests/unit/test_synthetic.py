"""The synthetic England in small: it adds up, it ages, and each planted fault stands where it is said to stand."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from waitlists.services import SERVICES, service_for_line
from waitlists.synthetic import FAULTS, SyntheticSheet, SyntheticWorkbook, workbooks
from waitlists.synthetic.lists import OLDEST, balance, bands_of, simulate, weeks_between
from waitlists.synthetic.places import BOARDS, LISTS, LONG, OCCUPATIONAL, PAEDIATRICS, PHYSIO, PROVIDERS, SPEECH
from waitlists.synthetic.reports import in_scope, months
from waitlists.synthetic.sheets import LINES
from waitlists.synthetic.workbooks import published_on

SEED = 20261116
BOOKS = workbooks(seed=SEED)
FIRST = {month.period_end: month for month in months(seed=SEED, corrected=False)}


def sheet(book: SyntheticWorkbook, name: str) -> SyntheticSheet:
    return next(item for item in book.sheets if item.name == name)


def book_of(year: int, month: int) -> SyntheticWorkbook:
    return next(book for book in BOOKS if (book.period_end.year, book.period_end.month) == (year, month))


def text_of(book: SyntheticWorkbook) -> str:
    return "\n".join(str(cell) for page in book.sheets for row in page.rows for cell in row if cell is not None)


def row_of(page: SyntheticSheet, name: str) -> tuple[object, ...]:
    return next(row for row in page.rows if any(str(cell).lower() == name.lower() for cell in row[:3]))


def test_thirty_months_and_one_correction_end_in_september_2026():
    assert len(BOOKS) == 31
    assert (BOOKS[0].period_end, BOOKS[-1].period_end) == (date(2024, 4, 30), date(2026, 9, 30))
    assert [book.name for book in BOOKS if book.revised_on] == ["synthetic-community-health-2026-03-revised.xlsx"]


def test_every_cover_page_says_synthetic():
    assert all("SYNTHETIC" in str(sheet(book, "Cover page").rows[:2]) for book in BOOKS)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    assert workbooks(seed=SEED) == BOOKS
    assert workbooks(seed=1) != BOOKS


def test_every_line_is_one_the_register_knows():
    assert len(LINES) == 47
    assert {item.line for item in LISTS} <= set(LINES)
    assert {service_for_line(line) for line in LINES} <= set(SERVICES)


def test_kent_is_near_its_published_size():
    latest = FIRST[date(2026, 9, 30)].lists
    assert 8_000 < latest["QKS", PAEDIATRICS][0] < 10_500
    assert 1_300 < latest["QKS", SPEECH][0] < 2_300


def test_a_list_in_balance_loses_as_many_as_join():
    level = balance(1_000, LONG)
    assert level.ages.sum() == pytest.approx(1_000)
    assert (np.diff(level.ages) <= 0).all()
    assert level.joining == pytest.approx((level.ages * level.leaving).sum())


def test_bands_cover_every_week_of_waiting_once():
    assert bands_of(np.ones(OLDEST, dtype=np.int64)).tolist() == [1, 1, 2, 8, 6, 34, 52, OLDEST - 104]


def test_weeks_begin_on_mondays():
    weeks = weeks_between(date(2024, 4, 2), date(2024, 4, 22))
    assert weeks == (date(2024, 4, 8), date(2024, 4, 15), date(2024, 4, 22))


def test_a_week_later_nobody_has_waited_less():
    weeks = weeks_between(date(2024, 4, 1), date(2024, 5, 31))
    history = simulate(weeks, seed=SEED)
    for before, after in pairwise(weeks):
        over_52 = history[after][:, 6:].sum(axis=1) - history[before][:, 6:].sum(axis=1)
        # Whoever is newly over 52 weeks was in the band below a week before.
        assert (over_52 <= history[before][:, 5]).all()


def test_publication_is_the_second_thursday_but_once():
    assert published_on(date(2024, 8, 31)) == date(2024, 10, 10)
    assert published_on(date(2026, 9, 30)) == date(2026, 11, 12)
    assert published_on(date(2025, 8, 31)) > published_on(date(2025, 9, 30))


def test_ten_faults_are_named():
    assert len(FAULTS) == len(set(FAULTS)) == 10


def test_solent_hands_its_lists_over_in_october_2024():
    before, after = FIRST[date(2024, 9, 30)], FIRST[date(2024, 10, 31)]
    assert ("R1C", SPEECH) in before.lists
    assert ("R1C", SPEECH) not in after.lists
    assert after.lists["RW1", SPEECH][0] > 5 * before.lists["RW1", SPEECH][0]
    assert "R1C" not in in_scope(after.period_end)
    assert "HAMPSHIRE AND ISLE OF WIGHT HEALTHCARE" in text_of(book_of(2024, 10))
    assert "SOLENT" not in text_of(book_of(2024, 10))


def test_a_zero_stands_between_two_long_lists():
    year = [FIRST[day].lists["RDR", SPEECH][0] for day in (date(2024, 12, 31), date(2025, 1, 31), date(2025, 2, 28))]
    assert year[1] == 0
    assert min(year[0], year[2]) > 1_000


def test_a_new_list_is_announced_on_the_cover_and_above_the_tables():
    step = FIRST[date(2025, 4, 30)].lists["RYW", PAEDIATRICS][0] / FIRST[date(2025, 3, 31)].lists["RYW", PAEDIATRICS][0]
    assert step > 5
    assert "neurodevelopmental" in text_of(book_of(2025, 4))
    assert sheet(book_of(2025, 4), "Table 4").rows[4][0].startswith("**")
    assert "**" not in text_of(book_of(2025, 5))


def test_the_missing_provider_is_absent_not_zero():
    for day in (date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31)):
        month = FIRST[day]
        assert month.absent == {"NQ7"}
        assert not any(org == "NQ7" for org, _ in month.lists)
    assert FIRST[date(2026, 2, 28)].lists["NQ7", PAEDIATRICS][0] > 3_000


def test_table_1_counts_the_missing_provider_where_it_belongs():
    page = sheet(book_of(2026, 1), "Table 1")
    for name in ("England", "South East", "Kent and Medway"):
        assert row_of(page, name)[2:] == (0, 0, 0, 0, 0, 0, 0, 1, 1, 1)
    assert set(row_of(page, "Sussex")[2:]) == {0}


def test_one_pooled_number_stands_under_three_lines():
    for month in FIRST.values():
        assert len({month.lists["RYY", line] for line in (SPEECH, OCCUPATIONAL, PHYSIO)}) == 1


def test_a_frozen_list_repeats_three_times():
    frozen = [FIRST[day].lists["RPA", PAEDIATRICS] for day in (date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31))]
    assert len(set(frozen)) == 1
    assert FIRST[date(2026, 9, 30)].lists["RPA", PAEDIATRICS] != frozen[0]


def test_the_clean_up_takes_400_of_those_who_waited_long():
    before, after = FIRST[date(2026, 4, 30)].lists, FIRST[date(2026, 5, 31)].lists
    assert 300 < sum(before["RYY", PAEDIATRICS][6:]) - sum(after["RYY", PAEDIATRICS][6:]) < 600


def test_the_correction_changes_one_list_and_its_sums():
    wrong, right = [book for book in BOOKS if book.period_end == date(2026, 3, 31)]
    assert right.revised_on == wrong.published_on + timedelta(days=21)
    kent = [row_of(sheet(book, "Table 4"), "QKS")[3 + LINES.index(SPEECH)] for book in (wrong, right)]
    assert kent[1] - kent[0] > 200
    assert row_of(sheet(wrong, "Table 4"), "RDR") == row_of(sheet(right, "Table 4"), "RDR")
    assert row_of(sheet(right, "Cover page"), "Revised:")[1] == "04/06/2026"


def test_a_later_file_prints_the_corrected_month():
    def march(book: SyntheticWorkbook) -> object:
        return row_of(sheet(book, "Table 2"), SPEECH)[12]

    wrong, right = [book for book in BOOKS if book.period_end == date(2026, 3, 31)]
    assert march(wrong) != march(right)
    total = row_of(sheet(right, "Table 4"), "England")[3 + LINES.index(SPEECH)]
    assert march(right) == total


@pytest.mark.parametrize(
    ("year", "month", "first_row", "identity", "hidden"),
    [
        (2024, 4, (None, None, None), (None, None, "England"), "*"),
        (2024, 8, ("Organisation Type", "Organisation Name", "(A) Adult Safeguarding"), ("National", "England"), "*"),
        (
            2024,
            10,
            ("Organisation Type", "Organisation Code", "Organisation Name"),
            ("National", None, "England"),
            None,
        ),
    ],
)
def test_three_generations_of_layout(year, month, first_row, identity, hidden):
    page = sheet(book_of(year, month), "Table 4")
    header = 5 if year == 2024 and month == 4 else 4
    assert page.rows[header][:3] == first_row
    assert page.rows[header + 1][: len(identity)] == identity
    assert page.rows[header + 2][len(identity)] == hidden
    assert len(page.rows[header]) == len(identity) + 47


def test_the_second_generation_calls_its_columns_level_and_name_in_one_table():
    assert sheet(book_of(2024, 8), "Table 4g").rows[4][:2] == ("level", "name")


def test_the_last_table_appears_when_over_52_weeks_is_split():
    assert sheet(book_of(2025, 9), "Table 4g").rows[0][0].startswith("Number waiting over 52 weeks")
    assert "Table 4h" not in {page.name for page in book_of(2025, 9).sheets}
    assert sheet(book_of(2025, 10), "Table 4h").rows[0][0].startswith("Number waiting over 104 weeks")


def test_every_provider_belongs_to_a_board_and_sends_something():
    assert {place.parent for place in PROVIDERS} == {place.code for place in BOARDS}
    assert {item.provider for item in LISTS} == {place.code for place in PROVIDERS}

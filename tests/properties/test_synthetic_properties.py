"""Whatever the seed, synthetic figures add up: every level, every table, every band but the one that is short."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waitlists.domain import ENGLAND
from waitlists.synthetic.places import BOARDS, PROVIDERS, REGIONS
from waitlists.synthetic.reports import SHORT_BANDS, Month, months, subtotal
from waitlists.synthetic.sheets import LINES, table_2, table_3
from waitlists.synthetic.workbooks import style_of

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def level_sum(month: Month, codes: set[str], line: str) -> int:
    return sum(counts[0] for (org, of_line), counts in month.lists.items() if org in codes and of_line == line)


@settings(max_examples=4, deadline=None)
@given(seed=seeds, corrected=st.booleans())
def test_england_is_the_sum_of_every_level_below(seed, corrected):
    for month in months(seed=seed, corrected=corrected):
        for line in LINES:
            england = month.lists.get((ENGLAND, line), (0,))[0]
            for places in (REGIONS, BOARDS, PROVIDERS):
                assert level_sum(month, {place.code for place in places}, line) == england


@settings(max_examples=4, deadline=None)
@given(seed=seeds)
def test_bands_add_up_to_the_total_outside_the_planted_fault(seed):
    for month in months(seed=seed, corrected=False):
        for (org, line), (total, *bands) in month.lists.items():
            assert min(bands) >= 0
            short = line == SHORT_BANDS[1] and org in {SHORT_BANDS[0], "QWU", "Y60", ENGLAND}
            assert total >= sum(bands) if short else total == sum(bands), (org, line)


@settings(max_examples=3, deadline=None)
@given(seed=seeds)
def test_tables_2_and_3_repeat_england(seed):
    month = months(seed=seed, corrected=False)[-1]
    style = style_of(month.period_end)
    series = {row[0]: row[1:] for row in table_2([month], [month.period_end], style)}
    overview = {row[0]: row[1:] for row in table_3(month, style, noted=False)}
    assert series["England"] == (subtotal(month, "")[0],) == overview["England"][:1]
    assert overview["England"][0] == overview["Adult services"][0] + overview["CYP services"][0]
    for line in LINES:
        assert (series[line][0],) == (overview[line][:1] or (None,))
        if (ENGLAND, line) in month.lists:
            assert overview[line] == month.lists[ENGLAND, line]


@pytest.mark.parametrize("corrected", [False, True])
def test_no_provider_is_in_two_months_at_once(corrected):
    periods = [month.period_end for month in months(seed=3, corrected=corrected)]
    assert periods == sorted(set(periods))

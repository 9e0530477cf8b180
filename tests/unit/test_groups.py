"""Groups of a list: a fixed division in which every child is once, put together where records tell too finely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.counts.groups import BANDS, GROUPS, NOT_SAID, grouped, median_of_bands
from waitlists.details import CUTS, Detail
from waitlists.ingest.referral_rule_facts import ETHNIC_CATEGORIES, GENDERS

WORDS = {
    "district": ("E07000105", "OUT", "not_said", "E99"),
    "age_band": ("0-4", "16-17", "not_said"),
    "sex": (*sorted(GENDERS), "not_said"),
    "ethnicity": (*sorted(ETHNIC_CATEGORIES), "not_said"),
    "deprivation": (*map(str, range(1, 11)), "not_said"),
}
counts = st.lists(st.integers(0, 50), min_size=8, max_size=8).map(tuple)


def part(cut, word, bands, median=None):
    return Detail("SALT", "QKS", "list", sum(bands), bands, cut=cut, group=word, median_days=median)


@pytest.mark.parametrize("cut", CUTS)
@given(data=st.data())
def test_groups_add_up_to_what_records_tell(cut, data):
    words = data.draw(st.lists(st.sampled_from(WORDS[cut]), unique=True))
    details = [part(cut, word, data.draw(counts)) for word in words]
    found = grouped(details, cut)
    assert [one.group for one in found] == list(GROUPS[cut])
    assert sum(one.list_size for one in found) == sum(one.list_size for one in details)
    for place, (low, high) in enumerate(((0, 5), (5, 6), (6, 8))):
        assert sum(one.bands[place] for one in found) == sum(sum(one.bands[low:high]) for one in details)


def test_every_word_of_the_record_has_a_group_of_its_own():
    for cut, groups in GROUPS.items():
        words = [word for group in groups for word in group.words]
        assert len(words) == len(set(words))
        assert groups[-1].code == NOT_SAID
        known = set(WORDS[cut]) - {"not_said", "E99"}
        assert known <= set(words)
    assert set(GROUPS) == set(CUTS)


def test_other_divisions_and_stages_are_left_out():
    review = Detail("SALT", "QKS", "review", 9, (9, 0, 0, 0, 0, 0, 0, 0), cut="sex", group="1")
    found = grouped([part("age_band", "0-4", (1,) * 8), review], "sex")
    assert {one.list_size for one in found} == {0}
    assert {one.median_days for one in found} == {None}


def test_a_median_is_exact_for_one_part_and_from_bands_for_several():
    eight = (8, 0, 0, 0, 0, 0, 0, 0)
    (white,) = [one for one in grouped([part("ethnicity", "A", eight, 3.5)], "ethnicity") if one.group.code == "white"]
    assert white.median_days == 3.5
    both = [part("ethnicity", "A", eight, 3.5), part("ethnicity", "B", (0, 8, 0, 0, 0, 0, 0, 0), 9.0)]
    (white,) = [one for one in grouped(both, "ethnicity") if one.group.code == "white"]
    assert white.median_days == 8.0


@pytest.mark.parametrize(
    ("bands", "median"),
    [
        ((10, 0, 0), 63.5),
        ((0, 10, 0), 127 + 119),
        ((5, 0, 5), 127.0),
        ((0, 0, 10), None),
        ((0, 0, 0), None),
        ((5, None, 5), 127.0),
        ((4, None, 5), None),
    ],
)
def test_a_median_of_three_bands(bands, median):
    assert len(bands) == len(BANDS)
    assert median_of_bands(bands, 10 if sum(filter(None, bands)) else 0) == median
    assert median_of_bands(bands, None) is None

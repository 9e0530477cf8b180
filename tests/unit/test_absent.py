"""A figure of part of a list is made good from what whoever is absent last said, or not at all."""

from datetime import date

import pytest

from waitlists.absent import last_known_of
from waitlists.domain import Measure, MissingProvider

ABSENT = (MissingProvider("NQ7", date(2024, 10, 31), 3921), MissingProvider("RVV", date(2024, 11, 30), 1004))


def test_the_size_of_a_list_is_in_the_record_of_the_absent_provider():
    assert last_known_of(ABSENT, Measure.LIST_SIZE, value=lambda _: None) == 4925


@pytest.mark.parametrize(
    ("values", "added"), [({"NQ7": 10, "RVV": 2}, 12), ({"NQ7": 10}, None), ({"NQ7": 0, "RVV": 0}, 0)]
)
def test_other_measures_are_added_where_everybodys_is_known(values, added):
    assert last_known_of(ABSENT, Measure.OVER_52_WEEKS, value=lambda one: values.get(one.org)) == added


def test_where_nobody_is_absent_nothing_is_added():
    assert last_known_of((), Measure.OVER_52_WEEKS, value=lambda _: None) == 0

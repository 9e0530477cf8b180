from collections.abc import Mapping

import pytest

from waitlists.details import CUTS, Detail, Within
from waitlists.errors import BadArgument


def detail(**more: object) -> Detail:
    return Detail("SALT", "QKS", "list", 3, (3, 0, 0, 0, 0, 0, 0, 0), **more)


def test_a_share_of_nobody_is_not_known() -> None:
    assert Within(0, 0).share is None
    assert Within(1, 4).share == 0.25


@pytest.mark.parametrize("cut", CUTS)
def test_a_list_is_looked_at_by_one_cut_at_a_time(cut: str) -> None:
    assert detail(cut=cut, group="1").cut == cut


@pytest.mark.parametrize("wrong", [{"cut": "postcode", "group": "1"}, {"cut": "sex"}, {"group": "1"}])
def test_any_other_crossing_is_refused(wrong: Mapping[str, str]) -> None:
    with pytest.raises(BadArgument):
        detail(**wrong)

"""Of a list with two standards, each about those whom the other is not, the attacker recovers nothing either."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.attacker import Attack, Week, attack, weeks
from waitlists.suppression import Rule

pytestmark = pytest.mark.no_cover


def halved(rule: Rule, sizes: tuple[int, ...], *, number: int) -> Iterator[list[Week]]:
    for size, seed in product(sizes, range(2)):
        yield weeks(size, rule, number=number, seed=seed, is_halved=True)


@pytest.mark.parametrize("rule", Rule)
def test_nothing_hidden_of_one_half_is_told_by_the_other(rule: Rule) -> None:
    done = sum((attack(shown) for shown in halved(rule, (12, 60, 150), number=2)), Attack(0, ()))
    assert done.hidden > 500
    assert done.recovered == ()

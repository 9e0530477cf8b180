"""The examples in the registers' docstrings are true."""

import doctest

import pytest

from forecasting.warnings import words
from waitlists import bands, near, organisations, services
from waitlists.deliveries import unread
from waitlists.trends import chance, judging, run_chart


@pytest.mark.parametrize("module", [bands, near, organisations, services, chance, judging, run_chart, unread, words])
def test_the_examples_of_a_docstring_hold(module) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0

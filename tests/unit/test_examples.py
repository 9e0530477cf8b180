"""The examples in the registers' docstrings are true."""

import doctest

import pytest

from waitlists import bands, near, organisations, services


@pytest.mark.parametrize("module", [bands, near, organisations, services])
def test_the_examples_of_a_docstring_hold(module) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0

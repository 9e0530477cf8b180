"""Queue formulas: known numbers, and one word for every argument that cannot be used."""

import math

import pytest

from waitlists.errors import NotFound
from waitlists.formulas import (
    FORMULAS,
    INVALID,
    Answer,
    evaluate,
    relief_capacity,
    tail_factor,
    target_queue,
    target_queue_fifo,
)


@pytest.mark.parametrize(
    ("share", "factor"),
    [(0.75, 1.386), (0.80, 1.609), (0.85, 1.897), (0.92, 2.526), (0.95, 2.996), (0.982, 4.017), (0.99, 4.605),
     (0.998, 6.215)],
)  # fmt: skip
def test_the_tail_factor_of_each_usual_share(share, factor):
    assert tail_factor(share).value == pytest.approx(factor, abs=5e-4)


def test_the_discipline_decides_the_target_list():
    factor = tail_factor(0.92).value
    assert evaluate("target_queue", {"demand": 10, "target_wait": 18, "factor": factor}).value == pytest.approx(
        71.27, abs=5e-3
    )
    assert target_queue_fifo(10, 18, 0.92).value == pytest.approx(195.65, abs=5e-3)
    assert target_queue(10, 18).value == 45


@pytest.mark.parametrize(
    ("fn", "args", "value"),
    [
        ("load", {"demand": 11, "capacity": 10}, 1.1),
        ("target_mean_wait", {"target_wait": 18}, 4.5),
        ("target_capacity", {"demand": 10, "target_wait": 18}, 10 + 4 / 18),
        ("target_capacity", {"demand": 10, "target_wait": 18, "cv_demand": 2, "cv_capacity": 0}, 10 + 8 / 18),
        ("relief_capacity", {"demand": 5, "queue_size": 100, "target_queue_size": 22}, 8),
        ("pressure", {"mean_wait": 9, "target_wait": 18}, 1),
        ("pressure", {"mean_wait": 0, "target_wait": 18}, 0),
        ("target_mean_wait", {"target_wait": 0.5, "factor": 0.5}, 1),
        ("target_queue", {"demand": 0, "target_wait": 0.5, "factor": 0.5}, 0),
        ("target_capacity", {"demand": 0, "target_wait": 0.5, "factor": 0.5, "cv_demand": 0}, 0.5),
        ("relief_capacity", {"demand": 5, "queue_size": 9, "target_queue_size": 9, "num_referrals": 100}, 5),
        ("relief_capacity", {"demand": 5, "queue_size": 9, "target_queue_size": 9, "cv_demand": 1}, 5),
    ],
)
def test_a_formula_worked_by_hand(fn, args, value):
    assert evaluate(fn, args) == Answer(pytest.approx(value))


@pytest.mark.parametrize(
    ("fn", "args"),
    [
        ("load", {"demand": -1, "capacity": 10}),
        ("load", {"demand": 1, "capacity": -1}),
        ("tail_factor", {"p": 0}),
        ("tail_factor", {"p": 1}),
        ("tail_factor", {"p": 92}),
        ("target_mean_wait", {"target_wait": 0}),
        ("target_mean_wait", {"target_wait": 18, "factor": 0}),
        ("target_queue", {"demand": -1, "target_wait": 18}),
        ("target_queue", {"demand": 1, "target_wait": -18}),
        ("target_queue", {"demand": 1, "target_wait": 18, "factor": 0}),
        ("target_capacity", {"demand": -1, "target_wait": 18}),
        ("target_capacity", {"demand": 1, "target_wait": 0}),
        ("target_capacity", {"demand": 1, "target_wait": 18, "factor": -4}),
        ("target_capacity", {"demand": 1, "target_wait": 18, "cv_demand": -1}),
        ("target_capacity", {"demand": 1, "target_wait": 18, "cv_capacity": -1}),
        ("relief_capacity", {"demand": -1, "queue_size": 1, "target_queue_size": 1}),
        ("relief_capacity", {"demand": 1, "queue_size": -1, "target_queue_size": 1}),
        ("relief_capacity", {"demand": 1, "queue_size": 1, "target_queue_size": -1}),
        ("relief_capacity", {"demand": 1, "queue_size": 1, "target_queue_size": 1, "time_to_target": 0}),
        ("relief_capacity", {"demand": 1, "queue_size": 1, "target_queue_size": 1, "num_referrals": -1}),
        ("relief_capacity", {"demand": 1, "queue_size": 1, "target_queue_size": 1, "cv_demand": -1}),
        ("pressure", {"mean_wait": -1, "target_wait": 18}),
        ("pressure", {"mean_wait": 1, "target_wait": 0}),
        ("load", {"demand": 1}),
        ("load", {"demand": 1, "capacity": 1, "cv": 1}),
        ("load", {"demand": True, "capacity": 1}),
        ("load", {"demand": "1", "capacity": 1}),
        ("load", {"demand": None, "capacity": 1}),
        ("load", {"demand": math.inf, "capacity": 1}),
        ("load", {"demand": math.nan, "capacity": 1}),
        ("load", {"demand": 10**400, "capacity": 1}),
        ("load", {"demand": 1e308, "capacity": 1e-308}),
        ("target_queue_fifo", {"demand": 1, "target_wait": 18, "p": 1}),
        ("target_queue_fifo", {"demand": 1, "target_wait": 18, "p": 0}),
        ("target_queue_fifo", {"demand": 1, "target_wait": 0, "p": 0.5}),
        ("target_queue_fifo", {"demand": -0.5, "target_wait": 18, "p": 0.5}),
    ],
)
def test_what_cannot_be_used_is_an_invalid_argument(fn, args):
    found = evaluate(fn, args) if fn in FORMULAS else target_queue_fifo(**args)
    assert found == INVALID == Answer(None, "invalid_argument")


def test_a_list_without_demand_needs_no_length():
    assert target_queue_fifo(0, 0.5, 0.5) == Answer(0.0)
    assert target_queue_fifo(1, 0.5, 0.5) == Answer(1.0)


def test_no_capacity_is_said_and_is_not_infinite():
    assert evaluate("load", {"demand": 10, "capacity": 0}) == Answer(None, "no_capacity")
    assert evaluate("load", {"demand": 0, "capacity": 0}) == Answer(None, "no_capacity")
    assert evaluate("load", {"demand": 0, "capacity": 3}) == Answer(0.0)


def test_relief_capacity_is_never_below_nothing():
    assert relief_capacity(5, 50, 390) == Answer(0.0, "clamped_to_zero")
    assert relief_capacity(5, 0, 130) == Answer(0.0)


def test_the_uplift_is_undefined_from_so_few_gaps_that_none_can_be_ruled_out():
    assert relief_capacity(10, 50, 50, num_referrals=16, cv_demand=2) == Answer(None, "uplift_undefined")
    assert relief_capacity(10, 50, 50, num_referrals=16, cv_demand=1) == Answer(20.0)
    assert relief_capacity(10, 50, 50, num_referrals=0, cv_demand=2) == Answer(10.0)


def test_an_unknown_formula_lists_those_there_are():
    with pytest.raises(NotFound, match="there are load, tail_factor"):
        evaluate("laod", {})

"""Who is in a list over time: a provider that comes or goes moves it with nobody waiting longer or less."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Vintage
from waitlists.periods import month_range
from waitlists.trends.presence import came_and_went, successions, sudden, taken_over, who_went
from waitlists.trends.steps import Step

MONTHS = month_range(date(2023, 1, 31), date(2025, 12, 31))
FAR = date(2030, 1, 1)


def history(lists: list[Mapping[str, int | None]], *, service: str = "SALT", source: str = "chs_sitrep") -> ListHistory:
    months = list(enumerate(zip(MONTHS, lists, strict=False)))
    return ListHistory(
        source=source,
        service=service,
        vintages=tuple(Vintage(day + timedelta(45), id_, source, day) for id_, (day, _) in months),
        cells={
            (id_, org): VintageCells(id_, {"total": size}) for id_, (_, sizes) in months for org, size in sizes.items()
        },
    )


def found(stored, org="QKS", as_of=FAR):
    return [(one.period_end, one.cause) for one in came_and_went(stored, as_of).get(org, ())]


def test_a_provider_that_comes_is_no_growth():
    changes = came_and_went(history([{"RYY": 500}, {"RYY": 500, "NQ7": 400}]), FAR)["QKS"]
    assert [(one.period_end, one.cause) for one in changes] == [(MONTHS[1], "coverage")]
    assert changes[0].sentence == (
        "Medway Community Healthcare is new in the figures from February 2023: coverage, not change."
    )


def test_a_provider_that_is_no_longer_expected_is_no_fall():
    lists = [{"RYY": 500, "NQ7": 400}, *[{"RYY": 500}] * 14]
    changes = came_and_went(history(lists), FAR)["QKS"]
    assert [one.period_end for one in changes] == [MONTHS[12]]
    assert "Medway Community Healthcare is no longer expected in the figures from January 2024" in changes[0].sentence


def test_who_went_is_told_however_small_until_it_comes_back():
    both = {"RYY": 500, "NQ7": 3}
    stored = history([both, *[{"RYY": 500}] * 13])
    (gone,) = who_went(stored, FAR)["QKS"]
    assert (gone.org, gone.since, gone.known_from) == ("NQ7", MONTHS[12], MONTHS[12] + timedelta(45))
    assert who_went(history([both, *[{"RYY": 500}] * 13, both]), FAR)["QKS"] == ()
    assert who_went(history([both, *[{"RYY": 500}] * 11]), FAR)["QKS"] == ()


@pytest.mark.parametrize(("away", "is_new"), [(10, False), (11, True)])
def test_a_provider_that_comes_back_is_new_once_it_was_no_longer_expected(away, is_new):
    both = {"RYY": 500, "NQ7": 400}
    days = found(history([both, *[{"RYY": 500}] * away, both]))
    assert days == ([(MONTHS[12], "coverage")] if is_new else [])


@pytest.mark.parametrize(("size", "is_told"), [(47, False), (48, True)])
def test_a_small_provider_moves_nothing_and_its_size_is_taken_to_the_nearest_five(size, is_told):
    assert bool(found(history([{"RYY": 500}, {"RYY": 500, "NQ7": size}]))) is is_told


@pytest.mark.parametrize(("size", "is_told"), [(520, False), (530, True)])
def test_a_twentieth_of_a_list_is_enough(size, is_told):
    assert bool(found(history([{"RYY": 10_000}, {"RYY": 10_000, "NQ7": size}]))) is is_told


def test_what_is_empty_hidden_or_no_provider_does_not_count():
    lists = [{"RYY": 500}, {"RYY": 500, "NQ7": 0}, {"RYY": 500, "RPA": None}, {"RYY": 500, "QKS": 900}]
    assert found(history(lists)) == []
    assert found(history(lists), org="RYY") == []
    assert found(history([{"RYY": 500}, {"RPA": 0, "RYY": 500, "NQ7": 400}])) == [(MONTHS[1], "coverage")]


def test_a_provider_away_for_a_little_while_is_not_new():
    both, one = {"RYY": 500, "NQ7": 400}, {"RYY": 500}
    assert found(history([*[both] * 13, one, one, both, one])) == []


def test_a_twentieth_is_of_all_that_are_there():
    assert found(history([{"RYY": 955}, {"RYY": 955, "NQ7": 50}])) == []
    assert found(history([{"RYY": 950}, {"RYY": 950, "NQ7": 50}])) == [(MONTHS[1], "coverage")]


def test_only_what_was_known_on_a_day_counts():
    stored = history([{"RYY": 500}, {"RYY": 500, "NQ7": 400}])
    assert found(stored, as_of=MONTHS[1]) == []
    assert found(stored, as_of=MONTHS[1] + timedelta(45)) == [(MONTHS[1], "coverage")]
    assert came_and_went(stored, date(2000, 1, 1)) == {}


def test_a_merger_is_nobody_coming_or_going():
    lists = [*[{"R1C": 800, "RW1": 500}] * 21, *[{"RW1": 1300}] * 14]
    assert found(history(lists), org="QRL") == []


def test_a_board_s_list_goes_on_when_it_is_handed_over():
    assert [(one.period_end, one.cause) for one in successions("CAMHS", "QKS")] == [
        (date(2026, 4, 1), "succession"),
        (date(2026, 4, 1), "succession"),
    ]
    assert successions("SALT", "QKS") == ()
    assert successions("CAMHS", "RXY") == ()
    assert successions("CAMHS", "QKS")[0].sentence == (
        "Kent and Medway Mental Health NHS Trust carries on the list of North East London NHS Foundation Trust:"
        " the list goes on."
    )


@pytest.mark.parametrize(("org", "told"), [("RAT", 1), ("RXY", 1), ("QKS", 0)])
def test_a_provider_s_own_list_ends_or_begins_with_a_succession(org, told):
    changes = taken_over("CAMHS", org)
    assert len(changes) == told
    assert all(one.sentence.endswith(": coverage, not change.") for one in changes)
    assert taken_over("SALT", org) == ()


def test_a_step_too_large_to_believe_waits_for_its_cause():
    values = [100.0, 135.0, 183.0, 60.0, 38.0]
    given = [Step(day, value) for day, value in zip(MONTHS, values, strict=False)]
    assert [one.period_end for one in sudden(given, "M")] == [MONTHS[2], MONTHS[3], MONTHS[4]]
    assert sudden(given, "M")[0].sentence.startswith("The list moved by more than 35% to March 2023: not a real change")
    assert {one.cause for one in sudden(given, "M")} == {"unknown"}
    edge = [Step(day, value) for day, value in zip(MONTHS, [50.0, 20.0, 50.0], strict=False)]
    assert [one.period_end for one in sudden(edge, "M")] == [MONTHS[1], MONTHS[2]]
    small = [Step(day, value) for day, value in zip(MONTHS, [10.0, 49.0, 20.0], strict=False)]
    assert sudden(small, "M") == ()


def test_a_step_is_from_one_whole_figure_to_the_next():
    given = [
        Step(MONTHS[0], 100.0),
        Step(MONTHS[1], 40.0, 0.4, is_provisional=True),
        Step(MONTHS[2], None),
        Step(MONTHS[3], 102.0),
    ]
    assert sudden(given, "M") == ()

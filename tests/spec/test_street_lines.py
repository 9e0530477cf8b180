"""Lines of home addresses are told from the few addresses of clinics."""

from collections.abc import Callable

import pytest

from waitlists.ingest.street_lines import FEWEST, are_street_lines

STREETS = [
    "Mill Lane",
    "St Peter's Road",
    "The Old High Street",
    "Albert Close",
    "Bay Crescent",
    "Mill Square",
    "Queens Gdns",
    "Oak Ave",
]


@pytest.mark.parametrize(
    "shape", ["{n} {street}", "Flat 2, {n}a {street}, Ramsgate", " {n}, {street}, Ramsgate ", "{n}A {street}"]
)
@pytest.mark.parametrize("change", [str, str.upper, str.lower])
def test_houses_and_streets_that_vary_are_addresses(shape: str, change: Callable[[str], str]):
    lines = [change(shape.format(n=n, street=STREETS[n % len(STREETS)])) for n in range(1, 40)]
    assert are_street_lines(lines)
    assert are_street_lines([*lines[:30], *["Rose Cottage"] * 70])
    assert not are_street_lines([*lines[:30], *["Rose Cottage"] * 71])


def test_streets_without_a_house_that_vary_are_addresses():
    assert are_street_lines(
        [f"{name}ham Lane, Deal" for name in ("Ack", "Bet", "Wor", "Elt", "Eyt", "Wick", "Bek", "Den", "Ep", "X")]
    )


@pytest.mark.parametrize(
    "shape",
    ["Flat {n}, 7 Mill Lane", "apt {n} 7 Mill Drive", "Rose Cottage, {n} Albert Close", "{n} Mill Road Ramsgate"],
)
def test_flats_named_houses_and_towns_stand_around_a_street(shape: str):
    assert are_street_lines([shape.format(n=n) for n in range(1, 40)])


@pytest.mark.parametrize("text", ["case {} to close", "{} agreed in court", "{} walks along the same old street"])
def test_notes_of_other_words_are_no_streets(text: str):
    assert not are_street_lines([text.format("a" * n) for n in range(1, 40)])


def test_few_lines_and_those_of_clinics_are_none():
    assert not are_street_lines([f"{n} Mill Lane" for n in range(1, FEWEST)])
    assert not are_street_lines([f"{n} Mill Lane" for n in range(1, 16)] * 3)
    assert not are_street_lines([])


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-{n:02}",
        "{n} weeks",
        "team {n}",
        "{n} sessions on the way",
        "Room {n} Park House",
        "{n} Hill",
        "Room {n} East Court",
        "Desk {n}, East Court",
        "seen {n} times in close contact",
        "{n} times in close",
        "{n} minute drive",
        "{n} contacts, close now",
        "plan {n} to close",
        "{n} notes in close contact",
    ],
)
def test_numbers_beside_other_words_are_no_houses(text: str):
    assert not are_street_lines([text.format(n=n) for n in range(1, 29)])


def test_a_text_of_commas_without_end_is_no_line():
    assert not are_street_lines([f"{'flat a, ' * 60}{n} Mill Lane" for n in range(1, 40)])

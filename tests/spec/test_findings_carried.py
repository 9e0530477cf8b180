"""What is wrong with a provider's figure stands on the board's sum too, by name; and what was taken too early."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from waitlists.domain import Finding, LineTotals, Severity, Vintage
from waitlists.quality import check_history
from waitlists.quality.carried import with_carried

SUNDAY = date(2026, 11, 15)
WEEK = timedelta(days=7)
COPIED = ("SALT", "CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY")


class History:
    """Vintages in the order in which they are told of, numbered from 1."""

    def __init__(self, source: str = "weekly_return") -> None:
        self.source = source
        self.told: list[LineTotals] = []

    def tell(self, scope: str, sizes: Mapping[str, int | None], *, week: date = SUNDAY, on: date | None = None) -> int:
        """A sender's lists of a week by service, known on the Monday after it; a board's sum has no scope."""
        number = len(self.told) + 1
        vintage = Vintage(on or week + timedelta(days=1), number, self.source, week, scope)
        org = vintage.sender or "QKS"
        self.told.append(LineTotals(vintage, {(service, org): size for service, size in sizes.items()}))
        return number

    def found(self, number: int, code: str) -> list[Finding]:
        checks = with_carried(check_history(self.told), self.told)
        return [one for one in checks.findings[number] if one.code == code]


def test_a_number_copied_within_a_return_is_said_of_the_boards_sums_by_the_name_of_its_sender():
    history = History()
    history.tell("RYY", dict.fromkeys(COPIED, 638))
    history.tell("NQ7", {"SALT": 362})
    board = history.tell("", {"SALT": 1000, "CYP_OCCUPATIONAL_THERAPY": 638, "CYP_PHYSIOTHERAPY": 638})
    found = history.found(board, "copied_number")
    assert [(one.service, one.org, one.details["share"]) for one in found] == [
        ("SALT", "QKS", 0.638), (COPIED[1], "QKS", 1.0), (COPIED[2], "QKS", 1.0),
    ]  # fmt: skip
    assert found[0].sentence == (
        "Kent Community Health NHS Foundation Trust sent the same number, 638, under Speech and language therapy for"
        " children, Occupational therapy for children and Physiotherapy for children: 64% of this sum is one pooled"
        " list, not this service's own."
    )


def test_services_sent_in_files_of_their_own_are_seen_beside_each_other():
    history = History()
    for service in COPIED:
        history.tell(f"RYY/{service}", {service: 638})
    board = history.tell("", dict.fromkeys(COPIED, 638))
    assert len(history.found(board, "copied_number")) == 3


def test_a_corrected_copy_is_off_the_sum_that_follows():
    history = History()
    history.tell("RYY", dict.fromkeys(COPIED, 638))
    before = history.tell("", dict.fromkeys(COPIED, 638))
    history.tell("RYY", {**dict.fromkeys(COPIED, 638), "SALT": 300}, on=SUNDAY + timedelta(days=3))
    after = history.tell("", {**dict.fromkeys(COPIED, 638), "SALT": 300}, on=SUNDAY + timedelta(days=3))
    assert [len(history.found(number, "copied_number")) for number in (before, after)] == [3, 0]


@pytest.mark.parametrize(
    ("source", "sizes", "whole"),
    [
        ("referral_extract", dict.fromkeys(COPIED, 638), dict.fromkeys(COPIED, 638)),
        ("weekly_return", dict.fromkeys(COPIED, 20), dict.fromkeys(COPIED, 20)),
        ("weekly_return", dict.fromkeys(COPIED, None), dict.fromkeys(COPIED, None)),
        ("weekly_return", dict.fromkeys(COPIED, 638), {"SALT": None}),
        ("weekly_return", dict.fromkeys(COPIED, 638), {"ASD": 638}),
    ],
)
def test_lists_alike_by_chance_small_unknown_or_elsewhere_are_no_copies(source: str, sizes, whole):
    history = History(source)
    history.tell("RYY", sizes)
    assert history.found(history.tell("", whole), "copied_number") == []


@pytest.mark.parametrize(("other", "severity"), [(300, "warning"), (3000, "info")])
def test_a_list_that_stands_still_is_said_of_the_sum_and_outweighs_a_note_from_a_fifth_on(other: int, severity: str):
    history = History()
    for number in range(4):
        week = SUNDAY + number * WEEK
        history.tell("RYY", {"SALT": 200}, week=week)
        history.tell("NQ7", {"SALT": other + number}, week=week)
        board = history.tell("", {"SALT": 200 + other + number}, week=week)
    (found,) = history.found(board, "frozen_value")
    assert (found.org, found.severity, found.details["provider"]) == ("QKS", severity, "RYY")
    assert found.sentence.startswith("Kent Community Health NHS Foundation Trust, ")
    assert "of this sum: The same number, 200, stands in 4 loaded periods running" in found.sentence


@pytest.mark.parametrize(("on", "said"), [(SUNDAY, True), (SUNDAY - timedelta(days=1), True), (SUNDAY + WEEK, False)])
def test_a_week_that_had_not_ended_is_said_of_the_list_and_of_the_sum(on: date, said: bool):
    history = History("referral_extract")
    own = history.tell("RYY", {"SALT": 200}, on=on)
    history.tell("NQ7", {"SALT": None})
    board = history.tell("", {"SALT": None})
    elsewhere = history.tell("", {"ASD": 9})
    assert [one.org for one in history.found(own, "period_not_ended")] == ["RYY"] * said
    assert [one.org for one in history.found(board, "period_not_ended")] == ["QKS"] * said
    assert history.found(elsewhere, "period_not_ended") == []
    if said:
        (found,) = history.found(board, "period_not_ended")
        assert found.sentence == (
            "Kent Community Health NHS Foundation Trust, a part of this sum: Taken before the week to 15 November 2026"
            " had ended: what happened after that is not in it, and may come later."
        )
        assert found.known_from == max(on, SUNDAY + timedelta(days=1))


def test_the_next_figures_of_the_same_sender_confirm_a_week_that_was_taken_early():
    history = History("referral_extract")
    own = history.tell("RYY", {"SALT": 200}, on=SUNDAY)
    early = history.tell("", {"SALT": 200}, on=SUNDAY)
    history.tell("RYY", {"SALT": 210}, week=SUNDAY + WEEK)
    late = history.tell("", {"SALT": 200}, on=SUNDAY + WEEK + timedelta(days=1))
    confirmed = SUNDAY + WEEK + timedelta(days=1)
    assert [one.known_until for one in history.found(own, "period_not_ended")] == [confirmed]
    assert [one.known_until for one in history.found(early, "period_not_ended")] == [confirmed]
    assert history.found(late, "period_not_ended") == []


def test_figures_published_for_everybody_are_nobodys_parts():
    history = History("chs_sitrep")
    number = history.tell("", {"SALT": 200}, on=SUNDAY)
    assert history.found(number, "period_not_ended") == []


@pytest.mark.parametrize(
    ("records", "board", "severity"), [(10, 500, Severity.WARNING), (10, 800, Severity.INFO), (100, 500, Severity.INFO)]
)
def test_that_another_source_differs_is_said_of_the_boards_sum_by_how_much_of_it_is_in_doubt(records, board, severity):
    history = History("referral_extract")
    history.tell("RYY", {"SALT": records})
    whole = history.tell("", {"SALT": board})
    about = Vintage(SUNDAY + timedelta(days=1), 99, "weekly_return", SUNDAY, "RYY/SALT")
    other = LineTotals(about, {("SALT", "RYY"): 150})
    checks = with_carried(check_history(history.told, others=[other]), history.told)
    (said,) = [one for one in checks.findings[whole] if one.code == "sources_differ"]
    assert (said.severity, said.org, said.details["difference"]) == (severity, "QKS", 150 - records)
    assert said.sentence.startswith("Kent Community Health NHS Foundation Trust, ")
    assert f"of this sum: {records} wait by referral records" in said.sentence

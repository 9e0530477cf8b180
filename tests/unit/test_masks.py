"""What is refused where a person writes freely: whatever looks as if it named a child or a person."""

import pytest

from waitlists.masks import may_name_someone


@pytest.mark.parametrize(
    "text",
    [
        "Call mum of John Smith 943 476 5919",
        "9434765919 is next",
        "write to parent@example.org",
        "ring 01622 123456",
        "ring 07700900123",
        "ring +44 (0)7700 900 123",
        "ring 020 7946 0018",
        "the child of 3/5/2015",
        "the child of 03.05.15",
        "the child of 2015-05-03",
        "the child of 3 May 2015",
        "the child of 3rd of May, 2015",
        "the child of May 3, 2015",
        "dob 3 May",
        "born in spring",
        "wl_0badf00d_" + "5ec2e7" * 10,
    ],
)
def test_what_may_name_somebody_is_found(text):
    assert may_name_someone(text, year=2026)
    assert may_name_someone(f"Seen: {text}, and then more.", year=2026)


@pytest.mark.parametrize(
    "text",
    [
        "Two more clinics a week from December.",
        "Clinics from 14/12/2026 on, and again from 4.1.27",
        "Until 31 March 2027 a locum, from 2026-12-14",
        "Waits of 18-52 weeks: 1,234 of 10,545 seen by May",
        "Funding of 250 000 pounds for 2026/27",
        "Room 101, 5 May, 24/7",
    ],
)
def test_plans_with_days_and_numbers_are_let_through(text):
    assert not may_name_someone(text, year=2026)

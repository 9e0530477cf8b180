"""Files that are in no figure, as the readers of their lists are told of them."""

import re
from datetime import date
from pathlib import Path

import pytest

from waitlists.deliveries.unread import WHY, Sender, UnreadFile

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 16)
KCHFT = "Kent Community Health NHS Foundation Trust"
CHS = "Community health services waiting lists (NHS England)"
KMMH = "Kent and Medway Mental Health NHS Trust"
REFUSED = "that came on 16 November 2026 was refused and is not in these figures:"
ASK = "Ask for a corrected one; whoever runs the service knows more (`waitlists status`)."
LOOK = "Whoever runs the service has to look at it (`waitlists status`)."
HELD = (
    "is held and not in these figures: it differs from their last one by so much, or in its columns or systems, that "
    "a person has to look first. Whoever runs the service lets it in with `waitlists load --approve`, or asks for "
    "another."
)
RETURN = Sender("weekly_return", ("RYY",))
RECORDS = Sender("referral_extract", ("RYY",))
SITREP = Sender("chs_sitrep")
OURS = {"FAULT", "MAPPING", "OUT_OF_ORDER", "SAME_MOMENT"}
NEVER_FROM_AN_INBOX = {"NOT_ALLOWED", "NOT_FOUND", "NOT_HELD", "NOT_REACHED"}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            UnreadFile(RETURN, DAY, "CONTRACT"),
            f"A weekly return of {KCHFT} {REFUSED} its headings are not those that were agreed. {ASK}",
        ),
        (
            UnreadFile(Sender(None, ("RYY", "RXY")), DAY, "ENCRYPTED"),
            f"A file of {KCHFT} and {KMMH} {REFUSED} it is locked with a password. {ASK}",
        ),
        (
            UnreadFile(SITREP, DAY, "A_NEW_WORD"),
            f"A file of {CHS} {REFUSED} it breaks what was agreed for such files. {ASK}",
        ),
        (
            UnreadFile(RECORDS, DAY, "OUT_OF_ORDER"),
            f"A file of referral records of {KCHFT} {REFUSED} newer records are loaded already. {LOOK}",
        ),
        (
            UnreadFile(RECORDS, date(2026, 11, 15), None),
            f"A file of referral records of {KCHFT} for 15 November 2026 {HELD}",
        ),
    ],
)
def test_a_file_is_told_by_whose_it_is_why_it_is_out_and_what_to_do(file, said):
    assert file.sentence == said


@pytest.mark.parametrize(
    ("sender", "service", "org", "source", "lists", "is_told"),
    [
        (RETURN, "SALT", "RYY", None, {}, True),
        (RETURN, "SALT", "QKS", None, {"RYY": {"SALT", "ASD"}}, True),
        (RETURN, "CAMHS", "QKS", None, {"RYY": {"SALT", "ASD"}}, False),
        (RETURN, "SALT", "RXY", None, {}, False),
        (RETURN, "SALT", "QRL", None, {}, False),
        (Sender(None, ()), "SALT", "QKS", None, {}, False),
        (SITREP, "SALT", "QKS", "chs_sitrep", {}, True),
        (SITREP, "SALT", "QKS", "weekly_return", {}, False),
        (SITREP, "SALT", "QKS", None, {}, False),
    ],
)
def test_a_file_is_told_to_readers_of_its_own_lists_alone(sender, service, org, source, lists, is_told):
    assert UnreadFile(sender, DAY, "EMPTY").concerns(service, org, source=source, lists=lists) is is_told


def test_lists_wait_for_files_of_providers_alone():
    assert [UnreadFile(one, DAY, "EMPTY").is_own for one in (RETURN, RECORDS, SITREP, Sender("weekly_return"))] == [
        *(True, True),
        *(False, False),
    ]


def test_every_word_of_a_refusal_has_its_plain_words():
    raised: set[str] = set()
    for folder in ("waitlists/ingest", "waitlists/quality", "jobs/records"):
        for file in (ROOT / folder).rglob("*.py"):
            raised |= set(re.findall(r'code="([A-Z_]+)"', file.read_text()))
    assert raised - NEVER_FROM_AN_INBOX <= WHY.keys() | OURS

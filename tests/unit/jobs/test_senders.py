"""Whose a file is that could not be read: nothing of its name is believed but codes of the register."""

import pytest

from jobs.files import Refusal
from jobs.records.mappings import OWN_WORDS, NamedMapping
from jobs.records.senders import sent_under, with_sender
from tests.returns import book, waiting
from waitlists.deliveries.unread import UNKNOWN, Sender
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.weekly_return_rows import senders_in
from waitlists.ingest.weekly_return_words import HEADINGS

MAPPED = NamedMapping("careflow", ProviderMapping(constants={"organisation_identifier_code_of_provider": "RXY"}))
LONGER = NamedMapping("careflow-salt", ProviderMapping(constants={"organisation_identifier_code_of_provider": "RYY"}))
MAPPINGS = (OWN_WORDS, MAPPED, LONGER)


@pytest.mark.parametrize(
    ("name", "providers"),
    [
        ("RYY-SALT.csv", ("RYY",)),
        ("return_RXY_and_RYY.xlsx", ("RXY", "RYY")),
        ("careflow-2026-11-15.csv", ("RXY",)),
        ("Careflow-SALT-15.parquet", ("RYY",)),
        ("canonical RYY.csv", ("RYY",)),
        ("ryy.csv", ()),
        ("Maya Rye QKS.csv", ()),
        ("RYYX.csv", ()),
    ],
)
def test_a_name_tells_by_its_mapping_or_by_a_providers_code(name, providers):
    assert with_sender(Refusal(name, None, "NOT_XLSX", "why"), MAPPINGS).sender == Sender(None, providers)


def test_what_the_file_itself_said_stands():
    said = Sender("weekly_return", ("RVV",))
    assert with_sender(Refusal("RYY.csv", None, "CONTRACT", "why", sender=said), MAPPINGS).sender == said
    by_name = with_sender(Refusal("RYY.csv", None, "CONTRACT", "why", sender=Sender("weekly_return")), MAPPINGS)
    assert by_name.sender == Sender("weekly_return", ("RYY",))
    assert with_sender(Refusal("list.csv", None, "CONTRACT", "why"), MAPPINGS).sender == UNKNOWN


def test_a_mapping_tells_where_it_is_of_one_provider():
    assert sent_under(MAPPED) == Sender("referral_extract", ("RXY",))
    assert sent_under(OWN_WORDS) == Sender("referral_extract")


def test_rows_of_a_return_tell_also_where_a_column_is_missing():
    rows = [*waiting(), *waiting(provider="somebody"), *waiting(provider="RXY")]
    assert senders_in(book(rows)) == ("RXY", "RYY")
    lacking = Sheet("Return", (HEADINGS[:-1], *(row[:-1] for row in rows)))
    assert senders_in(Workbook((lacking, Sheet("Notes", (("RVV",),))))) == ("RXY", "RYY")

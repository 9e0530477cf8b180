"""Whose a file is that could not be read: nothing of its name is believed but codes of the register."""

from datetime import timedelta

import pytest

from jobs.files import Refusal
from jobs.records.mappings import OWN_WORDS, NamedMapping
from jobs.records.senders import sent_under, with_sender
from tests.returns import WEEK, book, waiting
from waitlists.deliveries.unread import UNKNOWN, Sender
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.weekly_return_named import Named, named_in
from waitlists.ingest.weekly_return_words import HEADINGS

MAPPED = NamedMapping("careflow", ProviderMapping(constants={"organisation_identifier_code_of_provider": "RXY"}))
LONGER = NamedMapping("careflow-salt", ProviderMapping(constants={"organisation_identifier_code_of_provider": "RYY"}))
MAPPINGS = (OWN_WORDS, MAPPED, LONGER)


@pytest.mark.parametrize(
    ("name", "providers", "services"),
    [
        ("RYY-SALT.csv", ("RYY",), ("SALT",)),
        ("return_RXY_and_RYY.xlsx", ("RXY", "RYY"), ()),
        ("careflow-2026-11-15.csv", ("RXY",), ()),
        ("Careflow-SALT-15.parquet", ("RYY",), ("SALT",)),
        ("canonical RYY.csv", ("RYY",), ()),
        ("RXY_CAMHS_ED_and_ASD.csv", ("RXY",), ("ASD", "CAMHS_ED")),
        ("ryy.csv", (), ()),
        ("Maya Rye QKS.csv", (), ()),
        ("RYYX SALTY.csv", (), ()),
    ],
)
def test_a_name_tells_by_its_mapping_or_by_codes_of_the_registers(name, providers, services):
    assert with_sender(Refusal(name, None, "NOT_XLSX", "why"), MAPPINGS).sender == Sender(None, providers, services)


def test_what_the_file_itself_said_stands():
    said = Sender("weekly_return", ("RVV",), ("ASD",))
    assert with_sender(Refusal("RYY-SALT.csv", None, "CONTRACT", "why", sender=said), MAPPINGS).sender == said
    by_name = with_sender(Refusal("RYY.csv", None, "CONTRACT", "why", sender=Sender("weekly_return")), MAPPINGS)
    assert by_name.sender == Sender("weekly_return", ("RYY",))
    assert with_sender(Refusal("list.csv", None, "CONTRACT", "why"), MAPPINGS).sender == UNKNOWN


def test_a_mapping_tells_where_it_is_of_one_provider():
    assert sent_under(MAPPED) == Sender("referral_extract", ("RXY",))
    assert sent_under(OWN_WORDS) == Sender("referral_extract")


def test_rows_of_a_return_tell_also_where_a_column_is_missing():
    rows = [*waiting(), *waiting(provider="somebody"), *waiting("ASD", provider="RXY", week=WEEK - timedelta(weeks=1))]
    found = Named(("RXY", "RYY"), ("ASD", "SALT"), WEEK)
    assert named_in(book(rows)) == found
    lacking = Sheet("Return", (HEADINGS[:-1], *(row[:-1] for row in rows)))
    assert named_in(Workbook((lacking, Sheet("Notes", (("RVV",),))))) == found
    assert named_in(Workbook((Sheet("Notes", (("RVV",),)),))) == Named()

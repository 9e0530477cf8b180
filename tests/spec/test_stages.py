"""Which list a wait is on, by service and by what is waited for."""

import pytest

from waitlists.errors import BadArgument
from waitlists.record.schema import REASONS
from waitlists.services import SERVICES
from waitlists.stages import STAGE_KINDS, WAITING_FOR, reasons_of, stage_of, waits_at

TABLE = {
    "ASD": "list list next next review",
    "ADHD": "list list next next review",
    "CAMHS": "list list list next review",
    "CAMHS_ED": "list list list next review",
    "SALT": "list next next next review",
    "COMM_PAEDS": "list next next next review",
    "WHEELCHAIR": "list list next list review",
    "EHC": "list list list list review",
    "CYP_PHYSIOTHERAPY": "list next next next review",
}


@pytest.mark.parametrize("service", TABLE)
def test_the_list_of_each_service(service: str):
    assert WAITING_FOR == ("first_contact", "assessment", "treatment", "equipment", "review")
    assert [stage_of(service, wait) for wait in WAITING_FOR] == TABLE[service].split()


@pytest.mark.parametrize("service", SERVICES)
def test_each_wait_is_at_exactly_one_stage(service: str):
    waits = [wait for stage in STAGE_KINDS for wait in waits_at(service, stage)]
    assert sorted(waits) == sorted(WAITING_FOR)
    assert all(wait in waits_at(service, stage_of(service, wait)) for wait in waits)


def test_unknown_words_are_refused():
    with pytest.raises(BadArgument, match="first_contact, assessment"):
        stage_of("SALT", "diagnosis")
    with pytest.raises(BadArgument, match="list, next or review"):
        waits_at("SALT", "later")


def test_equipment_is_handed_over_where_it_is_waited_for():
    assert reasons_of("WHEELCHAIR") == REASONS
    assert set(REASONS) - set(reasons_of("SALT")) == {"equipment_delivered"}

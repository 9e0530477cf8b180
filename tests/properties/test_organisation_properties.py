"""What must hold for organisations on any day."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from waitlists.domain import Level
from waitlists.organisations import (
    ORGANISATIONS,
    SUCCESSIONS_IN_ORDER,
    current_code,
    organisation_for_name,
    parent_of,
    predecessors_of,
    providers_of,
)
from waitlists.services import SERVICES

DAYS = st.dates(date(2022, 1, 1), date(2030, 12, 31))
PROVIDERS = [code for code, organisation in ORGANISATIONS.items() if organisation.level is Level.PROVIDER]
CODES = st.sampled_from(sorted(ORGANISATIONS))
MOVED = st.sampled_from(sorted({code for known in SUCCESSIONS_IN_ORDER for code in (known.code, known.successor)}))
NAMED = st.sampled_from(
    [
        (name, organisation)
        for organisation in ORGANISATIONS.values()
        for name in (organisation.name, *organisation.aliases)
    ]
)


@given(MOVED | CODES, st.sampled_from(sorted(SERVICES)), DAYS, DAYS)
def test_the_carrier_of_a_list_is_settled_and_never_goes_back(code: str, service: str, one: date, other: date) -> None:
    first, last = sorted((one, other))
    carrier = current_code(code, service, last)
    assert current_code(carrier, service, last) == carrier
    assert current_code(current_code(code, service, first), service, last) == carrier
    assert (carrier == code) or (code in predecessors_of(carrier, service, last))


@given(DAYS)
@settings(max_examples=20)
def test_every_provider_is_counted_once_at_every_level(on: date) -> None:
    counted = sorted(code for code in PROVIDERS if parent_of(code, on))
    for level in (Level.ICB, Level.REGION, Level.ENGLAND):
        holders = (code for code, organisation in ORGANISATIONS.items() if organisation.level is level)
        assert sorted(provider for holder in holders for provider in providers_of(holder, on)) == counted


@given(
    NAMED, st.sampled_from([str.upper, str.lower, str.title]), st.sampled_from([" ", "  ", "\t", "\N{NO-BREAK SPACE}"])
)
def test_letter_case_and_blanks_of_a_name_do_not_count(named, cased, blank: str) -> None:
    name, organisation = named
    printed = f" {cased(name).replace(' ', blank)} "
    assert organisation_for_name(printed, organisation.level) == organisation.code


@given(NAMED, st.sampled_from(list(Level)))
def test_a_name_is_known_at_its_own_level_only(named, level: Level) -> None:
    found = organisation_for_name(named[0], level)
    assert found is None or ORGANISATIONS[found].level is level

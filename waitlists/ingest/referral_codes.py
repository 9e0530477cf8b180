"""The words that the record's fields of codes may hold, where they are listed; letter case does not tell two apart."""

from collections.abc import Mapping
from functools import cache

from waitlists.domain import Level
from waitlists.ingest.referral_rule_facts import ETHNIC_CATEGORIES, GENDERS
from waitlists.organisations import ORGANISATIONS
from waitlists.record.schema import DISTRICTS, FIELD_BY_NAME, OUTSIDE

PROVIDER, COMMISSIONER = (
    "organisation_identifier_code_of_provider",
    "organisation_identifier_code_of_commissioner",
)

_PROVIDERS = frozenset(
    code for code, one in ORGANISATIONS.items() if one.level in {Level.PROVIDER, Level.LOCAL_AUTHORITY}
)
_PAYERS = frozenset(
    code for code, one in ORGANISATIONS.items() if one.level in {Level.ICB, Level.SUB_ICB, Level.LOCAL_AUTHORITY}
)
OF_ORGANISATIONS = {PROVIDER: _PROVIDERS, COMMISSIONER: _PAYERS, "successor_provider": _PROVIDERS}
"""The organisations that a field may name."""

_LISTED = {
    **OF_ORGANISATIONS,
    "person_stated_gender_code": GENDERS,
    "ethnic_category": ETHNIC_CATEGORIES,
    "district_code": frozenset(DISTRICTS) | {OUTSIDE},
}


def allowed_words(name: str) -> frozenset[str] | None:
    """The words a field of codes may hold, None where they are not listed."""
    field = FIELD_BY_NAME[name]
    return frozenset(field.words) if field.type == "enum" else _LISTED.get(name)


@cache
def spellings(name: str) -> Mapping[str, str]:
    """A field's listed words by themselves in small letters: `ryy` and `Routine` are codes of ours."""
    return {word.lower(): word for word in allowed_words(name) or ()}

"""The fields of the canonical referral record and the words that may stand in them, as the register gives them.

Apart from `record.schema`, so that who needs a name or a word need not load what tables are made with.
"""

from dataclasses import dataclass
from typing import Literal, cast, get_args

from waitlists.errors import BadArgument
from waitlists.record.facts import DISTRICTS as _DISTRICTS
from waitlists.record.facts import FIELDS as _FIELDS

FieldType = Literal["text", "code", "enum", "date", "integer", "datetime"]
Required = Literal["R", "O", "A"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the record: its name, type, meaning, what it may hold, and a note.

    `required` is R (required), O (optional) or A (added by us on load, never sent).
    """

    name: str
    type: FieldType
    required: Required
    meaning: str
    allowed: str
    note: str = ""

    def __post_init__(self) -> None:
        if self.type not in get_args(FieldType) or self.required not in get_args(Required):
            raise BadArgument("a field has a known type and is required, optional or added", field=self.name)

    @property
    def words(self) -> tuple[str, ...]:
        """The words an enum may hold, in the order of the register; nothing for any other type."""
        return tuple(self.allowed.split(" | ")) if self.type == "enum" else ()


def _facts() -> tuple[Field, ...]:
    blocks = (block.splitlines() for block in _FIELDS.strip().split("\n\n"))
    return tuple(_field(*block) for block in blocks)


def _field(head: str, meaning: str, allowed: str, note: str = "") -> Field:
    name, kind, required = head.split()
    return Field(name, cast("FieldType", kind), cast("Required", required), meaning, allowed, note)


FIELDS: tuple[Field, ...] = _facts()
"""All 44 fields, in order."""

FIELD_BY_NAME = {field.name: field for field in FIELDS}

SENT: tuple[str, ...] = tuple(field.name for field in FIELDS if field.required != "A")
"""The 42 fields a sender may give, in order."""

REQUIRED: tuple[str, ...] = tuple(field.name for field in FIELDS if field.required == "R")
"""The fields no row may leave empty."""

IDENTITY: tuple[str, str] = ("organisation_identifier_code_of_provider", "service_request_identifier")
"""What makes two rows the same referral."""

SERVICES = FIELD_BY_NAME["service"].words
STAGES = FIELD_BY_NAME["waiting_for"].words
CLOCK_RULES = FIELD_BY_NAME["clock_rule_id"].words
AGE_BANDS = FIELD_BY_NAME["age_band"].words
REASONS = FIELD_BY_NAME["clock_stop_reason"].words
"""Why a wait ended, in order; one of them always stands beside a stop."""

OUTSIDE = "OUT"
"""What stands for a district outside Kent and Medway."""

DISTRICTS = {code: name for code, _, name in (line.partition(" | ") for line in _DISTRICTS.strip().splitlines())}
"""Names of the districts of Kent and Medway by code."""

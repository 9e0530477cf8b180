"""Which rows of an extract broke a rule, as their sender is told: the rule, the column, the first rows, what may stand.

Numbers of rows are told, never what stands in them.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

import pyarrow as pa

from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_rule_facts import RULES
from waitlists.record.schema import FIELD_BY_NAME

FIRST_ROWS: Final = 3
"""Rows that are named of each kind; the others are found alike."""

_OF_FORM: Final = frozenset({"R_ID_SHAPE", "R_UNKNOWN_SERVICE", "R_UNKNOWN_CODE", "R_TEXT", "R_NUMBER"})
"""Rules that a text breaks by itself, so that what the field may hold says what to do."""


class Broken(NamedTuple):
    """How many rows broke one rule at one field ("" where it is of none), and the numbers of the first of them."""

    rule: str
    field: str
    rows: int
    first: tuple[int, ...] = ()

    def told(self, mapping: ProviderMapping) -> str:
        """The sentence for who sent it, who knows their own columns."""
        at = f" at {mapping.named(self.field)}" if self.field else ""
        where = ", ".join(f"{row:,}" for row in self.first) + (" and more" if self.rows > len(self.first) else "")
        place = f" ({'row' if self.rows == 1 else 'rows'} {where})" if self.first else ""
        form = f" It holds {FIELD_BY_NAME[self.field].allowed}." if self.rule in _OF_FORM else ""
        if (self.rule, self.field) == ("R_UNKNOWN_CODE", "age_band"):
            form += " See that no spreadsheet made a date of a band such as 5-10."
        if self.rule == "R_DATE_INVALID":
            form = f" Declared: {mapping.format_of(self.field)}."
        return f"{self.rule}{at}, rows: {self.rows:,}{place}. {RULES[self.rule]}{form}"


def broken_of(rejected: Iterable[pa.Table]) -> list[Broken]:
    """What stands in tables of rejected rows, by rule and field."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for table in rejected:
        named = zip(*(table[name].to_pylist() for name in ("rule", "field", "row")), strict=True)
        for rule, field, row in named:
            rows[rule, field or ""].append(row)
    return [Broken(*place, len(found), tuple(sorted(found)[:FIRST_ROWS])) for place, found in sorted(rows.items())]

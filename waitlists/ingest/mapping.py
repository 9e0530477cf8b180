"""How one provider's extract becomes the canonical record: its mapping, a TOML file checked before it is used.

A mapping says what a file is (whole list or changes, encoding, dates), which of their columns is which of our fields,
which of their codes is which of our words, and what every row has in common. It holds no rule about children: what a
row must be like is in `referral_rules`, the same for everyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from waitlists.ingest.referral_dates import ISO

Kind = Literal["snapshot", "delta"]
"""A whole list as it stood on its day, or only the referrals that changed since the one before."""

KINDS: tuple[Kind, ...] = ("snapshot", "delta")
ENCODINGS = ("utf-8", "utf-16", "cp1252")


@dataclass(frozen=True, slots=True)
class ProviderMapping:
    """What a provider's extract is like. Made by `mapping_check.check_mapping`, which says what is wrong with a text.

    `columns` and `constants` are keyed by our field names; `codes` by our field, then their code (compared without
    letter case); `delimiter` is any character that `marks` allows, None is found out from the header; `empty` are texts
    that stand for nothing; columns in `ignore` are left out without a word, though they are searched for identifiers
    like any other.
    """

    source_system: str = ""
    kind: Kind = "snapshot"
    encoding: str = "utf-8"
    delimiter: str | None = None
    decimal: str | None = None
    date_format: str = ISO
    date_formats: Mapping[str, str] = field(default_factory=dict[str, str])
    empty: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    def format_of(self, name: str) -> str:
        """The declared date format of a field."""
        return self.date_formats.get(name, self.date_format)

    def formats(self) -> tuple[str, ...]:
        """Every declared date format."""
        return tuple(dict.fromkeys((self.date_format, *self.date_formats.values())))

    def named(self, name: str) -> str:
        """A field as a message names it: with the sender's column beside it where that has another name."""
        return f"{name} (mapped from {self.columns[name]})" if name in self.columns else name


CANONICAL = ProviderMapping()
"""The mapping of a file that is in our own words already: a whole list, UTF-8, ISO days."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a mapping: the table and key, and a sentence that says what to do."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"

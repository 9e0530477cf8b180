"""The rows of a table: who each is about, what is a note, and what is a total that belongs to nobody.

A code identifies; a name is turned into a code only where the register knows exactly this name, and else stays
`NAME:...`. In the sheets of early 2023 the type of organisation stands on the first row of a block only.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from waitlists.domain import ENGLAND, Level, PrintedOrganisation, Severity
from waitlists.ingest.columns import is_blank, place, plain, printed, refuse
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Cell, Row
from waitlists.ingest.sitrep_contract import ENGLAND_NAMES, LEVELS, TOTAL_NAMES
from waitlists.organisations import ORGANISATIONS, normal_name, organisation_for_name

_LONGEST_NAME = 110
"""Characters of a name used as a key; the store has room for 120 with the prefix."""

_NO_CODE = frozenset({"", "-", "n/a", "none"})
_CODE = re.compile(r"[A-Z0-9]{3,12}")


class Places(NamedTuple):
    """Columns of a table's organisations, from 0; None where a layout has no such column."""

    type: int | None
    code: int | None
    name: int | None


class OrganisationRow(NamedTuple):
    """A row of data: its place from 0, whose it is, and its cells."""

    row: int
    org: str
    cells: Row


@dataclass(slots=True)
class Directory:
    """The organisations met in a workbook, each under one code however often and under whatever names it is printed."""

    found: dict[str, PrintedOrganisation] = field(default_factory=dict[str, PrintedOrganisation])
    remarks: list[Remark] = field(default_factory=list[Remark])
    _known: dict[tuple[Level, str, str], str] = field(default_factory=dict[tuple[Level, str, str], str])

    def code_of(self, level: Level, code: str, name: str) -> str:
        """The key of an organisation printed with this code (may be empty) and name (may be empty, not both)."""
        key = (level, code, name)
        if key not in self._known:
            self._known[key] = self._enter(level, code, name)
        return self._known[key]

    def _enter(self, level: Level, code: str, name: str) -> str:
        if level is Level.ENGLAND:
            org = ENGLAND
        elif code:
            org = code
        else:
            org = organisation_for_name(name, level) or f"NAME:{normal_name(name, level)[:_LONGEST_NAME]}"
        if org not in self.found:
            self.found[org] = PrintedOrganisation(org, name[:255] or org, level)
            self._remark(org, level, name or code)
        return org

    def _remark(self, org: str, level: Level, name: str) -> None:
        known = ORGANISATIONS.get(org)
        if org.startswith("NAME:"):
            sentence = f"{name} is printed without a code and under a name no register knows; it stays apart."
            self.remarks.append(Remark("name_without_code", Severity.WARNING, sentence, org=org))
        elif known is None:
            sentence = f"The code {org} ({name}) is in no register; its figures are kept under the code."
            self.remarks.append(Remark("unknown_organisation", Severity.WARNING, sentence, org=org))
        elif known.level is not level:
            sentence = (
                f"{org} is printed as {level.replace('_', ' ')} but registered as {known.level.replace('_', ' ')}."
            )
            self.remarks.append(Remark("level_differs", Severity.WARNING, sentence, org=org))


@dataclass(slots=True)
class RowReader:
    """Reads the rows below a header one by one; holds the type of organisation that rows without one inherit."""

    sheet: str
    places: Places
    directory: Directory
    level: Level | None = None
    notes: list[str] = field(default_factory=list[str])
    is_after_gap: bool = False

    def rows(self, rows: Sequence[Row], first: int, values: Sequence[int]) -> Iterator[OrganisationRow]:
        """Rows of data from row `first` on; `values` are the columns that hold counts.

        Raises
        ------
        FileRefused
            CONTRACT: counts in a row that does not say whose they are.
        """
        for index in range(first, len(rows)):
            row = rows[index]
            if all(map(is_blank, row)):
                self.is_after_gap = True
                continue
            org = self._organisation(index, row, has_values=not all(is_blank(_at(row, column)) for column in values))
            if org:
                self.is_after_gap = False
                yield OrganisationRow(index, org, row)

    def _organisation(self, index: int, row: Row, *, has_values: bool) -> str:
        """Code of the row's organisation, empty for a note, a block heading or a total of unsaid scope."""
        type_text, code, name = (printed(_at(row, column)) for column in self.places)
        if not has_values and self._is_note(row, type_text):
            self.notes.extend(printed(cell) for cell in row if isinstance(cell, str) and cell.strip())
            return ""
        if not type_text and plain(name) in TOTAL_NAMES:
            sentence = f"{place(self.sheet, index)} adds organisations up without saying which, and was not read."
            self.directory.remarks.append(Remark("unknown_row", Severity.INFO, sentence, sheet=self.sheet))
            return ""
        level = self._level(index, type_text, name)
        code = "" if plain(code) in _NO_CODE else code.upper()
        if level is Level.ENGLAND or code or name:
            return self.directory.code_of(level, self._checked(code, index), name)
        if has_values:
            refuse(self.sheet, row=index, expected="an organisation code or name")
        return ""

    def _is_note(self, row: Row, type_text: str) -> bool:
        if level_of_word(type_text) is not None:
            return False
        text = next(printed(cell) for cell in row if not is_blank(cell))
        looks_like_one = text.startswith(("*", "Note", "Source", "\N{COPYRIGHT SIGN}")) or len(text) > _LONGEST_NAME
        return bool(type_text) or looks_like_one or self.is_after_gap

    def _level(self, index: int, type_text: str, name: str) -> Level:
        """The level printed, or that of the block; England is a row and never a block."""
        printed_level = level_of_word(type_text) if type_text else self.level
        if printed_level is Level.ENGLAND or (not type_text and plain(name) in ENGLAND_NAMES):
            return Level.ENGLAND
        if printed_level is None:
            refuse(self.sheet, row=index, column=self.places.type, expected="a type such as Region, ICB or Provider")
        self.level = printed_level
        return printed_level

    def _checked(self, code: str, index: int) -> str:
        if code and not _CODE.fullmatch(code):
            refuse(
                self.sheet, row=index, column=self.places.code, expected="an organisation code of letters and figures"
            )
        return code


def level_of_word(text: str) -> Level | None:
    """The level a type word stands for, None for another word; a plural counts as its singular."""
    word = plain(text)
    return LEVELS.get(word) or LEVELS.get(word.removesuffix("s"))


def unnamed_places(rows: Sequence[Row], columns: Sequence[int]) -> Places:
    """Type and name among columns without headings, by content: type words here, most of the texts there."""
    types = {column: _count(rows, column, lambda text: level_of_word(text) is not None) for column in columns}
    type_column = max(columns, key=lambda column: types[column], default=None)
    if type_column is not None and types[type_column] == 0:
        type_column = None
    others = [column for column in columns if column != type_column]
    names = {column: _count(rows, column, bool) for column in others}
    return Places(
        type_column, None, max((c for c in others if names[c]), key=lambda column: names[column], default=None)
    )


def _count(rows: Sequence[Row], column: int, counts: Callable[[str], bool]) -> int:
    return sum(isinstance(cell := _at(row, column), str) and counts(printed(cell)) for row in rows)


def _at(row: Row, column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None

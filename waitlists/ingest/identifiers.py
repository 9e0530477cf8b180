"""Whether a file holds something that names a child: by the headings of its columns, and by what their cells look like.

Such a file is refused whole before anything of it is stored. Messages name the column, never a value. Every column is
searched, mapped or not: an NHS number is as telling in a column nobody asked for.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from waitlists.errors import IdentifiersFound
from waitlists.ingest.column_texts import Texts, texts_of
from waitlists.ingest.identifier_samples import Children, Samples
from waitlists.ingest.nhs_numbers import holders
from waitlists.ingest.referral_header import shown
from waitlists.ingest.referral_source import Chunk

SHARE = 0.05
"""Share of a column's filled cells with a shape from which it is taken for a column of that; a code or two may look
like a postcode by chance."""

BIRTH_YEARS = 6
"""Years before the newest day of a column: dates spread over more are taken for births, waits being shorter."""

MOST_SEEN = 20_000
"""Texts of a column that are remembered; the days of half a century are fewer."""

DATED_SHARE = 0.5
"""Share of an unknown column's filled cells that are dates from which it is one of dates; in a field of codes a few
are too many."""

NUMBERS_SHARE = 0.3
"""Share of a column's filled cells with an NHS number in them from which it is taken for a column of those: of other
numbers one in eleven passes the check."""

FEWEST_NUMBERS = 5

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_NAMES = (
    ("an NHS number", re.compile(r"nhs(?:patient)?(?:no|num|nbr|number|id|identifier)(?!.*status)")),
    ("a date of birth", re.compile(r"birth|^(?:\w*[^a])?dob|dofb|^born|(?:^|patient|child|client)yob$")),
    (
        "a name",
        re.compile(
            r"(?:fore|sur|first|last|family|given|middle|maiden|full|preferred|nick)names?|initials$"
            r"|^surn|^foren|(?:^|patient|child|client)[fsl]name$"
        ),
    ),
    ("a postcode", re.compile(r"post(?:al)?code|zipcode|^pcds?\d?$")),
    ("an address", re.compile(r"address|^addr|addr(?:line)?\d*$|uprn|housen(?:o|um|ame)|street")),
    ("a small area", re.compile(r"[lm]soa|outputarea")),
    ("an e-mail address", re.compile(r"email")),
    ("a telephone number", re.compile(r"phone|^tel(?:no|num|number)?$|mobile(?:no|num|number)?$")),
    ("a pupil number", re.compile(r"pupiln|^upn$")),
)
_NOBODYS = frozenset({
    "service", "team", "provider", "organisation", "org", "clinic", "ward", "practice", "site", "school", "trust",
    "system", "source", "pathway", "commissioner", "district", "file", "status", "specialty", "department", "location",
    "list", "icb", "column", "field", "code", "region", "la", "authority", "area", "country", "board", "measure",
    "metric", "indicator", "hb", "qualifier",
})  # fmt: skip
"""Words beside which a name is that of a place or a thing."""


class _Shape(NamedTuple):
    """What texts of a kind look like, and the share of them that gives a column away."""

    likeness: str
    pattern: str
    share: float


_SHAPES = (
    _Shape("e-mail addresses", r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", 0.0),
    _Shape("postcodes", r"^\s*[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}\s*$", SHARE),
    _Shape("small areas (LSOA)", r"^\s*[EWew]01[0-9]{6}\s*$", SHARE),
)
_ANY = "|".join(shape.pattern for shape in _SHAPES)
_LONGEST_CODE = 24
"""Bytes of a postcode with blanks around it; only an e-mail address is longer."""
_HOLDS_NUMBERS = "holds NHS numbers, or 10-digit numbers that pass for one"
_DATE = (
    r"^\s*(?:([0-9]{4})-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{4})"
    r"|[0-9]{1,2}[ /.-]?[A-Za-z]{3,9}[ /.,-]*([0-9]{4})|((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"
    r"(?:[T ].*)?\s*$"
)
_PEOPLE = re.compile(r"(?:patients?|clients?|child|children|persons?|pupils?|parents?|mother|father|carer)")
_SEVERAL_WORDS = r"^\s*[A-Za-z'\x{2019}-]{2,}\.?(?:,? +|, *)[A-Za-z]['\x{2019}A-Za-z ,.-]*\s*$"
_ONE_WORD = r"^\s*[A-Z][a-z'-]+\s*$"
FEWEST_NAMES = 10
"""Different single words under a heading such as Client from which they are surnames; Yes, No and Unknown are fewer."""


def refuse_named(header: Sequence[str]) -> None:
    """Pass silently over a header without a column that is called like an identifier.

    Raises
    ------
    IdentifiersFound
        Naming the first such column.
    """
    for name in header:
        refuse_called(name, name)


def refuse_called(name: str, column: str) -> None:
    """Pass silently over a name that is not like an identifier's; a refusal says it of `column`.

    Raises
    ------
    IdentifiersFound
        Naming the column.
    """
    if likeness := _called(name):
        raise _found(column, f"is called like {likeness}")


def is_shaped(text: str) -> bool:
    """Whether a text has the shape of an e-mail address, a postcode or a small area."""
    return any(re.search(shape.pattern, text) for shape in _SHAPES)


class Watch:
    """Looks at every chunk of a file; `finish` judges the shares that only the whole file shows."""

    def __init__(
        self,
        header: Sequence[str],
        *,
        known: frozenset[int],
        days: frozenset[int] = frozenset(),
        spared: int = 0,
        children: Children | None = None,
    ) -> None:
        """Watch the columns of a header; those at the places in `known` are fields of ours, those in `days` of days.

        So many texts of a column as `spared` may have the shape of an address and yet be no child's. Each row is a
        child's where something is said of `children`.
        """
        self._header = header
        self._spared = spared
        self._known = known
        self._filled = np.zeros(len(header), np.int64)
        self._hits = np.zeros((len(header), len(_SHAPES)), np.int64)
        self._numbers = np.zeros(len(header), np.int64)
        self._seen: list[set[str]] = [set() for _ in header]
        self._samples = Samples(len(header), children=children, known=known, days=days)
        self._years: dict[int, dict[int, int]] = {place: {} for place in range(len(header)) if place not in days}

        called = {place for place, name in enumerate(header) if _PEOPLE.fullmatch("".join(_words_of(name)))}
        self._words: dict[int, set[str]] = {place: set() for place in called}
        self._full_names = np.zeros(len(header), np.int64)

    def look(self, chunk: Chunk) -> None:
        """Search some rows.

        Raises
        ------
        IdentifiersFound
            At once for an NHS number: in a field of the record one that stands alone, elsewhere any that is no piece
            of a hash. Rows of the record with a number among other characters are left to the rules.
        """
        self._samples.look(chunk.columns)
        for place, column in enumerate(chunk.columns):
            is_known = place in self._known
            texts = texts_of(column)
            self._filled[place] += texts.filled()
            if place in self._years:
                self._add_years(self._years[place], texts)
            if place in self._words:
                self._full_names[place] += texts.matching(_SEVERAL_WORDS)
                self._words[place] |= texts.alike(_ONE_WORD, most=FEWEST_NAMES)
            if is_known and not self._is_news(place, texts):
                continue
            self._count_numbers(place, texts)
            if is_known and not _may_tell(texts):
                continue
            for number, shape in enumerate(_SHAPES):
                self._hits[place, number] += texts.matching(shape.pattern)

    def finish(self) -> None:
        """Judge the whole file.

        Raises
        ------
        IdentifiersFound
            A column has the shape of NHS numbers, e-mail addresses, postcodes, small areas, dates of birth, names or
            lines of addresses.
        """
        for place, name in enumerate(self._header):
            if self._numbers[place] >= max(FEWEST_NUMBERS, NUMBERS_SHARE * self._filled[place]):
                raise _found(name, _HOLDS_NUMBERS)
            for number, shape in enumerate(_SHAPES):
                if self._hits[place, number] > max(self._spared, shape.share * self._filled[place]):
                    raise _found(name, f"holds texts shaped like {shape.likeness}")
            is_named = self._full_names[place] > SHARE * self._filled[place]
            if is_named or len(self._words.get(place, ())) >= FEWEST_NAMES:
                raise _found(name, "holds words as names are, under what children are called")
            least = (SHARE if place in self._known else DATED_SHARE) * self._filled[place]
            if _are_births(self._years.get(place, {}), least):
                raise _found(name, "holds dates spread over years as dates of birth are")
            if likeness := self._samples.likeness(place):
                raise _found(name, f"holds {likeness}")

    def _is_news(self, place: int, texts: Texts) -> bool:
        """Whether a column holds a text not seen in it before, or is to be counted on; codes and days recur."""
        if texts.counts is None or self._hits[place].any() or self._numbers[place]:
            return True
        fresh = set(texts.values.to_pylist()) - self._seen[place]
        if len(self._seen[place]) < MOST_SEEN:
            self._seen[place] |= fresh
        return bool(fresh)

    def _count_numbers(self, place: int, texts: Texts) -> None:
        weights = texts.weights()
        for holder in holders(texts.values):
            if holder.is_whole or not (place in self._known or holder.may_be_chance):
                raise _found(self._header[place], _HOLDS_NUMBERS)
            self._numbers[place] += weights[holder.place]

    @staticmethod
    def _add_years(years: dict[int, int], texts: Texts) -> None:
        for year, count in _years(texts):
            years[year] = years.get(year, 0) + count


def _may_tell(texts: Texts) -> bool:
    """Whether any text is worth a closer look: a quick one over everything, as nearly every column says nothing."""
    short = texts.values.filter(pc.less_equal(pc.binary_length(texts.values), _LONGEST_CODE))
    return bool(
        pc.any(pc.match_substring_regex(short, _ANY)).as_py() or pc.any(pc.match_substring(texts.values, "@")).as_py()
    )


def _years(texts: Texts) -> list[tuple[int, int]]:
    found = pc.match_substring_regex(texts.values, _DATE)
    if not pc.any(found).as_py():
        return []
    dates = texts.values.filter(found).to_pylist()
    counts = texts.weights()[found.fill_null(False).to_numpy(zero_copy_only=False)].tolist()
    matches = (re.match(_DATE, text) for text in dates)
    return [(int(one[one.lastindex or 0]), n) for one, n in zip(matches, counts, strict=True) if one]


def _words_of(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]


def _called(name: str) -> str | None:
    words = _words_of(name)
    joined = "".join(words)
    for likeness, pattern in _NAMES:
        if pattern.search(joined):
            return likeness
    return "a name" if {"name", "names"} & set(words) and not _NOBODYS & set(words) else None


def _are_births(years: dict[int, int], least: float) -> bool:
    dated = sum(years.values())
    if dated < least or not dated:
        return False
    newest = max(years)
    return sum(count for year, count in years.items() if year < newest - BIRTH_YEARS) > 2 * SHARE * dated


def _found(name: str, why: str) -> IdentifiersFound:
    sentence = f"the column {shown(name)} {why}; nothing of the file was kept. Take it out and send a keyed pseudonym"
    return IdentifiersFound(sentence, code="IDENTIFIERS")

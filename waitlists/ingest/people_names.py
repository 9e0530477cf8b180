"""Whether the cells of a column are people's names, whatever its heading: told by their shape and by how they vary.

A name is a word or a few, letters alone, and none of them one that services, places, reasons and codes are made of.
Such words are names where common forenames are among them, where most have a title, or a comma or an initial and
parts that vary, and in a list of children where hardly a one of them comes twice. A few schools or wards are called
after people too: where texts recur, nearly all have to be like a forename and a surname.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from waitlists.ingest.forenames import FORENAMES

MOST = 0.5
"""Share of the cells that have to be like names at all."""

FEWEST = 10
"""Different names of a column, where they have to vary from row to row."""

FEWEST_KNOWN = 5
"""Different names of a column, where a quarter of the cells hold a common forename or half of them a title."""

KNOWN = 0.25
"""Share of the cells with a common forename from which names may recur, as those of clinicians do."""

FEWEST_SURE = 3
"""Different names of two words or more, where three in five of the cells are such with a common forename."""

SURE = 0.6

FEW_KNOWN = 0.2
"""The same where names vary from row to row; of a few schools one in seven is called after a person."""

MOSTLY = 0.8
"""Share that is of two words or more, or of all like names the share with a forename, where texts are few or recur."""

VARIED = 0.6
"""Different texts for each cell: 1 where none recurs. Places, teams and reasons recur from the first hundred rows."""

UNIQUE = 0.9
"""The same for words of which none is a known forename; wards and schools recur more in so many rows."""

MANY = 100
"""Cells from which words that never recur are names without a forename among them; single words need twice as many."""

SURNAMES = 600
"""Different single words that are surnames though in so many rows they recur; a county has fewer villages."""

SPOKEN = 0.9
"""Share of single words in capitals that can be spoken; keys of letters have more consonants in a row."""

ONE_LENGTH = 0.5
"""Share of single words in capitals that are equally long at most; codes are all."""

_LONGEST = 60
_MOST_WORDS = 4
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mstr", "master", "dr", "prof", "professor", "mx"})
_BESIDE = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}`-][^\W\d_]+)*\.?")
_PARTS = re.compile(r"[,\s]+|(?<=[^\W\d_])[._](?=[^\W\d_])")
_UNSPOKEN = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}|[aeiou]{4}|^[^aeiouy]+$", re.IGNORECASE)
_WORDS_OF_THINGS = """
a an and archbishop as at bishop by for from in into is not of off on or out per sir the to under with
academy accepted access adhd adult advice age agency alert allied and another any appointment area asd assessed
assessment attended authority autism await awaiting band base board booked borough build camhs cancelled care case
caseload centre center child children childrens children's choice city clinic clinical closed closure coast code
college combined community complete completed complex consultant contact coordinator core council county court
crisis cyp data date day declined delay department dept development developmental diagnosis diagnostic digital
direct discharge discharged disorder district division doctor duty early east eating education emergency emotional
equipment external face family final first follow foundation friends full gateway general gp grammar group hall
health healthcare high home hospital house hub icb infant infants information inner inpatient intake intervention
internal island isle junior juniors kent language late learning level list local locality london low lower manor
medical medium medway mental middle mixed moderate multi national need needs neurodevelopmental new nhs no none
north not nursery nurse nursing occupational offered office online open other outer outpatient outreach
paediatric paediatrics panel parent parents parish park partners partnership patient pathway pending phone
physiotherapy place planned point practice practitioner pre prep preparatory presenting primary priority private
process programme project psychiatry psychology public pupil queen queens quick received record referral referrals
referred region rejected request requested required review risk room royal routine rural safeguarding saint school
schools screening second secondary seen self senco service services severe short single site sixth social south
special specialist specialty speech st stage standard status step street sub suite support surgery system team
telephone term therapies therapist therapy tier town transfer transferred transition treatment triage trust
uncertain unit university unknown upper urgent valley video village virtual visit wait waiting ward wellbeing wells
west wheelchair withdrawn worker yes young youth
african american arab arabic asian background bangladeshi black british bulgarian caribbean chinese czech english
european french german greek gypsy hindi indian irish italian latvian lithuanian nepali nepalese pakistani polish
portuguese punjabi roma romanian russian scottish slovak somali spanish stated tamil traveller turkish ukrainian
urdu welsh white
"""
"""Words of services, places, reasons, statuses, backgrounds and languages, and those that join others."""

_NO_NAMES = frozenset(_WORDS_OF_THINGS.split())


@dataclass(frozen=True, slots=True)
class _Name:
    """What a text that is like a name shows: its words, and whether it has a title, a comma, capitals at its ends."""

    words: tuple[str, ...]
    is_titled: bool
    is_parted: bool
    is_capital: bool

    @property
    def is_known(self) -> bool:
        return not FORENAMES.isdisjoint(part for word in self.words for part in word.split("-"))

    @property
    def is_full(self) -> bool:
        return len(self.words) > 1

    @property
    def has_initial(self) -> bool:
        return self.is_full and self.is_capital and (len(self.words[0]) == 1) != (len(self.words[-1]) == 1)


def are_names(cells: Sequence[str], *, of_children: bool) -> bool:
    """Whether the filled cells of a column, or the first of them, are people's names.

    Parameters
    ----------
    of_children : whether each row is a child's, so that words which hardly ever recur are children's

    >>> are_names(["SMITH, Mia", "Ng, Olivia", "Noah Reed", "Jack Hill", "Ella Ford"], of_children=True)
    True
    >>> are_names(["Willow Team", "Park Wood", "Parent Request", "Tunbridge Wells", "White British"], of_children=True)
    False
    """
    counts = Counter(cells)
    names = {text: name for text in counts if (name := _name(text)) is not None}
    if not names or _cells(counts, names) < MOST * len(cells):
        return False
    return _hold_forenames(names, counts) or _are_marked(names, counts) or (of_children and _are_unique(names, counts))


def _hold_forenames(names: dict[str, _Name], counts: Counter[str]) -> bool:
    known = [text for text, name in names.items() if name.is_known]
    full = [text for text in known if names[text].is_full]
    if len(full) >= FEWEST_SURE and _cells(counts, full) >= SURE * counts.total():
        return True
    if not _are_people(names, known, counts):
        return False
    share = _cells(counts, known) / counts.total()
    if share >= KNOWN and len(known) >= FEWEST_KNOWN:
        return True
    return share >= FEW_KNOWN and len(known) > 1 and len(names) >= FEWEST and _variety(counts) >= VARIED


def _are_people(names: dict[str, _Name], known: Sequence[str], counts: Counter[str]) -> bool:
    """Whether texts with forenames among them are more than some things that are called after people."""
    if counts.total() >= MANY and _variety(counts) >= VARIED:
        return True
    full = [text for text, name in names.items() if name.is_full]
    forenames = [text for text in known if not names[text].is_full]
    return (
        _cells(counts, full) >= MOSTLY * counts.total()
        or _cells(counts, known) >= MOSTLY * _cells(counts, names)
        or _cells(counts, forenames) >= KNOWN * counts.total()
    )


def _are_marked(names: dict[str, _Name], counts: Counter[str]) -> bool:
    """Whether most have a title, or a comma or an initial and a first and a last part of which both vary."""
    titled = [text for text, name in names.items() if name.is_titled]
    if len(titled) >= FEWEST_KNOWN and _cells(counts, titled) >= MOST * counts.total():
        return True
    parted = {text: name for text, name in names.items() if name.is_parted and name.is_capital}
    initialled = {text: name for text, name in names.items() if name.has_initial}
    return (_do_vary(parted, len(parted) / 20) and _are_most(parted, counts, VARIED)) or (
        _do_vary(initialled, 0) and _are_most(initialled, counts, MOST)
    )


def _do_vary(names: dict[str, _Name], fewest: float) -> bool:
    ends = ({name.words[place] for name in names.values()} for place in (0, -1))
    return len(names) >= FEWEST and all(len(end) >= max(FEWEST_KNOWN, fewest) for end in ends)


def _are_most(names: dict[str, _Name], counts: Counter[str], variety: float) -> bool:
    return _variety(counts) >= variety and _cells(counts, names) >= MOST * counts.total()


def _are_unique(names: dict[str, _Name], counts: Counter[str]) -> bool:
    several = [text for text, name in names.items() if name.is_full and name.is_capital]
    if counts.total() >= MANY and _cells(counts, several) >= MOST * counts.total():
        return _variety(counts) >= UNIQUE
    single = [text for text, name in names.items() if name.is_capital and (text.istitle() or text.isupper())]
    do_vary = len(single) >= 2 * MANY and (_variety(counts) >= MOST or len(single) >= SURNAMES)
    return (
        do_vary
        and _cells(counts, single) >= UNIQUE * counts.total()
        and _can_be_spoken([text for text in single if text.isupper()])
    )


def _can_be_spoken(capitals: Sequence[str]) -> bool:
    """Whether words in capitals, if any, are more than keys and codes of letters."""
    spoken = sum(_UNSPOKEN.search(text) is None for text in capitals)
    lengths = Counter(map(len, capitals))
    return spoken >= SPOKEN * len(capitals) and max(lengths.values(), default=0) <= ONE_LENGTH * len(capitals)


def _name(text: str) -> _Name | None:
    text = _BESIDE.sub(" ", text).strip(" ,")
    if len(text) > _LONGEST:
        return None
    words = _PARTS.split(text)
    bare = [word for word in words if word.lower().rstrip(".") not in _TITLES]
    folded = tuple(word.lower().rstrip(".") for word in bare)
    things = _NO_NAMES.intersection(folded) - ({"a"} if "A" in bare or "A." in bare else set())
    if not 0 < len(bare) <= _MOST_WORDS or not all(map(_WORD.fullmatch, bare)) or things:
        return None
    return _Name(folded, len(bare) < len(words), "," in text, bare[0][0].isupper() and bare[-1][0].isupper())


def _cells(counts: Counter[str], texts: Sequence[str] | dict[str, _Name]) -> int:
    return sum(counts[text] for text in texts)


def _variety(counts: Counter[str]) -> float:
    return len(counts) / counts.total()

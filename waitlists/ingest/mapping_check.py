"""Whether a mapping can be used: every fault of a TOML text at once, each with its place and what to do about it.

A mapping is written by the people who know a source system, so a wrong word is answered with the words there are.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast, get_args

from waitlists.errors import FileRefused
from waitlists.ingest import marks
from waitlists.ingest.mapping import ENCODINGS, KINDS, Kind, Problem, ProviderMapping
from waitlists.ingest.referral_codes import allowed_words
from waitlists.ingest.referral_dates import ISO, format_problem
from waitlists.ingest.referral_header import folded, laid_out
from waitlists.near import near_codes
from waitlists.record.schema import FIELD_BY_NAME, IDENTITY, SENT

_TEXTS = ("source_system", "kind", "encoding", "delimiter", "decimal", "date_format")
_LISTS = ("empty", "ignore")
_TABLES = ("columns", "constants", "date_formats", "codes")
KEYS = (*_TEXTS, *_LISTS, *_TABLES)
"""Every key and table a mapping may hold."""
_PLACE = re.compile(r"at (line \d+, column \d+|end of document)")
_DECIMALS = (".", ",")
_NAMED_MARKS = {
    "comma": ",", "semicolon": ";", "tab": "\t", "tabulator": "\t", "bar": "|", "pipe": "|", "point": ".", "dot": ".",
    "caret": "^", "tilde": "~", "colon": ":", "broken bar": "\N{BROKEN BAR}", "unit separator": "\x1f",
}  # fmt: skip
MOST_LISTED = 20
"""Words that a field of codes may hold and that are all named where another stands; of more the nearest are."""
_NEVER_CONSTANT = frozenset({"pseudonym_id", IDENTITY[1], "referral_spell_id"})


def check_mapping(text: str, *, header: Sequence[str] | None = None) -> ProviderMapping | tuple[Problem, ...]:
    """The mapping of a TOML text, or everything that is wrong with it.

    Parameters
    ----------
    header : the header of a file the mapping is meant for, to see whether it holds what the mapping names
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        return (Problem(place[1] if place else "the file", "this is not TOML; texts stand in quotation marks"),)
    problems = tuple(_problems(raw))
    if problems:
        return problems
    mapping = _made(raw)
    return (tuple(_misfits(mapping, header)) if header is not None else ()) or mapping


def _problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for key in raw:
        if key not in KEYS:
            yield Problem(key, f"there is no such key{_meant(key, KEYS)}; there are {', '.join(KEYS)}")
    shapes = list(_shape_problems(raw))
    yield from shapes
    # What holds the wrong kind of thing is not looked into.
    if not shapes:
        yield from _word_problems(raw)
        yield from _column_problems(raw)
        yield from _constant_problems(raw)
        yield from _date_problems(raw)
        yield from _code_problems(raw)


def _shape_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for key in _TEXTS:
        if not isinstance(raw.get(key, ""), str):
            yield Problem(key, "must be a text in quotation marks")
    for key in _LISTS:
        if not _is_list_of_texts(raw.get(key, [])):
            yield Problem(key, 'must be a list of texts, such as ["NULL", "-"]')
    for key in _TABLES:
        yield from _table_problems(key, raw.get(key, {}))


def _table_problems(key: str, table: object) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield Problem(f"[{key}]", "must be a table of keys and texts")
        return
    for name, value in cast("dict[str, object]", table).items():
        if key == "codes" and not _is_table_of_texts(value):
            yield Problem(f"[codes] {name}", "must be a table: their code = ours, both in quotation marks")
        elif key != "codes" and not isinstance(value, str):
            yield Problem(f"[{key}] {name}", "must be a text in quotation marks")


def _word_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if not raw.get("source_system"):
        yield Problem("source_system", 'names the system the extract comes from, such as "RiO"')
    if (kind := raw.get("kind")) not in get_args(Kind):
        said = f"says what a file holds: {' or '.join(KINDS)} (a whole list, or changes only)"
        yield Problem("kind", said + _meant(kind, KINDS))
    if (encoding := raw.get("encoding", "utf-8")) not in ENCODINGS:
        yield Problem("encoding", f"must be one of {', '.join(ENCODINGS)}{_meant(encoding, ENCODINGS)}")
    if "delimiter" in raw and (problem := marks.mark_problem(raw["delimiter"], formats=_formats_in(raw))):
        said = r'; "," ";" "\t" "|" "^" and others can be one; left out, one of the first four is found from the header'
        yield Problem("delimiter", problem + said + _meant_mark(raw["delimiter"], _NAMED_MARKS.values()))
    if (mark := raw.get("decimal", ".")) not in _DECIMALS:
        yield Problem("decimal", 'must be "." or ","' + _meant_mark(mark, _DECIMALS))


def _column_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_fields(raw, "columns")
    columns: dict[str, str] = raw.get("columns", {})
    taken: dict[str, str] = {}
    for name, theirs in columns.items():
        if not folded(theirs):
            yield Problem(f"[columns] {name}", "must name a column of the extract")
        elif (other := taken.setdefault(folded(theirs), name)) != name:
            yield Problem(f"[columns] {name}", f"takes the same column as {other}")
        if name in raw.get("constants", {}):
            yield Problem(f"[columns] {name}", "is a constant too; it can only be one of the two")


def _constant_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_fields(raw, "constants")
    constants: dict[str, str] = raw.get("constants", {})
    for name, value in constants.items():
        if name in _NEVER_CONSTANT or (name in SENT and FIELD_BY_NAME[name].type == "date"):
            yield Problem(f"[constants] {name}", "differs from row to row, so it cannot be constant")
        elif name in SENT:
            yield from _unknown_word(f"[constants] {name}", name, value)


def _date_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_fields(raw, "date_formats")
    if problem := format_problem(raw.get("date_format", ISO)):
        yield Problem("date_format", problem)
    formats: dict[str, str] = raw.get("date_formats", {})
    for name, spelt in formats.items():
        if name in SENT and FIELD_BY_NAME[name].type != "date":
            yield Problem(f"[date_formats] {name}", "is not a date")
        if problem := format_problem(spelt):
            yield Problem(f"[date_formats] {name}", problem)


def _code_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_fields(raw, "codes")
    tables: dict[str, dict[str, str]] = raw.get("codes", {})
    for name, codes in tables.items():
        if name not in SENT:
            continue
        if FIELD_BY_NAME[name].type not in {"enum", "code", "text"} or name in _NEVER_CONSTANT:
            yield Problem(f"[codes.{name}]", "holds no codes; only codes are translated")
            continue
        for theirs, ours in codes.items():
            yield from _unknown_word(f"[codes.{name}] {theirs}", name, ours)
        if len({theirs.lower() for theirs in codes}) < len(codes):
            yield Problem(f"[codes.{name}]", "holds a code twice; letter case does not count")


def _unknown_fields(raw: Mapping[str, Any], table: str) -> Iterator[Problem]:
    for name in raw.get(table, {}):
        if name not in SENT:
            near = near_codes(name, {sent: FIELD_BY_NAME[sent].meaning for sent in SENT})
            hint = f"; near: {', '.join(near)}" if near else ""
            yield Problem(f"[{table}] {name}", f"is no field of the record{hint}")


def _unknown_word(where: str, name: str, word: str) -> Iterator[Problem]:
    allowed = allowed_words(name)
    # An empty text translates a code into nothing, which a field may hold.
    if allowed is None or not word or word in allowed:
        return
    if len(allowed) <= MOST_LISTED:
        may = f"{name} may not hold this{_meant(word, allowed)}; it may hold {', '.join(sorted(allowed))}"
        yield Problem(where, may)
    else:
        near = near_codes(word, dict.fromkeys(sorted(allowed), "")) or sorted(allowed)[:10]
        yield Problem(where, f"{name} may not hold this; near: {', '.join(near)}")


def _meant(word: object, allowed: Iterable[str]) -> str:
    """The allowed word that a wrong one is most like, as a question; nothing where none is like it."""
    near = near_codes(str(word), dict.fromkeys(sorted(allowed), ""))
    return f"; did you mean {near[0]}?" if near else ""


def _meant_mark(word: str, allowed: Iterable[str]) -> str:
    """The mark that a word names, as a question."""
    near = near_codes(word, {name: "" for name, mark in _NAMED_MARKS.items() if mark in allowed})
    return f"; did you mean {marks.spelt(_NAMED_MARKS[near[0]])}?" if near else ""


def _formats_in(raw: Mapping[str, Any]) -> tuple[str, ...]:
    return (raw.get("date_format", ISO), *raw.get("date_formats", {}).values())


def _misfits(mapping: ProviderMapping, header: Sequence[str]) -> Iterator[Problem]:
    try:
        laid_out(header, mapping)
    except FileRefused as refusal:
        yield Problem("the sample", str(refusal))


def _made(raw: Mapping[str, Any]) -> ProviderMapping:
    columns = raw.get("columns", {})
    constants = dict(raw.get("constants", {}))
    if "source_system" not in columns:
        constants.setdefault("source_system", raw["source_system"])
    chosen = {key: raw[key] for key in _TEXTS if key in raw}
    tables = {key: raw[key] for key in ("date_formats", "codes") if key in raw}
    empty, ignore = (frozenset(cast("list[str]", raw.get(key, []))) for key in _LISTS)
    return ProviderMapping(**chosen, **tables, empty=empty, ignore=ignore, columns=columns, constants=constants)


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in cast("list[object]", value))


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in cast("dict[str, object]", value).values())

"""The rules of the canonical record: which row breaks which, and what is odd. Method and reasons: domain.md 4.

Every rule is one comparison over whole columns; the first in the order of `RULES` that a row breaks is the one it is
quarantined under. Rules look at one row at a time: the same referral twice is found in `referral_identity`.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.nhs_numbers import holders, tells
from waitlists.ingest.referral_codes import OF_ORGANISATIONS, PROVIDER, allowed_words
from waitlists.ingest.referral_dates import DAY_ZERO, MISSING, UNREADABLE
from waitlists.ingest.referral_rule_facts import MAY_LIE_AHEAD, NUMBERS, ODD_AGES, RULES
from waitlists.ingest.referral_words import Codes, Flags, Words
from waitlists.organisations import successor_of
from waitlists.record.schema import FIELD_BY_NAME, REQUIRED, SENT

_EARLIEST = date(2000, 1, 1).toordinal() - DAY_ZERO
_LATEST = date(2099, 12, 31).toordinal() - DAY_ZERO

SHAPES = {
    "pseudonym_id": (16, 64, "^[A-Za-z0-9_-]+$"),
    "service_request_identifier": (1, 36, "^[ -~]+$"),
    "referral_spell_id": (1, 36, "^[ -~]+$"),
}
"""Least and most characters of an identifier, and what they may be."""

_TEN_DIGITS = "^[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}$"
_ROUNDED = r"^[0-9](\.[0-9]+)?E\+[0-9]+$"
_PLAIN_CODE = re.compile(r"(?!0[0-9]{9,10}$)[A-Za-z0-9_-]{1,20}")
_SOURCE_SYSTEM = re.compile(r"[ -~]{1,40}")
_CELLS = {
    "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "integer": re.compile("[0-9]{1,9}"),
    "text": _SOURCE_SYSTEM,
}
_ADULT = re.compile(
    r"adults?\b.*|-[0-9]+|(?:over|>) ?(?:1[89]|2[0-9])|(?:>= ?)?(?:2[6-9]|[3-9][0-9]|1[0-9]{2})(?:\+|-[0-9]+)?"
    r"|18(?:\+|-(?!25$)[0-9]+)"
)
_DATES = tuple(name for name in SENT if FIELD_BY_NAME[name].type == "date")
_RANK = {rule: rank for rank, rule in enumerate(RULES, start=1)}


class Fault(NamedTuple):
    """The rows that break a rule at a field."""

    rule: str
    field: str
    rows: Flags


class Verdict(NamedTuple):
    """For each row the rank of the first rule it breaks in `RULES`, from 1, and the place of its field; 0 for none."""

    rule: np.ndarray[tuple[int], np.dtype[np.int8]]
    field: np.ndarray[tuple[int], np.dtype[np.int8]]


def judged(words: Words) -> Verdict:
    """The first rule that each row breaks, and where."""
    size = len(words.rows)
    rule, field = np.zeros(size, np.int8), np.zeros(size, np.int8)
    found = (fault for fault in _faults(words) if fault.rows.any())
    for fault in sorted(found, key=lambda fault: _RANK[fault.rule]):
        fresh = fault.rows & (rule == 0)
        rule[fresh] = _RANK[fault.rule]
        field[fresh] = SENT.index(fault.field)
    return Verdict(rule, field)


def passes(name: str, text: str) -> bool:
    """Whether a text in our words, other than an empty one, is what its field may hold, as far as one cell tells."""
    if name in SHAPES:
        least, most, pattern = SHAPES[name]
        is_number = re.match(_TEN_DIGITS, text) or re.match(_ROUNDED, text)
        return least <= len(text) <= most and bool(re.match(pattern, text)) and not is_number
    kind, known = FIELD_BY_NAME[name].type, allowed_words(name)
    if known is not None:
        return text in known
    return _CELLS.get(kind, _PLAIN_CODE).fullmatch(text) is not None


def oddities(words: Words) -> Iterator[Fault]:
    """What is odd about rows and refuses none of them: remarks in place of rules."""
    bands, providers = words.coded["age_band"], words.coded[PROVIDER]
    is_past_triage = _is_known(_days(words, "first_care_contact_date")) | words.coded["waiting_for"].where(
        lambda word: word != "first_contact"
    )
    pairs = [providers.where(provider.__eq__) & bands.where(band.__eq__) for provider, band in sorted(ODD_AGES)]
    yield Fault("W_AGE_AT_PROVIDER", "age_band", np.logical_or.reduce(pairs) & is_past_triage)
    has_reason = words.coded["clock_stop_reason"].where(bool)
    yield Fault("W_REASON_WITHOUT_STOP", "clock_stop_reason", has_reason & ~_is_known(_days(words, "clock_stop_date")))
    yield Fault("W_SUCCEEDED_PROVIDER", PROVIDER, _is_succeeded(words))


def _faults(words: Words) -> Iterator[Fault]:
    yield Fault("X_ADULT", "age_band", words.coded["age_band"].where(lambda word: bool(_ADULT.fullmatch(word.lower()))))
    yield from _telling(words)
    yield from _identifier_faults(words)
    yield from _missing(words)
    yield from _code_faults(words)
    yield from _number_faults(words)
    yield from _date_faults(words)
    yield from _order_faults(words)
    yield from _company_faults(words)


def _telling(words: Words) -> Iterator[Fault]:
    """Texts that hold an NHS number; a column of them refused the file."""
    for name, texts in words.identifiers.items():
        rows = np.zeros(len(words.rows), np.bool_)
        rows[[one.place for one in holders(texts) if not one.may_be_chance]] = True
        yield Fault("R_IDENTIFIER", name, rows)
    for name, column in words.coded.items():
        if column.values is None or UNREADABLE in column.values:
            yield Fault("R_IDENTIFIER", name, column.where(tells))


def _identifier_faults(words: Words) -> Iterator[Fault]:
    for name, (least, most, pattern) in SHAPES.items():
        texts = words.identifiers[name]
        if name in REQUIRED:
            yield Fault("R_ID_MISSING", name, _flags(pc.is_null(texts)))
        lengths = pc.utf8_length(texts).fill_null(least).to_numpy(zero_copy_only=False)
        is_misshaped = (lengths < least) | (lengths > most) | ~_flags(pc.match_substring_regex(texts, pattern), True)
        if ((lengths >= 10) & (lengths <= 12)).any():
            is_misshaped |= _flags(pc.match_substring_regex(texts, _TEN_DIGITS), False)
        if pc.any(pc.match_substring(texts, "E+")).as_py():
            is_misshaped |= _flags(pc.match_substring_regex(texts, _ROUNDED), False)
        yield Fault("R_ID_SHAPE", name, is_misshaped)


def _missing(words: Words) -> Iterator[Fault]:
    for name in REQUIRED:
        if name in words.coded:
            column = words.coded[name]
            is_missing = column.where(lambda word: not word) if column.values is None else _days(words, name) == MISSING
            yield Fault("R_REQUIRED_MISSING", name, is_missing)


def _code_faults(words: Words) -> Iterator[Fault]:
    for name, column in words.coded.items():
        kind = FIELD_BY_NAME[name].type
        known = allowed_words(name)
        if known is not None:
            is_other = column.where(lambda word, known=known: bool(word) and word not in known)
            yield Fault(_rule_of(name), name, is_other)
        elif kind in {"code", "text"}:
            shape = _CELLS.get(kind, _PLAIN_CODE)
            is_other = column.where(lambda word, shape=shape: bool(word) and not shape.fullmatch(word))
            yield Fault("R_TEXT" if kind == "text" else "R_UNKNOWN_CODE", name, is_other)


def _rule_of(name: str) -> str:
    if name == "service":
        return "R_UNKNOWN_SERVICE"
    return "R_UNKNOWN_ORG" if name in OF_ORGANISATIONS else "R_UNKNOWN_CODE"


def _number_faults(words: Words) -> Iterator[Fault]:
    for name, (lowest, highest) in NUMBERS.items():
        numbers = _days(words, name)
        yield Fault("R_NUMBER", name, (numbers != MISSING) & ((numbers < lowest) | (numbers > highest)))


def _date_faults(words: Words) -> Iterator[Fault]:
    snapshot = _days(words, "snapshot_date")
    for name in _DATES:
        days = _days(words, name)
        is_day = _is_known(days)
        yield Fault("R_DATE_INVALID", name, days == UNREADABLE)
        yield Fault("R_DATE_RANGE", name, is_day & ((days < _EARLIEST) | (days > _LATEST)))
        if name not in MAY_LIE_AHEAD:
            yield Fault("R_FUTURE", name, _is_before(snapshot, days))


def _order_faults(words: Words) -> Iterator[Fault]:
    """What lies before what it must follow; a wait begins at its clock start, else when its first provider got it."""
    received = _days(words, "referral_request_received_date")
    original = _days(words, "original_referral_request_received_date")
    start = _first_known(_days(words, "clock_start_date"), original, received)
    yield Fault("R_ORIGINAL_AFTER_RECEIVED", "original_referral_request_received_date", _is_before(received, original))
    for name in ("first_care_contact_date", "assessment_started_date", "equipment_delivered_date"):
        yield Fault("R_CONTACT_BEFORE_REFERRAL", name, _is_before(_days(words, name), start))
    stop, rejection = _days(words, "clock_stop_date"), _days(words, "referral_rejection_date")
    yield Fault("R_STOP_BEFORE_START", "clock_stop_date", _is_before(stop, start))
    yield Fault(
        "R_REJECTION_BEFORE_REFERRAL",
        "referral_rejection_date",
        _is_before(rejection, _first_known(original, received)),
    )
    discharge = _days(words, "service_discharge_date")
    yield Fault("R_DISCHARGE_BEFORE_REFERRAL", "service_discharge_date", _is_before(discharge, start))


def _company_faults(words: Words) -> Iterator[Fault]:
    """What must stand beside something else."""
    reason = words.coded["clock_stop_reason"]
    has_stop, is_rejected = (_days(words, name) != MISSING for name in ("clock_stop_date", "referral_rejection_date"))
    yield Fault("R_REASON_MISSING", "clock_stop_reason", has_stop & ~reason.where(bool))
    has_why = words.coded["referral_rejection_reason"].where(bool)
    yield Fault("R_REJECTION_REASON_MISSING", "referral_rejection_reason", is_rejected & ~has_why)
    is_transferred = reason.where("transferred".__eq__)
    has_successor = words.coded["successor_provider"].where(bool)
    yield Fault("R_SUCCESSOR_MISSING", "successor_provider", is_transferred & ~has_successor)
    is_wheelchair = words.coded["service"].where("WHEELCHAIR".__eq__)
    is_delivered = _days(words, "equipment_delivered_date") != MISSING
    yield Fault("R_EQUIPMENT_SERVICE", "equipment_delivered_date", is_delivered & ~is_wheelchair)
    is_handover = reason.where("equipment_delivered".__eq__)
    yield Fault("R_EQUIPMENT_SERVICE", "clock_stop_reason", is_handover & ~is_wheelchair)


def _is_succeeded(words: Words) -> Flags:
    """The rows of a provider whose list of the service another carries by the day of the snapshot."""
    providers, services = words.coded[PROVIDER], words.coded["service"]
    found = np.zeros(len(words.rows), np.bool_)
    days = _days(words, "snapshot_date")
    for day in np.unique(days[_is_known(days)]).tolist():
        on = date.fromordinal(max(1, min(day + DAY_ZERO, date.max.toordinal())))
        for service in {word for word in services.words if word}:
            there = providers.where(lambda code, s=service, d=on: successor_of(code, s, d) is not None)
            found |= there & services.where(service.__eq__) & (days == day)
    return found


def _days(words: Words, name: str) -> Codes:
    return words.coded[name].row_values()


def _is_known(days: Codes) -> Flags:
    return days > UNREADABLE


def _is_before(days: Codes, others: Codes) -> Flags:
    return _is_known(days) & (days < others)


def _first_known(*columns: Codes) -> Codes:
    """Row by row the first of some days that is known."""
    found = columns[-1]
    for days in reversed(columns[:-1]):
        found = np.where(_is_known(days), days, found)
    return found


def _flags(array: pa.Array, if_null: bool = False) -> Flags:
    return array.fill_null(if_null).to_numpy(zero_copy_only=False)

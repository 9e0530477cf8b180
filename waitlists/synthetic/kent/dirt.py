"""What real extracts have wrong with them, put into an invented one: a few rows of each kind, and how many.

Nothing here judges a row; the kinds say what was done to it. Each row is spoiled once, so that the counts can be told
apart again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.errors import BadArgument
from waitlists.synthetic.kent.files import texts
from waitlists.synthetic.kent.referrals import Column

_RECEIVED, _DISCHARGED = "referral_request_received_date", "service_discharge_date"
_CONTACT, _PROVIDER = "first_care_contact_date", "organisation_identifier_code_of_provider"

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "impossible_date": (_RECEIVED, "31/02/2025"),
        "word_for_a_date": (_RECEIVED, "unknown"),
        "filler_date": (_RECEIVED, "1900-01-01"),
        "far_date": (_RECEIVED, "9999-12-31"),
        "no_child": ("pseudonym_id", ""),
        "no_referral": ("service_request_identifier", ""),
        "unknown_service": ("service", "PODIATRIX"),
        "unknown_provider": (_PROVIDER, "ZZ9"),
        "unknown_commissioner": ("organisation_identifier_code_of_commissioner", "ZZ9"),
        "unknown_stage": ("waiting_for", "something"),
        "unknown_sex": ("person_stated_gender_code", "7"),
        "unknown_district": ("district_code", "E09000001"),
        "no_decile": ("imd_decile", "11"),
        "young_adult": ("age_band", "18-25"),
        "adult": ("age_band", "26-64"),
    }
)
"""Kinds that are one cell with one text: the field and the text."""

DAYS_BEFORE: Mapping[str, tuple[str, int]] = MappingProxyType(
    {"discharge_before_referral": (_DISCHARGED, 30), "contact_before_referral": (_CONTACT, 12)}
)
"""Kinds that are a date so many days before the referral was received."""

SAME_REFERRAL, COPY = "same_referral_other_content", "copied_row"
KINDS = (*WORDS, *DAYS_BEFORE, SAME_REFERRAL, COPY)


class Spoiled(NamedTuple):
    """The texts of an extract with dirt in them, and how many rows were spoiled or added for each kind."""

    texts: pa.Table
    rows: Mapping[str, int]


def spoiled(table: pa.Table, *, seed: int, each: int = 3) -> Spoiled:
    """An extract as texts with so many rows of every kind of dirt.

    Parameters
    ----------
    table : an extract, or part of one
    each : rows of each kind; one of the two rows of a referral that stands twice counts

    Raises
    ------
    BadArgument
        When the extract has too few rows for it.
    """
    if table.num_rows < each * len(KINDS):
        raise BadArgument(f"an extract of {each * len(KINDS)} rows or more is needed for the dirt", field="each")
    written = texts(table)
    chosen = np.random.default_rng(seed).permutation(table.num_rows)[: each * len(KINDS)].reshape(len(KINDS), each)
    rows = dict(zip(KINDS, chosen, strict=True))
    for kind, (name, text) in WORDS.items():
        written = _replaced(written, name, rows[kind], pa.repeat(text, each))
    received = table[_RECEIVED].cast(pa.int32()).to_numpy()
    for kind, (name, days) in DAYS_BEFORE.items():
        before = pa.array(received[np.sort(rows[kind])] - days).cast(pa.date32()).cast(pa.string())
        written = _replaced(written, name, rows[kind], before)
    copies = written.take(rows[COPY])
    again = written.take(rows[SAME_REFERRAL])
    again = _replaced(again, "source_of_referral", np.arange(each), pa.repeat("D9", each))
    return Spoiled(pa.concat_tables([written, again, copies]), MappingProxyType(dict.fromkeys(KINDS, each)))


def _replaced(written: pa.Table, name: str, rows: Column, values: pa.Array) -> pa.Table:
    """The texts with other ones in some rows of a column, in the order of the rows."""
    mask = np.zeros(written.num_rows, dtype=np.bool_)
    mask[rows] = True
    column = written[name].combine_chunks()
    return written.set_column(
        written.column_names.index(name), name, pc.replace_with_mask(column, pa.array(mask), values)
    )

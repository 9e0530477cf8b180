"""NHS numbers in texts: alone, padded with zeros, or among other characters, and what is but a piece of a hash.

One number of ten figures in eleven passes the check by chance, and one hexadecimal key of 32 figures in forty holds
ten figures in a row, so a number among hexadecimal letters says something only where most texts of a column hold one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_TEN = "[0-9]{3}[ \N{NO-BREAK SPACE}-]?[0-9]{3}[ \N{NO-BREAK SPACE}-]?[0-9]{4}"
_WHOLE = re.compile(rf"\s*{_TEN}(?:\.0+)?\s*")
# Counters padded with zeros are no numbers: none that was given out begins with two, a Scottish one may with one; nor
# are the decimals of a fraction.
_NUMBER = re.compile(rf"(?<![0-9])(?<![0-9]\.)(?:0+(?=[1-9]))?((?!00){_TEN})(?![0-9])")
_HASH = re.compile("[0-9A-Fa-f-]{14,}")
_WEIGHTS = np.arange(10, 1, -1)


class Holder(NamedTuple):
    """A text that holds a number that passes the check: its place, whether it is nothing else, whether by chance."""

    place: int
    is_whole: bool
    may_be_chance: bool


def passes_nhs_check(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether rows of ten digits pass the check of NHS numbers.

    Parameters
    ----------
    digits : (n, 10), the figures of a number a row

    Notes
    -----
    The first nine figures are weighted 10 to 2 and added; 11 less the remainder of 11 is the tenth, 11 counts as 0 and
    10 never passes. Source: NHS Data Dictionary, NHS NUMBER.
    """
    check = (11 - (digits[:, :9] @ _WEIGHTS) % 11) % 11
    return check == digits[:, 9]


def holders(texts: pa.Array) -> Iterator[Holder]:
    """The texts that hold a number that passes."""
    near = pc.fill_null(pc.match_substring_regex(texts, _TEN), False)
    places = np.flatnonzero(near.to_numpy(zero_copy_only=False)).tolist()
    for place, text in zip(places, texts.filter(near).to_pylist(), strict=True):
        found = list(_numbers(text))
        if found:
            yield Holder(place, _WHOLE.fullmatch(text) is not None, all(_is_in_hash(text, one) for one in found))


def tells(text: str) -> bool:
    """Whether a text holds a number that passes the check and is no piece of a hash.

    >>> tells("NHSNO-9434765919"), tells("0000009434765919"), tells("c09434765919a7b2")
    (True, True, False)
    """
    return any(not _is_in_hash(text, one) for one in _numbers(text))


def _numbers(text: str) -> Iterator[re.Match[str]]:
    for found in _NUMBER.finditer(text):
        figures = [[int(letter) for letter in found[1] if letter.isdigit()]]
        if passes_nhs_check(np.array(figures, np.int64))[0]:
            yield found


def _is_in_hash(text: str, number: re.Match[str]) -> bool:
    beside = text[: number.start()][-1:] + text[number.end() :][:1]
    if not any(letter.isalnum() for letter in beside):
        return False
    around = (one for one in _HASH.finditer(text) if one.start() <= number.start() and number.end() <= one.end())
    return any(letter.isalpha() for one in around for letter in one[0])

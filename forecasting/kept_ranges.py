"""How ranges of a forecast turned out so far, in words: a range with a poor record is never just called 8 in 10.

One rule and one wording for whoever shows a range. Plain Python, so that readers need no numpy.
"""

from collections.abc import Mapping
from typing import Any, Final

POOR_BELOW: Final = 0.7
"""Below this share of past 8 in 10 ranges that held, whoever reads of one is told that they were too narrow."""

UNCHECKED: Final = "No past ranges could be checked yet."
TOO_NARROW: Final = "They were too narrow: be ready for more and for fewer."


def held_share(scores: Mapping[str, Mapping[str, Any]], model: str | None) -> float | None:
    """The share of past 8 in 10 ranges of the published model that held, from stored scores; None where unchecked."""
    score = scores.get(model or "")
    return float(score["coverage80"]) if score and score["n"] else None


def is_poor(share: float | None) -> bool:
    """Whether past ranges held far less often than they claimed."""
    return share is not None and share < POOR_BELOW


def doubt(scores: Mapping[str, Mapping[str, Any]], model: str | None) -> str | None:
    """What a reader must know of the range beside it, or None where its record gives no reason to doubt it.

    Examples
    --------
    >>> doubt({"ets": {"n": 40, "coverage80": 0.58}}, "ets")
    'They were too narrow: be ready for more and for fewer.'
    """
    return TOO_NARROW if is_poor(held_share(scores, model)) else None

"""Sums of boards of which nobody can know whether they are whole: nobody is known to be missing, and somebody may be.

Coverage counts those who once gave figures. Whoever never did is in no window of it: the first return of a board's list
would have coverage 1, and be one provider's list.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from waitlists.domain import Finding, Severity
from waitlists.periods import STEP_WORDS
from waitlists.quality.beside import Beside
from waitlists.quality.judged import Judged
from waitlists.quality.presence import EXPECTED_WINDOW
from waitlists.quality.words import names_of

WHOLE_UNKNOWN: Final = "whole_unknown"
"""The code of a sum of which it is not known whether it is whole."""


def whole_unknown(judged: Judged, beside: Beside) -> Iterator[Finding]:
    """That nobody knows whether a board's list is whole, and of whom no figure ever came; no number of children."""
    for line, silent in beside.unknown(judged.now, until=judged.period_end, on=judged.on):
        yield judged.finding(WHOLE_UNKNOWN, Severity.WARNING, _sentence(silent, judged), line, silent=list(silent))


def why_unknown(found: Iterable[Finding], *, on: date) -> tuple[str, ...]:
    """Why nobody can know, as known on a day, whether a figure is of the whole list; nothing where it is of all."""
    return tuple(one.sentence for one in found if one.code == WHOLE_UNKNOWN and one.stands_on(on))


def _sentence(silent: tuple[str, ...], judged: Judged) -> str:
    if silent:
        keep = "is registered as keeping" if len(silent) == 1 else "are registered as keeping"
        return f"{names_of(silent)} {keep} a part of this list and never sent a figure: how much is missing is unknown."
    few = f"fewer than {EXPECTED_WINDOW} {STEP_WORDS[judged.freq]}s"
    return f"Nobody can know yet whether all of this list is here: {few} of it were sent, and no register says by whom."

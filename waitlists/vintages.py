"""From which day a figure counts as known: the rule that lets every answer be replayed as of a past day.

Source: the definition of `as_of`, docs/methods.md. It is a knowledge date, not the day somebody here happened to load.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from waitlists.domain import ParsedVintage

RECONSTRUCTED_AFTER = timedelta(days=7)
"""How long after its end a week counts as known that was told of, or counted, only later."""


def known_from(
    published_on: date | None, *, same_date_seen_with_other_bytes: bool, loaded_on: date, as_of: date | None
) -> date:
    """The first day whose end sees the figures of a file.

    Parameters
    ----------
    published_on
        The later of the Published and Revised dates printed in the file; None where it prints neither.
    same_date_seen_with_other_bytes
        Another file about the same month printed the same date, so the date does not tell the two apart.
    loaded_on
        The day of loading, in London.
    as_of
        A day given by hand for a file loaded late, in place of the day of loading.

    Notes
    -----
    A date given by hand never goes before the printed one: nobody knew a figure before it was published.

    >>> known_from(date(2025, 5, 15), same_date_seen_with_other_bytes=False, loaded_on=date(2025, 9, 1), as_of=None)
    datetime.date(2025, 5, 15)
    """
    if published_on is None:
        return as_of or loaded_on
    if not same_date_seen_with_other_bytes:
        return published_on
    return max(published_on, as_of or loaded_on)


def with_history(
    parts: Sequence[ParsedVintage], *, new_scopes: Collection[str], known_from: date
) -> tuple[ParsedVintage, ...]:
    """A delivery's vintages, those of the weeks that its sender's very first delivery looks back on marked so.

    Parameters
    ----------
    new_scopes
        Of whom, and of which services, nothing was ever delivered before.
    known_from
        The day from which the delivery itself counts as known.

    Notes
    -----
    History that comes with a first delivery would otherwise all be known from one day, and no past forecast could ever
    be tried on it. Each of its weeks counts as known 7 days after its end, and is marked reconstructed.
    """
    newest = max((part.period_end for part in parts), default=date.min)

    def told(part: ParsedVintage) -> ParsedVintage:
        day = part.period_end + RECONSTRUCTED_AFTER
        if part.scope not in new_scopes or part.period_end == newest or day >= known_from:
            return part
        return replace(part, known_from=day, is_reconstructed=True)

    return tuple(told(part) for part in parts)

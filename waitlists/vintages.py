"""From which day a figure counts as known: the rule that lets every answer be replayed as of a past day.

Source: the definition of `as_of`, docs/methods.md. It is a knowledge date, not the day somebody here happened to load.
"""

from datetime import date


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

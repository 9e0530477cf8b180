"""Whether the cells of a column are lines of home addresses, whatever its heading: houses and streets that vary."""

import re
from collections.abc import Sequence

FEWEST = 10
"""Different lines of a column; the addresses of clinics are fewer, or recur."""

SHARE = 0.3
"""Share of the cells; ways, hills, farms and houses with a name alone are not told from other words."""

VARIED = 0.5
"""Different lines for each of them: brothers and sisters share one."""

_NAME = r"[^\W\d_][\w'.-]*"
_SURE = "road|rd|street|avenue|ave|lane|crescent|cres|gardens|gdns|terrace|grove|mews"
_STREET = f"{_SURE}|ln|close|drive|court|square"
_COUNTED = "min|mins|minute|minutes|hour|hours|mile|miles|day|days|week|weeks|month|months|year|years|time|times"
_LINE = re.compile(
    # A house, before it a flat or what the house is called; behind a street that can be nothing else a town.
    rf"(?:(?:flat|apartment|apt)\.? [0-9a-z]{{1,4}},? |(?:{_NAME} ){{0,3}}{_NAME}, ?){{0,3}}"
    rf"[0-9]{{1,4}}[a-z]?,? (?!(?:{_COUNTED})\b)(?:{_NAME} ){{1,4}}"
    rf"(?:(?:{_STREET})(?:,.*)?|(?:{_SURE})(?: {_NAME}){{1,3}}(?:,.*)?)"
    rf"|(?:{_NAME} ){{1,3}}(?:road|street|avenue|lane|crescent|gardens|terrace)(?:,.*)?",
    re.IGNORECASE,
)


def are_street_lines(cells: Sequence[str]) -> bool:
    """Whether the filled cells of a column, or the first of them, are lines of addresses that vary from row to row.

    >>> are_street_lines([f"{n} Mill Lane" for n in range(1, 31)]), are_street_lines(["2 Mill Lane", "High St"] * 15)
    (True, False)
    """
    lines = [text for text in cells if _LINE.fullmatch(text.strip())]
    return len(lines) >= SHARE * len(cells) and len(set(lines)) >= max(FEWEST, VARIED * len(lines))

"""Whether the cells of a column are lines of home addresses, whatever its heading: houses and streets that vary."""

import re
from collections.abc import Sequence

FEWEST = 10
"""Different lines of a column; the addresses of clinics are fewer, or recur."""

SHARE = 0.3
"""Share of the cells; ways, hills, farms and houses with a name alone are not told from other words."""

VARIED = 0.5
"""Different lines for each of them: brothers and sisters share one."""

_STREET = "road|rd|street|avenue|ave|lane|ln|close|drive|crescent|cres|gardens|gdns|terrace|grove|mews|court|square"
_LINE = re.compile(
    rf"(?:.*[^0-9])?[0-9]{{1,4}}[a-z]?,? (?:[^\W\d_][\w'.-]* )+(?:{_STREET})\b.*"
    r"|(?:[^\W\d_][\w'.-]* )+(?:road|street|avenue|lane|close|crescent|gardens|terrace)(?:,.*)?",
    re.IGNORECASE,
)


def are_street_lines(cells: Sequence[str]) -> bool:
    """Whether the filled cells of a column, or the first of them, are lines of addresses that vary from row to row.

    >>> are_street_lines([f"{n} Mill Lane" for n in range(1, 31)]), are_street_lines(["2 Mill Lane", "High St"] * 15)
    (True, False)
    """
    lines = [text for text in cells if _LINE.fullmatch(text.strip())]
    return len(lines) >= SHARE * len(cells) and len(set(lines)) >= max(FEWEST, VARIED * len(lines))

"""What a text must not carry, taken out by its look: keys, passwords in addresses, mail addresses, NHS numbers.

The last line of defence, for log lines, names of files and words of a publisher: what has no look of its own, such as a
pseudonym or a name, is not found here and must not be put into such texts in the first place.
"""

import re
from collections.abc import Callable

REDACTED = "[redacted]"

_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+(?=@)"), r"\1:***"),
    (re.compile(r"(?i)\bbearer\s+\S+"), f"Bearer {REDACTED}"),
    (re.compile(r"\bwl_([0-9a-f]{8})_\w+"), rf"wl_\1_{REDACTED}"),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), REDACTED),
    # An NHS number is ten digits, often written 3-3-4; no count, date or id here is that long in a text but a checksum,
    # which is passed over whole: ten digits in a row within one are chance.
    (
        re.compile(r"(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])|(?<!\d)(?<!\d\.)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d|\.\d)"),
        lambda found: found[1] or REDACTED,
    ),
)
# What every text that one of the masks fits holds, looked for first since most texts hold none of it.
_MAY_BE_MASKED = re.compile(r"(?i)[@\s]|://|wl_|\d{3}-?\d{3}")


def masked(text: str) -> str:
    """The text without what looks like one of these.

    >>> masked("return of 943 476 5919.xlsx")
    'return of [redacted].xlsx'
    """
    if not _MAY_BE_MASKED.search(text):
        return text
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text

"""The closest known names to one that is in no register, so that an error can say what was meant."""

import difflib
from collections.abc import Mapping

LIMIT = 5


def near_codes(asked: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """At most five codes of a register, best first: codes spelt alike, then those whose label holds a word like it.

    Parameters
    ----------
    asked
        What the caller wrote; letter case and outer blanks do not count.
    labels
        The register: label (name, other names) by code.

    Examples
    --------
    >>> near_codes("speech", {"SALT": "Speech and language therapy", "EHC": "Education, health and care plans"})
    ('SALT',)
    """
    wanted = asked.strip().lower()
    by_spelling = {code.lower(): code for code in labels}
    spelt_alike = difflib.get_close_matches(wanted, by_spelling, n=LIMIT, cutoff=0.65)
    in_words = wanted.replace("_", " ")
    named_alike = (code for code, label in labels.items() if _has_word_like(label.lower(), in_words))
    return tuple(dict.fromkeys([*(by_spelling[code] for code in spelt_alike), *named_alike]))[:LIMIT]


def _has_word_like(label: str, wanted: str) -> bool:
    """Fewer than three letters are in nearly every label and say nothing."""
    if len(wanted) < 3:
        return False
    words = label.replace(",", " ").split()
    return wanted in label or bool(difflib.get_close_matches(wanted, words, n=1, cutoff=0.75))

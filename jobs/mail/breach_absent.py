"""Who is not in the figures of a list: no figures came, or such as cannot be right and are treated as if none had."""

from waitlists.quality.words import name_of
from waitlists.quality.zeros import hidden_behind_zero
from waitlists.series import CANNOT_BE_TRUE
from waitlists.store.read import StoredList


def absent_by_name(stored: StoredList) -> tuple[str, ...]:
    """Providers that sent nothing of a list or printed a 0 that cannot be believed; itself where it is in doubt."""
    doubted = [stored.org] if in_doubt(stored) else []
    who = [*(one.org for one in stored.coverage.missing), *_behind_zero(stored), *doubted]
    return tuple(dict.fromkeys(name_of(org) for org in who))


def in_doubt(stored: StoredList) -> bool:
    """Whether the list's own newest figures cannot be right."""
    codes = {one.code for one in stored.findings if one.period_end == stored.period_end}
    return stored.org in _behind_zero(stored) or bool(codes & CANNOT_BE_TRUE)


def _behind_zero(stored: StoredList) -> list[str]:
    found = [one for one in stored.findings if one.period_end == stored.period_end]
    return [who.org for one in found for who in hidden_behind_zero(one)]

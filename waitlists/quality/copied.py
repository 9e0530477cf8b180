"""One number under several lines: a pooled list that was sent as if it were the list of each."""

from collections import defaultdict
from collections.abc import Mapping

from waitlists.services import THERAPY_LINES

COPIED_MINIMUM = 20
COPIED_LINES = 3
"""The same count above 20 in three or more therapy lines of one provider and period is one number copied."""


def repeated(sizes: Mapping[str, int | None]) -> dict[int, list[str]]:
    """The numbers that a provider gave for several therapy lines, each with its lines.

    Parameters
    ----------
    sizes : the size of each of its lists, by service

    Examples
    --------
    >>> repeated({"SALT": 638, "CYP_PHYSIOTHERAPY": 638, "CYP_OCCUPATIONAL_THERAPY": 638, "ASD": 638})
    {638: ['SALT', 'CYP_OCCUPATIONAL_THERAPY', 'CYP_PHYSIOTHERAPY']}
    """
    by_value: dict[int, list[str]] = defaultdict(list)
    for service in THERAPY_LINES:
        value = sizes.get(service)
        if value is not None and value > COPIED_MINIMUM:
            by_value[value].append(service)
    return {value: services for value, services in by_value.items() if len(services) >= COPIED_LINES}

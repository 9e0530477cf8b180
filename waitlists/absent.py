"""What providers that are absent from a figure last said: the one rule by which a figure of part is made good."""

from collections.abc import Callable, Iterable

from waitlists.domain import Measure, MissingProvider


def last_known_of(
    absent: Iterable[MissingProvider], measure: Measure, *, value: Callable[[MissingProvider], int | None]
) -> int | None:
    """Sum of the absent providers' last known figures of a measure; None where one of them is not known.

    Parameters
    ----------
    value
        What a provider last said of the measure in the period named; not asked for the size of its list, which the
        provider's own record holds.
    """
    if measure == Measure.LIST_SIZE:
        return sum(provider.last_list_size for provider in absent)
    values = [value(provider) for provider in absent]
    return None if None in values else sum(count for count in values if count is not None)

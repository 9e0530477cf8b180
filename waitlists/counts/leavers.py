"""Who left a list, by every reason there is."""

from collections.abc import Mapping

from waitlists.record.fields import REASONS


def by_reason(removed: Mapping[str, int | None], *, of: int | None) -> dict[str, int | None]:
    """Leavers by each reason in the record's order: 0 where nobody left for it, None where that is not known.

    Parameters
    ----------
    removed
        Leavers by the reasons that were sent; a reason nobody left for need not be. None is suppressed.
    of
        All who left, None where unknown. Leavers without any reason are of no reason that is known.

    Examples
    --------
    >>> by_reason({"seen": 3}, of=3)["declined"], by_reason({}, of=3)["declined"], by_reason({}, of=0)["declined"]
    (0, None, 0)
    """
    not_sent = 0 if of == 0 or (of is not None and removed) else None
    return {reason: removed.get(reason, not_sent) for reason in REASONS}

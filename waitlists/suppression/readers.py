"""Who reads a table that is shown: somebody who has nothing else, or somebody who knows some of its numbers."""

from typing import Final, NamedTuple


class Insider(NamedTuple):
    """Somebody who reads the same answers and `knows` numbers exactly, such as a provider its own.

    `own` are these and all others that count nobody but whom it knows, such as those of a board that has no other
    provider: nobody else is behind them, so that nothing of them is kept from it.
    """

    knows: frozenset[str]
    own: frozenset[str]


OUTSIDER: Final = Insider(frozenset(), frozenset())
"""Somebody who has only what is shown."""

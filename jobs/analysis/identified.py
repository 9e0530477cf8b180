"""Refuses a file of one's own that names children: in its other columns, which nobody asked for and nobody reads.

The rules are those of a delivery. They are imported only where there is such a column, as they take longer to start
than most questions to answer.
"""

from collections.abc import Sequence


def refuse_identified(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, asked: frozenset[int], of_children: bool
) -> None:
    """Pass silently over a file whose columns, but for those at the places in `asked`, name no child.

    Where its rows are not of children, days that are far apart are no births.

    Raises
    ------
    IdentifiersFound
        A column is called or filled like one of identifiers; the message names it, and no value.
    """
    others = [place for place in range(len(header)) if place not in asked]
    if not others:
        return
    import numpy as np
    import pyarrow as pa

    from waitlists.ingest.identifiers import Watch, refuse_named
    from waitlists.ingest.referral_source import Chunk

    names = [header[place] for place in others]
    refuse_named(names)
    watch = Watch(names, known=frozenset(), days=frozenset() if of_children else frozenset(range(len(others))))
    columns = tuple(pa.array([row[place] for row in rows], pa.string()) for place in others)
    watch.look(Chunk(columns, np.arange(2, len(rows) + 2, dtype=np.int64)))
    watch.finish()

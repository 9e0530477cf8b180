"""Trends worked out ahead of the question: for the board's matrix, one row for each list and kind of reader."""

from sqlalchemy import JSON, Column, Date, Integer, String, Table

from waitlists.store.columns import metadata, short

judged_list = Table(
    "judged_list",
    metadata,
    *short("service", 60, primary_key=True),
    *short("org", 120, primary_key=True),
    *short("source", 40, primary_key=True),
    *short("view", 10, primary_key=True),
    Column("dataset_version", Integer, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_from", String(64)),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("firsts", JSON, nullable=False),
    Column("cells", JSON, nullable=False),
    Column("trends", JSON, nullable=False),
)
"""`view` is how figures are shown: exactly, or by a rule. Worked out, so it may be deleted and comes again.

It holds for the days from `since` to the day before `until`, of one dataset version and as one state of the code makes
it; `made_from` is the digest of all that it was worked out from (`judged_from.py`). `firsts` are the steps (`W`, `M`,
or `any`) of which this is the source that answers first for its list.
"""

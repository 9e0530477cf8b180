"""What is kept of a list beyond its bands: `waitlists.details.Detail`, one row for each list, stage and group."""

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, Index, Integer, Table

from waitlists.store.columns import metadata, short

detail = Table(
    "detail",
    metadata,
    Column("vintage_id", Integer, ForeignKey("vintage.id"), primary_key=True, autoincrement=False),
    *short("service", 60, primary_key=True),
    *short("org", 120, primary_key=True),
    *short("stage", 10, primary_key=True),
    *short("cut", 20, primary_key=True),
    *short("cut_group", 40, primary_key=True),
    Column("list_size", Integer, nullable=False),
    Column("bands", JSON, nullable=False),
    Column("weeks", JSON, nullable=False),
    Column("referrals", Integer),
    Column("removals", JSON, nullable=False),
    Column("residual", Integer),
    Column("median_days", Float),
    Column("mean_days", Float),
    Column("p92_days", Float),
    *short("longest_band", 20, nullable=True),
    Column("waiting", JSON, nullable=False),
    Column("adjusted", JSON, nullable=False),
    Column("completed", JSON, nullable=False),
    Index(None, "service", "org", "cut"),
    CheckConstraint("list_size >= 0", name="size_not_negative"),
    CheckConstraint("stage in ('list', 'next', 'review')", name="stage_known"),
    CheckConstraint("(cut = '') = (cut_group = '')", name="cut_has_group"),
    sqlite_with_rowid=False,
)

"""First schema: deliveries, vintages, figures, what was found in them, and what was forecast."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "organisation",
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("printed_in", sa.Date(), nullable=False),
        sa.CheckConstraint('length("code") <= 120', name=op.f("ck_organisation_code_length")),
        sa.CheckConstraint('length("level") <= 20', name=op.f("ck_organisation_level_length")),
        sa.CheckConstraint('length("name") <= 255', name=op.f("ck_organisation_name_length")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisation")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(status = 'running') = (finished_at is null)", name=op.f("ck_run_finished_when_not_running")
        ),
        sa.CheckConstraint("status in ('running', 'done', 'partial', 'failed')", name=op.f("ck_run_status_known")),
        sa.CheckConstraint('length("command") <= 20', name=op.f("ck_run_command_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("org", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("band", sa.String(length=20), nullable=False),
        sa.CheckConstraint('length("band") <= 20', name=op.f("ck_series_band_length")),
        sa.CheckConstraint('length("kind") <= 20', name=op.f("ck_series_kind_length")),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_series_org_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_series_service_length")),
        sa.CheckConstraint('length("source") <= 40', name=op.f("ck_series_source_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint(
            "source", "service", "org", "kind", "band", name=op.f("uq_series_source_service_org_kind_band")
        ),
    )
    op.create_index(op.f("ix_series_service_org"), "series", ["service", "org"])
    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("org", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_clearance_org_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_clearance_service_length")),
        sa.CheckConstraint('length("source") <= 40', name=op.f("ck_clearance_source_length")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_clearance_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("run_id", "source", "service", "org", name=op.f("uq_clearance_run_id_source_service_org")),
    )
    op.create_index(op.f("ix_clearance_service_org_as_of"), "clearance", ["service", "org", "as_of"])
    op.create_table(
        "dataset_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_dataset_version_run_id_run")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_dataset_version")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("layout", sa.String(length=40), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("providers_in_scope", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint('length("file_name") <= 255', name=op.f("ck_delivery_file_name_length")),
        sa.CheckConstraint('length("layout") <= 40', name=op.f("ck_delivery_layout_length")),
        sa.CheckConstraint('length("source") <= 40', name=op.f("ck_delivery_source_length")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_delivery_sha256_whole")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_delivery_size_positive")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_delivery_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("sha256", name=op.f("uq_delivery_sha256")),
    )
    op.create_table(
        "forecast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("org", sa.String(length=120), nullable=False),
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("freq", sa.String(length=1), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=True),
        sa.Column("trained_until", sa.Date(), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.CheckConstraint("freq in ('M', 'W')", name=op.f("ck_forecast_freq_known")),
        sa.CheckConstraint(
            "status in ('ok', 'fallback', 'insufficient_data', 'blocked')", name=op.f("ck_forecast_status_known")
        ),
        sa.CheckConstraint('length("measure") <= 30', name=op.f("ck_forecast_measure_length")),
        sa.CheckConstraint('length("model") <= 40', name=op.f("ck_forecast_model_length")),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_forecast_org_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_forecast_service_length")),
        sa.CheckConstraint('length("source") <= 40', name=op.f("ck_forecast_source_length")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_forecast_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast")),
        sa.UniqueConstraint(
            "run_id", "source", "service", "org", "measure", name=op.f("uq_forecast_run_id_source_service_org_measure")
        ),
    )
    op.create_index(op.f("ix_forecast_service_org_measure_as_of"), "forecast", ["service", "org", "measure", "as_of"])
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint('length("code") <= 40', name=op.f("ck_refusal_code_length")),
        sa.CheckConstraint('length("file_name") <= 255', name=op.f("ck_refusal_file_name_length")),
        sa.CheckConstraint('length("sha256") <= 64', name=op.f("ck_refusal_sha256_length")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_refusal_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    op.create_table(
        "delivery_content",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_content_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_delivery_content")),
    )
    op.create_table(
        "non_submission",
        sa.Column("delivery_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("org", sa.String(length=120), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("not_submitting", sa.Integer(), nullable=False),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_non_submission_org_length")),
        sa.CheckConstraint("not_submitting >= 0", name=op.f("ck_non_submission_count_not_negative")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_non_submission_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("delivery_id", "org", "period_end", name=op.f("pk_non_submission")),
    )
    op.create_table(
        "vintage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.CheckConstraint('length("scope") <= 40', name=op.f("ck_vintage_scope_length")),
        sa.CheckConstraint('length("source") <= 40', name=op.f("ck_vintage_source_length")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_vintage_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vintage")),
        sa.UniqueConstraint(
            "delivery_id", "source", "scope", "period_end", name=op.f("uq_vintage_delivery_id_source_scope_period_end")
        ),
    )
    op.create_index(
        op.f("ix_vintage_source_scope_period_end_known_from"),
        "vintage",
        ["source", "scope", "period_end", "known_from"],
    )
    op.create_table(
        "coverage",
        sa.Column("vintage_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("org", sa.String(length=120), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_coverage_org_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_coverage_service_length")),
        sa.CheckConstraint("share >= 0 and share <= 1", name=op.f("ck_coverage_share_is_a_share")),
        sa.ForeignKeyConstraint(["vintage_id"], ["vintage.id"], name=op.f("fk_coverage_vintage_id_vintage")),
        sa.PrimaryKeyConstraint("vintage_id", "service", "org", name=op.f("pk_coverage")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vintage_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("marker", sa.String(length=12), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.CheckConstraint("(marker = 'number') = (value is not null)", name=op.f("ck_figure_value_when_number")),
        sa.CheckConstraint("marker in ('number', 'suppressed')", name=op.f("ck_figure_marker_known")),
        sa.CheckConstraint('length("sheet") <= 40', name=op.f("ck_figure_sheet_length")),
        sa.CheckConstraint("value is null or value >= 0", name=op.f("ck_figure_value_not_negative")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_figure_series_id_series")),
        sa.ForeignKeyConstraint(["vintage_id"], ["vintage.id"], name=op.f("fk_figure_vintage_id_vintage")),
        sa.PrimaryKeyConstraint("series_id", "vintage_id", name=op.f("pk_figure")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_figure_vintage_id"), "figure", ["vintage_id"])
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("vintage_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=True),
        sa.Column("org", sa.String(length=120), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_until", sa.Date(), nullable=True),
        sa.Column("sheet", sa.String(length=40), nullable=True),
        sa.Column("cell", sa.String(length=12), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("is_across", sa.Boolean(), nullable=False),
        sa.CheckConstraint("severity in ('info', 'warning', 'error')", name=op.f("ck_finding_severity_known")),
        sa.CheckConstraint('length("cell") <= 12', name=op.f("ck_finding_cell_length")),
        sa.CheckConstraint('length("code") <= 40', name=op.f("ck_finding_code_length")),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_finding_org_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_finding_service_length")),
        sa.CheckConstraint('length("sheet") <= 40', name=op.f("ck_finding_sheet_length")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_finding_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["vintage_id"], ["vintage.id"], name=op.f("fk_finding_vintage_id_vintage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_delivery_id"), "finding", ["delivery_id"])
    op.create_index(op.f("ix_finding_service_org_period_end"), "finding", ["service", "org", "period_end"])
    op.create_index(op.f("ix_finding_vintage_id"), "finding", ["vintage_id"])


def downgrade() -> None:
    """Drop every table, and with them all that was loaded."""
    op.drop_index(op.f("ix_finding_vintage_id"), "finding")
    op.drop_index(op.f("ix_finding_service_org_period_end"), "finding")
    op.drop_index(op.f("ix_finding_delivery_id"), "finding")
    op.drop_table("finding")
    op.drop_index(op.f("ix_figure_vintage_id"), "figure")
    op.drop_table("figure")
    op.drop_table("coverage")
    op.drop_index(op.f("ix_vintage_source_scope_period_end_known_from"), "vintage")
    op.drop_table("vintage")
    op.drop_table("non_submission")
    op.drop_table("delivery_content")
    op.drop_table("refusal")
    op.drop_index(op.f("ix_forecast_service_org_measure_as_of"), "forecast")
    op.drop_table("forecast")
    op.drop_table("delivery")
    op.drop_table("dataset_version")
    op.drop_index(op.f("ix_clearance_service_org_as_of"), "clearance")
    op.drop_table("clearance")
    op.drop_index(op.f("ix_series_service_org"), "series")
    op.drop_table("series")
    op.drop_table("run")
    op.drop_table("organisation")

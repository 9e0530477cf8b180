"""Keys, and the audit with the triggers that let it grow and nothing else."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SQLITE = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
    # REPLACE deletes without firing a DELETE trigger; a row is only ever added after the last one.
    """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN NEW.id <= (SELECT max(id) FROM audit)
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
    """CREATE TRIGGER audit_tally_grows BEFORE UPDATE ON audit_tally WHEN NEW.entries <= OLD.entries
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
    """CREATE TRIGGER audit_tally_no_delete BEFORE DELETE ON audit_tally
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
    """CREATE TRIGGER audit_tally_no_replace BEFORE INSERT ON audit_tally
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit only grows' USING ERRCODE = 'restrict_violation'; END $$""",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_only_grows()",
    """CREATE TRIGGER audit_tally_grows BEFORE UPDATE ON audit_tally FOR EACH ROW WHEN (NEW.entries <= OLD.entries)
    EXECUTE FUNCTION audit_only_grows()""",
    """CREATE TRIGGER audit_tally_no_delete BEFORE DELETE ON audit_tally FOR EACH ROW
    EXECUTE FUNCTION audit_only_grows()""",
    "CREATE TRIGGER audit_tally_no_truncate BEFORE TRUNCATE ON audit_tally EXECUTE FUNCTION audit_only_grows()",
    # For an installation in which another user owns the tables; the owner is held back by the triggers alone.
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM PUBLIC",
    "REVOKE DELETE, TRUNCATE ON audit_tally FROM PUBLIC",
)


def upgrade() -> None:
    """Create the tables, the tally's one row, and the triggers."""
    op.create_table(
        "api_key",
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_api_key_hash_whole")),
        sa.CheckConstraint('length("name") <= 80', name=op.f("ck_api_key_name_length")),
        sa.CheckConstraint('length("prefix") <= 16', name=op.f("ck_api_key_prefix_length")),
        sa.CheckConstraint(
            "role in ('public', 'board', 'commissioner', 'provider', 'admin')", name=op.f("ck_api_key_role_known")
        ),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_api_key")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=True),
        sa.Column("org", sa.String(length=120), nullable=True),
        sa.Column("result", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint('length("action") <= 120', name=op.f("ck_audit_action_length")),
        sa.CheckConstraint('length("actor") <= 40', name=op.f("ck_audit_actor_length")),
        sa.CheckConstraint("length(previous) = 64 and length(hash) = 64", name=op.f("ck_audit_hashes_whole")),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_audit_org_length")),
        sa.CheckConstraint('length("role") <= 20', name=op.f("ck_audit_role_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_audit_service_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    tally = op.create_table(
        "audit_tally",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_tally_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_tally")),
    )
    op.bulk_insert(tally, [{"id": 1, "entries": 0, "head": "0" * 64}])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Drop them, and every key and trace with them."""
    op.drop_table("audit_tally")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_only_grows()")
    op.drop_table("api_key")

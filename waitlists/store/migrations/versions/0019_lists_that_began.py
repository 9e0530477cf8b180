"""How far back lists are counted and since when each has had a child on it, beside deliveries; spells are looked up."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_IN_A_SPELL = sa.text("referral_spell_id is not null")


def upgrade() -> None:
    """Add them; the next whole list fills the columns."""
    op.add_column("referral_delivery", sa.Column("covered_since", sa.Date(), nullable=True))
    op.add_column("referral_delivery", sa.Column("lists_begun", sa.JSON(), nullable=True))
    op.create_index(
        "ix_referral_spell", "referral", ["referral_spell_id"], sqlite_where=_IN_A_SPELL, postgresql_where=_IN_A_SPELL
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_referral_spell", table_name="referral")
    op.drop_column("referral_delivery", "lists_begun")
    op.drop_column("referral_delivery", "covered_since")

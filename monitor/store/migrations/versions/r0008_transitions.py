"""The transitions that stand have one index, those that were withdrawn another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_transitions_standing", "transitions")
    op.drop_index("ix_transitions_commitment_at", "transitions")
    stands, stood = sa.text("withdrawn IS NULL"), sa.text("withdrawn IS NOT NULL")
    op.create_index(
        "uq_transitions_standing",
        "transitions",
        ["commitment", "at", "id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index(
        "ix_transitions_withdrawn",
        "transitions",
        ["commitment", "at"],
        sqlite_where=stood,
        postgresql_where=stood,
    )

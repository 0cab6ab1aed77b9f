"""What takes an update back is found by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("supersedes", "retracts"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_updates_{column}",
            "updates",
            [column],
            unique=False,
            sqlite_where=there,
            postgresql_where=there,
        )

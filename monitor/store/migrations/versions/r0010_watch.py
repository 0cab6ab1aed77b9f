"""What waits for coverage stands beside all that waits for the same, whatever its agreement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_states_agreement_due_watched", "states")
    op.add_column("states", sa.Column("watch", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE states SET watch = agreement")
    waits = sa.text("due_watched IS NOT NULL")
    op.create_index(
        "ix_states_watch_due_watched",
        "states",
        ["watch", "due_watched"],
        sqlite_where=waits,
        postgresql_where=waits,
    )

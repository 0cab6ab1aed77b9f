"""Alerts keep their bodies in parts, and are looked for by nobody's transition.

The rows there are stay as they are: both forms are read. An earlier program reads only one of them.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_alerts_transition", "alerts")

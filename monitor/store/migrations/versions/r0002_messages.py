"""A delivery carries a message, which may tell several alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.drop_index("uq_deliveries_alert_receiver", "deliveries")
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("message", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("reason", sa.Text(), server_default="immediate", nullable=False))
        table.add_column(sa.Column("more", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "uq_deliveries_alert_receiver_message",
        "deliveries",
        ["alert", "receiver", "message"],
        unique=True,
    )
    op.create_table(
        "parts",
        sa.Column("delivery", _KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name=op.f("fk_parts_delivery")),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_parts_alert")),
        sa.PrimaryKeyConstraint("delivery", "place", name=op.f("pk_parts")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_parts_alert"), "parts", ["alert"], unique=False)

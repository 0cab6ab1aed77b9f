"""Who is to be told of what, what keeps them from it, silences, and who has taken note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    _notices()
    _suppressions()
    _silences()
    _acks()


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("grp", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("wake", sa.BigInteger(), nullable=True),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("muted_by", sa.Text(), nullable=True),
        sa.Column("formed", sa.BigInteger(), nullable=True),
        sa.Column("delivery", _KEY, nullable=True),
        sa.Column("repeat", sa.BigInteger(), nullable=True),
        sa.Column("escalate", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_notices_alert")),
        sa.PrimaryKeyConstraint("alert", "receiver", name=op.f("pk_notices")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_notices_receiver_grp_formed"), "notices", ["receiver", "grp", "formed"]
    )
    for column in ("wake", "muted_by"):
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            op.f(f"ix_notices_{column}"),
            "notices",
            [column],
            sqlite_where=known,
            postgresql_where=known,
        )


def _suppressions() -> None:
    op.create_table(
        "suppressions",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_suppressions_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
    )
    op.create_index(op.f("ix_suppressions_alert"), "suppressions", ["alert"])


def _silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("matchers", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("recurring", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("expired", sa.BigInteger(), nullable=True),
        sa.Column("expired_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )


def _acks() -> None:
    op.create_table(
        "acks",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_acks_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acks")),
    )
    op.create_index(op.f("ix_acks_alert"), "acks", ["alert"])

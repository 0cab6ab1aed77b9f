"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    _updates()
    _commitments()
    _evidence()
    _coverage()
    _states()
    _transitions()
    _alerts()
    _deliveries()
    _receivers()
    _runs()
    _meta()


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("seq", _KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("occurred", sa.Text(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("commitment", sa.Text(), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Text(), nullable=True),
        sa.Column("retracts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_updates")),
        sa.UniqueConstraint("id", name=op.f("uq_updates_id")),
    )


def _commitments() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("key", name=op.f("uq_commitments_key")),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("commitment", _KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seq", _KEY, nullable=False),
        sa.PrimaryKeyConstraint("commitment", "at", "seq", name=op.f("pk_evidence")),
        sqlite_with_rowid=False,
    )


def _coverage() -> None:
    op.create_table(
        "coverage",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_index(op.f("ix_coverage_source_until"), "coverage", ["source", "until"], unique=False)


def _states() -> None:
    op.create_table(
        "states",
        sa.Column("commitment", _KEY, autoincrement=False, nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("introduced", sa.BigInteger(), nullable=True),
        sa.Column("due_clock", sa.BigInteger(), nullable=True),
        sa.Column("due_watched", sa.BigInteger(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment"], ["commitments.id"], name=op.f("fk_states_commitment")
        ),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_states")),
    )
    op.create_index(
        op.f("ix_states_agreement_due_watched"),
        "states",
        ["agreement", "due_watched"],
        unique=False,
        sqlite_where=sa.text("due_watched IS NOT NULL"),
        postgresql_where=sa.text("due_watched IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_states_due_clock"),
        "states",
        ["due_clock"],
        unique=False,
        sqlite_where=sa.text("due_clock IS NOT NULL"),
        postgresql_where=sa.text("due_clock IS NOT NULL"),
    )


def _transitions() -> None:
    op.create_table(
        "transitions",
        sa.Column("seq", _KEY, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("commitment", _KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment"], ["commitments.id"], name=op.f("fk_transitions_commitment")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_transitions")),
    )
    op.create_index(
        op.f("ix_transitions_commitment_at"), "transitions", ["commitment", "at"], unique=False
    )
    op.create_index(
        "uq_transitions_standing",
        "transitions",
        ["id"],
        unique=True,
        sqlite_where=sa.text("withdrawn IS NULL"),
        postgresql_where=sa.text("withdrawn IS NULL"),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("seq", _KEY, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=True),
        sa.Column("transition", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded", sa.BigInteger(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=True),
        sa.Column("found_late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_alerts")),
        sa.UniqueConstraint("id", name=op.f("uq_alerts_id")),
    )
    op.create_index(
        op.f("ix_alerts_commitment_recorded_at"),
        "alerts",
        ["commitment", "recorded", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_alerts_recorded_at"), "alerts", ["recorded", "at"], unique=False)
    op.create_index(op.f("ix_alerts_transition"), "alerts", ["transition"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("claimed", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_deliveries_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        op.f("ix_deliveries_state_next_attempt"),
        "deliveries",
        ["state", "next_attempt"],
        unique=False,
    )
    op.create_index(
        "uq_deliveries_alert_receiver", "deliveries", ["alert", "receiver"], unique=True
    )


def _receivers() -> None:
    op.create_table(
        "receivers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("disabled", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_receivers")),
        sqlite_with_rowid=False,
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("now", sa.BigInteger(), nullable=False),
        sa.Column("updates", sa.Integer(), nullable=False),
        sa.Column("transitions", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
        sqlite_with_rowid=False,
    )

"""The tables.

Commitments are known by a small integer inside the database, updates by `seq`, the order in which
they were recorded (given out under the write lock, so without gaps or races). Lists are compact
JSON text, decimals are text, instants are whole seconds UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_KEY = Integer().with_variant(BigInteger, "postgresql")
"""SQLite makes only a column of type INTEGER the row's own address."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

updates = Table(
    "updates",
    metadata,
    Column("seq", _KEY, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("occurred", Text, nullable=False),
    Column("precision", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("parties", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("agreement", Text),
    Column("commitment", Text),
    Column("milestone", Text),
    Column("indicator", Text),
    Column("value", Text),
    Column("unit", Text),
    Column("supersedes", Text),
    Column("retracts", Text),
    Column("moves_to", Text),
)
# Partial: hardly any update takes another back.
for _column in (updates.c.supersedes, updates.c.retracts):
    Index(
        None,
        _column,
        sqlite_where=_column.is_not(None),
        postgresql_where=_column.is_not(None),
    )

commitments = Table(
    "commitments",
    metadata,
    Column("id", _KEY, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
)

# Without foreign keys, which would double its cost: both numbers are looked up in the transaction
# that writes them, in tables from which nothing is ever removed.
evidence = Table(
    "evidence",
    metadata,
    Column("commitment", _KEY, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("seq", _KEY, primary_key=True),
    sqlite_with_rowid=False,
)

coverage = Table(
    "coverage",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("source", Text, nullable=False),
    Column("agreement", Text),
    Column("since", BigInteger),
    Column("until", BigInteger, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Index(None, "source", "until"),
)

states = Table(
    "states",
    metadata,
    Column("commitment", _KEY, ForeignKey("commitments.id"), primary_key=True, autoincrement=False),
    Column("agreement", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("introduced", BigInteger),
    Column("due_clock", BigInteger),
    Column("due_watched", BigInteger),
    Column("standing", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)
# Partial, so that a commitment that waits for nothing costs nothing.
Index(
    None,
    states.c.due_clock,
    sqlite_where=states.c.due_clock.is_not(None),
    postgresql_where=states.c.due_clock.is_not(None),
)
Index(
    None,
    states.c.agreement,
    states.c.due_watched,
    sqlite_where=states.c.due_watched.is_not(None),
    postgresql_where=states.c.due_watched.is_not(None),
)

# Older states of commitments with many updates; a cache, like the states.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("commitment", _KEY, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("state", Text, nullable=False),
)

transitions = Table(
    "transitions",
    metadata,
    Column("seq", _KEY, primary_key=True),
    Column("id", Text, nullable=False),
    Column("commitment", _KEY, ForeignKey("commitments.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("rules", Text, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("withdrawn", BigInteger),
    Index(None, "commitment", "at"),
)
# A fact may be withdrawn and stand again later: a row per standing, one of them current.
Index(
    "uq_transitions_standing",
    transitions.c.id,
    unique=True,
    sqlite_where=transitions.c.withdrawn.is_(None),
    postgresql_where=transitions.c.withdrawn.is_(None),
)

alerts = Table(
    "alerts",
    metadata,
    Column("seq", _KEY, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("commitment", Text),
    Column("transition", Text),
    Column("severity", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("opening", Text),
    Column("found_late", Boolean, nullable=False),
    Index(None, "recorded", "at"),
    Index(None, "commitment", "recorded", "at"),
    Index(None, "transition"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("alert", Text, ForeignKey("alerts.id"), nullable=False),
    Column("receiver", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'pending'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_attempt", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("delivered", BigInteger),
    Column("status", SmallInteger),
    Column("error", Text),
    Column("claimed", BigInteger),
    Column("leased_until", BigInteger),
    Column("message", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default="immediate"),
    Column("more", Integer, nullable=False, server_default="0"),
    Index("uq_deliveries_alert_receiver_message", "alert", "receiver", "message", unique=True),
    Index(None, "state", "next_attempt"),
)

# What a message tells beside its first alert: rows only for messages that tell several.
parts = Table(
    "parts",
    metadata,
    Column("delivery", _KEY, ForeignKey("deliveries.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("alert", Text, ForeignKey("alerts.id"), nullable=False),
    Index(None, "alert"),
    sqlite_with_rowid=False,
)

# One alert for one receiver, where routes, silences or rules of muting are in use.
notices = Table(
    "notices",
    metadata,
    Column("alert", Text, ForeignKey("alerts.id"), primary_key=True),
    Column("receiver", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("grp", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("wake", BigInteger),
    Column("held", Text, nullable=False),
    Column("follows", Boolean, nullable=False),
    Column("muted_by", Text),
    Column("formed", BigInteger),
    Column("delivery", _KEY),
    Column("repeat", BigInteger),
    Column("escalate", BigInteger),
    Column("level", Integer, nullable=False),
    Index(None, "receiver", "grp", "formed"),
    sqlite_with_rowid=False,
)
# Partial, so that what is told and waits for nothing costs nothing.
Index(
    None,
    notices.c.wake,
    sqlite_where=notices.c.wake.is_not(None),
    postgresql_where=notices.c.wake.is_not(None),
)
Index(
    None,
    notices.c.muted_by,
    sqlite_where=notices.c.muted_by.is_not(None),
    postgresql_where=notices.c.muted_by.is_not(None),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("alert", Text, ForeignKey("alerts.id"), nullable=False),
    Column("receiver", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("until", BigInteger),
    Index(None, "alert"),
)

silences = Table(
    "silences",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("matchers", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("recurring", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("expired", BigInteger),
    Column("expired_by", Text),
)

acks = Table(
    "acks",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("alert", Text, ForeignKey("alerts.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "alert"),
)

receivers = Table(
    "receivers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("disabled", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "runs",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("command", Text, nullable=False),
    Column("now", BigInteger, nullable=False),
    Column("updates", Integer, nullable=False),
    Column("transitions", Integer, nullable=False),
    Column("alerts", Integer, nullable=False),
)

version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as Alembic makes it: a fresh database is made without loading Alembic."""

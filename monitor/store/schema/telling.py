"""What is announced, to whom, and what becomes of it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from monitor.store.schema.base import KEY, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("seq", KEY, primary_key=True),
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
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", KEY, primary_key=True),
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
    Column("delivery", KEY, ForeignKey("deliveries.id"), primary_key=True, autoincrement=False),
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
    Column("delivery", KEY),
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
    Column("id", KEY, primary_key=True),
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
    Column("id", KEY, primary_key=True),
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
    Column("id", KEY, primary_key=True),
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

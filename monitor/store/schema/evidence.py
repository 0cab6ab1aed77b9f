"""What was reported, what it concerns, and who was looking until when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from monitor.store.schema.base import KEY, metadata

updates = Table(
    "updates",
    metadata,
    Column("seq", KEY, primary_key=True, autoincrement=False),
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
    Column("id", KEY, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
)

# Without foreign keys, which would double its cost: both numbers are looked up in the transaction
# that writes them, in tables from which nothing is ever removed.
evidence = Table(
    "evidence",
    metadata,
    Column("commitment", KEY, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("seq", KEY, primary_key=True),
    sqlite_with_rowid=False,
)

coverage = Table(
    "coverage",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", Text, nullable=False),
    Column("agreement", Text),
    Column("since", BigInteger),
    Column("until", BigInteger, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Index(None, "source", "until"),
)

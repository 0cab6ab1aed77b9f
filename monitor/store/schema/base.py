"""What every table has, and the two that keep house."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

KEY = Integer().with_variant(BigInteger, "postgresql")
"""SQLite makes only a column of type INTEGER the row's own address."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "runs",
    metadata,
    Column("id", KEY, primary_key=True),
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

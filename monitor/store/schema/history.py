"""What was concluded: transitions for good, states as a cache."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text

from monitor.store.schema.base import KEY, metadata

states = Table(
    "states",
    metadata,
    Column("commitment", KEY, ForeignKey("commitments.id"), primary_key=True, autoincrement=False),
    Column("agreement", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("introduced", BigInteger),
    Column("due_clock", BigInteger),
    Column("due_watched", BigInteger),
    Column("standing", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    # Holds nothing: what the rest of the row may grow by and stay where it is.
    Column("room", LargeBinary),
    Column("watch", Text, nullable=False, server_default=""),
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
    states.c.watch,
    states.c.due_watched,
    sqlite_where=states.c.due_watched.is_not(None),
    postgresql_where=states.c.due_watched.is_not(None),
)

# Older states of commitments with many updates; a cache, like the states.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("commitment", KEY, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("state", Text, nullable=False),
)

transitions = Table(
    "transitions",
    metadata,
    Column("seq", KEY, primary_key=True),
    Column("id", Text, nullable=False),
    Column("commitment", KEY, ForeignKey("commitments.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("rules", Text, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("withdrawn", BigInteger),
)
# A fact may be withdrawn and stand again later: a row per standing, one of them current. The id is
# that of the commitment, the instant and both assessments. Each index more that a step writes to is
# a page more for every commitment that it touches, and nearly all rows stand: they have one.
Index(
    "uq_transitions_standing",
    transitions.c.commitment,
    transitions.c.at,
    transitions.c.id,
    unique=True,
    sqlite_where=transitions.c.withdrawn.is_(None),
    postgresql_where=transitions.c.withdrawn.is_(None),
)
Index(
    "ix_transitions_withdrawn",
    transitions.c.commitment,
    transitions.c.at,
    sqlite_where=transitions.c.withdrawn.is_not(None),
    postgresql_where=transitions.c.withdrawn.is_not(None),
)

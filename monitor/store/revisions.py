"""Every schema there has been, oldest first: the revisions in `migrations/versions`.

Named apart so that a database that is up to date costs one row to read, and neither Alembic nor the
tables to load.
"""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")

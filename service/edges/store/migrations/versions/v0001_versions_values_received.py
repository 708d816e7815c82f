"""Makes the first tables: versions of resources, what they are found by, bytes as received."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

EXACT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "resource_version",
        sa.Column("sequence", SEQUENCE, primary_key=True, autoincrement=True),
        sa.Column("tenant", EXACT, nullable=False),
        sa.Column("resource_type", EXACT, nullable=False),
        sa.Column("id", EXACT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_updated", sa.BigInteger, nullable=False, comment="milliseconds since 1970 in UTC"),
        sa.Column("response_id", EXACT, nullable=False, comment="the response that the resource belongs to"),
        sa.Column(
            "response_version", sa.Integer, nullable=False, comment="the version of the response it was stored with"
        ),
        sa.Column("digest", EXACT, nullable=False, comment="content digest of a response; empty for all else"),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="JSON of the resource, compressed by zlib"),
        sa.UniqueConstraint("tenant", "resource_type", "id", "version", name="one_row_per_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("by_arrival", "resource_version", ["tenant", "resource_type", "sequence"])
    op.create_index("by_last_updated", "resource_version", ["tenant", "resource_type", "last_updated", "sequence"])
    op.create_index("by_response", "resource_version", ["tenant", "response_id", "response_version"])
    op.create_table(
        "search_value",
        sa.Column("sequence", SEQUENCE, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("family", sa.BigInteger, nullable=False, comment="tenant, resource type and parameter, as a number"),
        sa.Column("value", EXACT, nullable=False, comment="the value; of a date, its first instant"),
        sa.Column("system", EXACT, nullable=False),
        sa.Column("high", EXACT, nullable=False, comment="the last instant of a date; empty for all else"),
        sqlite_with_rowid=False,
    )
    op.create_index("by_value", "search_value", ["family", "value", "sequence", "system"])
    is_date = sa.text("high <> ''")
    op.create_index(
        "by_high", "search_value", ["family", "high", "sequence"], sqlite_where=is_date, postgresql_where=is_date
    )
    op.create_table(
        "received",
        sa.Column("tenant", EXACT, primary_key=True),
        sa.Column("response_id", EXACT, primary_key=True),
        sa.Column("response_version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", EXACT, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="the bytes as received, compressed by zlib"),
    )

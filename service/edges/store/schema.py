"""The tables of the store; rows are added, and never changed: what is current is the row no later one replaces."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects import postgresql

LATEST_REVISION = "0001"

ExactText = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text that both databases compare byte by byte: an order of a language would make pages differ between them."""
Sequence = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column of this very type; it holds 64 bits there as well."""

IS_DATE = "high <> ''"

METADATA = MetaData()

VERSION = Table(
    "resource_version",
    METADATA,
    Column("sequence", Sequence, primary_key=True, autoincrement=True),
    Column("tenant", ExactText, nullable=False),
    Column("resource_type", ExactText, nullable=False),
    Column("id", ExactText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("last_updated", BigInteger, nullable=False, comment="milliseconds since 1970 in UTC"),
    Column("response_id", ExactText, nullable=False, comment="the response that the resource belongs to"),
    Column("response_version", Integer, nullable=False, comment="the version of the response it was stored with"),
    Column("digest", ExactText, nullable=False, comment="content digest of a response; empty for all else"),
    Column("content", LargeBinary, nullable=False, comment="JSON of the resource, compressed by zlib"),
    UniqueConstraint("tenant", "resource_type", "id", "version", name="one_row_per_version"),
    Index("by_arrival", "tenant", "resource_type", "sequence"),
    Index("by_last_updated", "tenant", "resource_type", "last_updated", "sequence"),
    Index("by_response", "tenant", "response_id", "response_version"),
    sqlite_autoincrement=True,
)

VALUE = Table(
    "search_value",
    METADATA,
    Column("sequence", Sequence, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("family", BigInteger, nullable=False, comment="tenant, resource type and parameter, as a number"),
    Column("value", ExactText, nullable=False, comment="the value; of a date, its first instant"),
    Column("system", ExactText, nullable=False),
    Column("high", ExactText, nullable=False, comment="the last instant of a date; empty for all else"),
    Index("by_value", "family", "value", "sequence", "system"),
    Index("by_high", "family", "high", "sequence", sqlite_where=text(IS_DATE), postgresql_where=text(IS_DATE)),
    sqlite_with_rowid=False,
)

RECEIVED = Table(
    "received",
    METADATA,
    Column("tenant", ExactText, primary_key=True),
    Column("response_id", ExactText, primary_key=True),
    Column("response_version", Integer, primary_key=True, autoincrement=False),
    Column("sha256", ExactText, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the bytes as received, compressed by zlib"),
)

TABLES = (VERSION, VALUE, RECEIVED)

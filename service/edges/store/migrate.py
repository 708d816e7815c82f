"""Brings the tables to the revision of this version, and tells where they stand; it knows nothing of what they hold."""

from sqlalchemy import Connection, Engine, inspect, text

from service.edges.store.schema import LATEST_REVISION

ONE_UPGRADE_AT_A_TIME = 7_405_316_002
"""The number of PostgreSQL's advisory lock under which upgrades run; any number serves that nobody else uses."""


def revision_of(connection: Connection) -> str:
    """Name the revision that the database is at; empty where it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def is_current(engine: Engine) -> bool:
    """Tell whether the database is at the revision of this version."""
    with engine.connect() as connection:
        return revision_of(connection) == LATEST_REVISION


def upgrade(engine: Engine) -> None:
    """Bring the database to the revision of this version, in one transaction; several at once wait for each other."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_UPGRADE_AT_A_TIME})
        if revision_of(connection) == LATEST_REVISION:
            return
        # Imported here: a server whose store is up to date starts without it.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", "service.edges.store:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

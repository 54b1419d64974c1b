"""Bring the schema of a store up to date."""

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from wait_log.tables import metadata

HEAD = "0001"
"""The newest step."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Create or upgrade the tables within the connection's transaction.

    Only a store of an older version needs Alembic, which takes 0.2 s and 10 MB to load.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        _create(connection)
    elif _version(connection, tables) != HEAD:
        migrate(connection)


def migrate(connection: Connection) -> None:
    """Take every step from the tables there are, or none, to the newest."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _create(connection: Connection) -> None:
    """Make a new store at once; tests hold it to what the steps lead to."""
    metadata.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _version(connection: Connection, tables: list[str]) -> str | None:
    if "alembic_version" not in tables:
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version

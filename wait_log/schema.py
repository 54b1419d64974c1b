"""Bring the schema of a store up to date."""

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0001"
"""The newest step; a store already there starts without loading Alembic."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Create or upgrade the tables within the connection's transaction."""
    if _current(connection) == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - 0.2 s and 10 MB that most starts do not need
    from alembic.config import Config  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version

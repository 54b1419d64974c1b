"""Bring the schema of a store up to date."""

import logging
import re
from pathlib import Path

from sqlalchemy import Connection, Table, create_engine, inspect, text
from sqlalchemy.pool import StaticPool

from wait_log.dialects import one_creates
from wait_log.errors import StoreError
from wait_log.tables import metadata

HEAD = "0002"
"""The newest step."""

ADDED = {"0002": frozenset({"appointment", "appointment_by_day", "appointment_by_code"})}
"""The tables and indexes that each step after the first has added."""
_STEP = re.compile(r"\d{4}", re.ASCII)
_MIGRATIONS = Path(__file__).parent / "migrations"
_DEFINED = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"


def upgrade(connection: Connection) -> None:
    """Create or upgrade the tables within the connection's transaction.

    Only a store of an older version needs Alembic, which takes 0.2 s and 10 MB to load. One of a
    newer version is written as it is: steps only add, so that a release can be gone back to.
    """
    one_creates(connection)
    if not inspect(connection).get_table_names():
        create(connection)
    elif (found := version(connection)) != HEAD and not _newer(found):
        migrate(connection)


def version(connection: Connection) -> str | None:
    """Return the step at which the tables are, None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def create(connection: Connection) -> None:
    """Make a new store's tables at once; tests hold them to what the steps lead to."""
    metadata.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def migrate(connection: Connection) -> None:
    """Take every step from the tables there are, or none, to the newest; raises StoreError."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError("the store is of another version of this program; use that") from error


def differences(connection: Connection) -> list[str]:
    """Return the tables and indexes of a SQLite store that are not what this version makes."""
    present = version(connection)
    if connection.dialect.name != "sqlite" or _newer(present):
        return []
    added = {name for step, names in ADDED.items() if step > (present or "") for name in names}
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as fresh:
        create(fresh)
        wanted = _definitions(fresh)
    engine.dispose()
    found = _definitions(connection)
    return sorted({name for name, _ in wanted.items() ^ found.items()} - added)


def present_tables(connection: Connection) -> list[Table]:
    """Return which tables a store has: one that an older version left lacks the newest."""
    there = set(inspect(connection).get_table_names())
    return [table for table in metadata.sorted_tables if table.name in there]


def _newer(found: str | None) -> bool:
    """Return whether this is a step that a later version has made."""
    return found is not None and _STEP.fullmatch(found) is not None and found > HEAD


def _definitions(connection: Connection) -> dict[str, str]:
    """Return the text of every table and index, without white space and quotes."""
    rows = connection.exec_driver_sql(_DEFINED).all()
    return {str(name): "".join(str(sql).replace('"', "").split()) for name, sql in rows}

"""What a backup takes of `accounts.db`: the staff's work in the open, their identity sealed."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from config.durable import replace_privately
from hall.words import N_
from provisioning.backup.errors import BackupError
from provisioning.backup.recovery import RECOVERY_FILE
from provisioning.layout import AUTHORITY, BROKER
from provisioning.site_db import FILE_NAME, open_site_db

WORK_TABLES = (
    "ratings",
    "report_drafts",
    "report_settings",
    "day_sheets",
    "procedures",
    "audit",
)
"""Copied into the open; of the settings of reports all but the mail server's password."""
IDENTITY_TABLES = (
    "accounts",
    "tokens",
    "webhooks",
    "tablets",
    "boxes",
    "box_devices",
    "site_devices",
    "settings_drafts",
    "procedure_drafts",
    "report_settings",
)
"""Who people and machines are; what belongs to an account goes with it."""
_FOLDERS = (AUTHORITY, BROKER)
_MOST_FILE_BYTES = 1_000_000


class _Table(msgspec.Struct, frozen=True):
    columns: list[str]
    rows: list[list[Any]]


class _Identity(msgspec.Struct, frozen=True):
    tables: dict[str, _Table]
    files: dict[str, bytes]
    """Path within the data directory to content."""


_identity_decoder = msgspec.msgpack.Decoder(_Identity)


def copy_work(accounts: Path, target: Path) -> dict[str, int]:
    """Copy the staff's work into the new file `target`; return the rows of each table."""
    with closing(_connect(target, new=True)) as copy:
        counted: dict[str, int] = {}
        if accounts.is_file():
            copy.execute("ATTACH ? AS original", (f"{accounts.resolve().as_uri()}?mode=ro",))
            copy.execute("BEGIN")
            for name in WORK_TABLES:
                defined = copy.execute(
                    "SELECT sql FROM original.sqlite_master WHERE type = 'table' AND name = ?",
                    (name,),
                ).fetchone()
                if defined:
                    copy.execute(defined[0])
                    counted[name] = _copy_open(copy, name)
            copy.execute("COMMIT")
        return counted


def _copy_open(copy: sqlite3.Connection, name: str) -> int:
    if name != "report_settings":
        return copy.execute(f"INSERT INTO {name} SELECT * FROM original.{name}").rowcount  # noqa: S608
    columns = _columns(copy, "original", name)
    rows = copy.execute(f"SELECT {', '.join(columns)} FROM original.{name}").fetchall()  # noqa: S608
    place = columns.index("body")
    plain = [(*row[:place], _without_password(row[place]), *row[place + 1 :]) for row in rows]
    places = ", ".join("?" for _ in columns)
    return copy.executemany(f"INSERT INTO {name} VALUES ({places})", plain).rowcount  # noqa: S608


def _without_password(body: bytes) -> bytes:
    """Return settings of reports without what opens a mail server; none when they are no JSON."""
    try:
        settings = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return b"{}"
    for part in (settings, *settings.values()) if isinstance(settings, dict) else ():
        if isinstance(part, dict):
            part.pop("password", None)
    return msgspec.json.encode(settings)


def put_work_back(work: Path, data: Path) -> None:
    """Put the staff's work into the `accounts.db` of `data`, made when it is not there."""
    open_site_db(data / FILE_NAME).close()
    with closing(_connect(data / FILE_NAME)) as db:
        db.execute("ATTACH ? AS copy", (f"{work.resolve().as_uri()}?mode=ro",))
        db.execute("BEGIN IMMEDIATE")
        for name in WORK_TABLES:
            columns = _columns(db, "copy", name)
            if columns:
                known = [column for column in columns if column in _columns(db, "main", name)]
                named = ", ".join(known)
                db.execute(f"DELETE FROM main.{name}")  # noqa: S608
                db.execute(f"INSERT INTO main.{name} ({named}) SELECT {named} FROM copy.{name}")  # noqa: S608
        db.execute("COMMIT")


def goes_on_from(accounts: Path, work: Path) -> bool:
    """Return whether an `accounts.db` is whole and holds what the backup last knew.

    One that was made by a new installation does not: what the staff did is in the backup alone.
    """
    newest = "SELECT serial, at_us, action FROM audit ORDER BY serial DESC LIMIT 1"
    if not (accounts.is_file() and work.is_file()):
        return accounts.is_file()
    try:
        with closing(_connect(accounts)) as db, closing(_connect(work, read_only=True)) as copy:
            if not _columns(copy, "main", "audit"):
                return True
            known = copy.execute(newest).fetchone()
            same = "SELECT 1 FROM audit WHERE serial = ? AND at_us = ? AND action = ?"
            return known is None or db.execute(same, known).fetchone() is not None
    except sqlite3.Error:
        return False


def has_accounts(data: Path) -> bool:
    """Return whether anybody can log in."""
    with closing(_connect(data / FILE_NAME, read_only=True)) as db:
        return db.execute("SELECT 1 FROM accounts LIMIT 1").fetchone() is not None


def take_over(old: Path, target: Path) -> bool:
    """Copy a whole `accounts.db` as it is; return whether it could be read to its end."""
    if not old.is_file():
        return False
    try:
        with closing(_connect(old)) as db, closing(_connect(target, new=True)) as copy:
            if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("damaged")
            db.backup(copy)
    except sqlite3.Error:
        target.unlink(missing_ok=True)
        return False
    return True


def read_identity(data: Path) -> bytes:
    """Return accounts of people and machines, the authority and the broker's accounts."""
    tables: dict[str, _Table] = {}
    if (data / FILE_NAME).is_file():
        with closing(_connect(data / FILE_NAME, read_only=True)) as db:
            db.execute("BEGIN")
            for name in IDENTITY_TABLES:
                columns = _columns(db, "main", name)
                if columns:
                    rows = db.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()  # noqa: S608
                    tables[name] = _Table(columns, [list(row) for row in rows])
    found = (path for folder in _FOLDERS for path in sorted((data / folder).rglob("*")))
    files = {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in (*found, data / RECOVERY_FILE)
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST_FILE_BYTES
    }
    return msgspec.msgpack.encode(_Identity(tables, files))


def put_identity_back(content: bytes, data: Path) -> None:
    """Put `read_identity`'s accounts and files into `data`; raises BackupError."""
    try:
        identity = _identity_decoder.decode(content)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BackupError(N_("Tệp tài khoản trong bản sao lưu không đúng dạng.")) from error
    open_site_db(data / FILE_NAME).close()
    with closing(_connect(data / FILE_NAME)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("BEGIN IMMEDIATE")
        for name in IDENTITY_TABLES:
            if name in identity.tables:
                _fill(db, name, identity.tables[name])
        db.execute("COMMIT")
    for name, file in identity.files.items():
        path = data / name
        if path.resolve().is_relative_to(data.resolve()):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_privately(path, file)


def _fill(db: sqlite3.Connection, name: str, table: _Table) -> None:
    known = _columns(db, "main", name)
    kept = [index for index, column in enumerate(table.columns) if column in known]
    if not kept:
        return
    named = ", ".join(table.columns[index] for index in kept)
    places = ", ".join("?" for _ in kept)
    db.execute(f"DELETE FROM {name}")  # noqa: S608
    rows: Sequence[Sequence[object]] = [[row[index] for index in kept] for row in table.rows]
    db.executemany(f"INSERT INTO {name} ({named}) VALUES ({places})", rows)  # noqa: S608


def _columns(db: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"PRAGMA {schema}.table_info({table})")]


def _connect(path: Path, *, new: bool = False, read_only: bool = False) -> sqlite3.Connection:
    if new:
        path.touch(mode=0o600, exist_ok=False)
    mode = "ro" if read_only else "rw"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5.0)
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection

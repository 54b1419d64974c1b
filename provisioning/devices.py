"""Boxes: the machines of a site, each with an account at the broker for every device it is.

One password per box, of which only the digest is kept; it lasts until the box is revoked or
another takes its devices over.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hall.words import N_
from provisioning.errors import AccountError
from provisioning.site_db import SiteDb, from_us

SERVER_BOX = "server"
"""The box that has the broker: its own processes have accounts like any others."""
SCREENS_BOX = "server-screens"
"""The same machine's kiosk, boards and voice, where it does all; another user's processes."""
LONGEST_BOX_NAME = 60
MOST_BOXES = 200
_MOST_KEPT_ENDED = 50
_ROUNDS = 101
"""Mosquitto's own; the password has 256 bits, which no number of rounds has to protect."""
_SALT_BYTES, _DIGEST_BYTES = 12, 64
_TOLD_EVERY_US = 30 * 1_000_000


@dataclass(frozen=True, slots=True)
class Box:
    """A machine that was paired, now or once."""

    id: str
    name: str
    devices: tuple[str, ...]
    paired_at: datetime
    paired_by: str
    paired_from: str
    ended_at: datetime | None = None
    ended_by: str = ""
    """Who revoked it; empty where another box took its devices over."""
    seen_at: datetime | None = None
    seen_from: str = ""
    copied_at: datetime | None = None
    """When its account was last used from two addresses at once."""
    copied_from: str = ""

    @property
    def active(self) -> bool:
        """Return whether its account is good."""
        return self.ended_at is None


class Boxes:
    """The boxes of a site. Blocking; raises SiteDbError, and AccountError for what may not be."""

    def __init__(self, db: SiteDb) -> None:
        self.db = db

    def list(self) -> list[Box]:
        """Return every box, the active ones by name, then those that ended, the newest first."""
        rows = self.db.read(
            "SELECT * FROM boxes ORDER BY ended_us IS NOT NULL, ended_us DESC, name, id"
        )
        return [_box(row) for row in rows]

    def pair(
        self, name: str, devices: Sequence[str], *, by: str, address: str, box: str = ""
    ) -> tuple[str, str]:
        """Give a machine the accounts of `devices`; return the box's id and its new password.

        Whichever box had one of these devices loses it, and ends where it has no other.
        """
        box = box or secrets.token_hex(4)
        name = " ".join(name.split())[:LONGEST_BOX_NAME]
        password = secrets.token_urlsafe(32)
        with self.db.write() as connection:
            known = connection.execute("SELECT count(*) FROM box_devices").fetchone()[0]
            if known >= MOST_BOXES:
                raise AccountError("devices", N_("Đã ghép quá nhiều máy."))
            connection.execute("DELETE FROM box_devices WHERE box = ?", (box,))
            connection.execute("DELETE FROM boxes WHERE id = ?", (box,))
            connection.execute(
                "INSERT INTO boxes (id, name, devices, secret, paired_us, paired_by, paired_from)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    box,
                    name,
                    json.dumps(list(devices)),
                    password_digest(password),
                    self.db.now_us(),
                    by,
                    address,
                ),
            )
            connection.executemany(
                "INSERT INTO box_devices (device, box) VALUES (?, ?)"
                " ON CONFLICT (device) DO UPDATE SET box = excluded.box",
                [(device, box) for device in devices],
            )
            _end_those_without_devices(connection, self.db.now_us())
            detail = f"{box} {name}: {', '.join(devices)}"
            self.db.audit_within(connection, by, address, "box_paired", detail)
        return box, password

    def revoke(self, box: str, *, by: str, address: str) -> Box:
        """End the account of a box that is not the server itself; raises AccountError."""
        with self.db.write() as connection:
            row = connection.execute(
                "UPDATE boxes SET ended_us = ?, ended_by = ?, secret = '', copied_us = NULL"
                " WHERE id = ? AND id NOT IN (?, ?) AND ended_us IS NULL RETURNING *",
                (self.db.now_us(), by, box, SERVER_BOX, SCREENS_BOX),
            ).fetchone()
            if row is None:
                raise AccountError("box", N_("Máy này không còn được ghép."))
            connection.execute("DELETE FROM box_devices WHERE box = ?", (box,))
            ended = _box(row)
            detail = f"{box} {ended.name}: {', '.join(ended.devices)}"
            self.db.audit_within(connection, by, address, "box_revoked", detail)
        return ended

    def of_devices(self) -> dict[str, str]:
        """Return the box of every device that has an account."""
        rows = self.db.read("SELECT device, box FROM box_devices")
        return {row["device"]: row["box"] for row in rows}

    def digests(self) -> dict[str, str]:
        """Return what the broker compares a device's password with, for each that has one."""
        rows = self.db.read(
            "SELECT device, secret FROM box_devices JOIN boxes ON boxes.id = box"
            " WHERE ended_us IS NULL ORDER BY device"
        )
        return {row["device"]: row["secret"] for row in rows}

    def barred(self) -> frozenset[str]:
        """Return the devices whose box was revoked and that no other box has become yet."""
        rows = self.db.read("SELECT devices FROM boxes WHERE ended_us IS NOT NULL")
        once = {device for row in rows for device in json.loads(row["devices"])}
        return frozenset(once - self.of_devices().keys())

    def has_password(self, box: str, password: str) -> bool:
        """Return whether `password` is the one of an active box."""
        query = "SELECT secret FROM boxes WHERE id = ? AND ended_us IS NULL"
        rows = self.db.read(query, (box,))
        return bool(rows) and fits(password, rows[0]["secret"])

    def note_seen(self, sightings: Mapping[str, str]) -> None:
        """Note that boxes (id to address) are there now; written down twice a minute."""
        at_us = self.db.now_us()
        with self.db.write() as connection:
            connection.executemany(
                "UPDATE boxes SET seen_us = ?, seen_from = ? WHERE id = ?"
                " AND (seen_us IS NULL OR abs(? - seen_us) > ? OR seen_from <> ?)",
                [
                    (at_us, address, box, at_us, _TOLD_EVERY_US, address)
                    for box, address in sightings.items()
                ],
            )

    def note_copied(self, box: str, addresses: Iterable[str]) -> None:
        """Note that one account was used from several addresses at once: audited once each."""
        seen, at_us = ", ".join(sorted(addresses)), self.db.now_us()
        query = "SELECT copied_from, copied_us FROM boxes WHERE id = ? AND ended_us IS NULL"
        for before in self.db.read(query, (box,)):
            known = before["copied_from"] == seen
            if known and abs(at_us - (before["copied_us"] or 0)) < _TOLD_EVERY_US:
                continue
            with self.db.write() as connection:
                connection.execute(
                    "UPDATE boxes SET copied_us = ?, copied_from = ? WHERE id = ?",
                    (at_us, seen, box),
                )
                if not known:
                    self.db.audit_within(connection, "", "", "box_copied", f"{box}: {seen}")

    def forget_copy(self, box: str, *, by: str, address: str) -> None:
        """Take a warning of a copy back: somebody has looked into it."""
        with self.db.write() as connection:
            forgotten = connection.execute(
                "UPDATE boxes SET copied_us = NULL, copied_from = '' WHERE id = ?"
                " AND copied_us IS NOT NULL RETURNING copied_from",
                (box,),
            ).fetchall()
            if forgotten:
                self.db.audit_within(connection, by, address, "box_checked", box)

    def site_devices(self) -> dict[str, str]:
        """Return every device that the configuration names, with its role."""
        rows = self.db.read("SELECT device, role FROM site_devices ORDER BY device")
        return {row["device"]: row["role"] for row in rows}

    def set_site_devices(self, roles: Mapping[str, str]) -> bool:
        """Keep the devices of a new configuration; return whether they are others than before."""
        if self.site_devices() == dict(roles):
            return False
        with self.db.write() as connection:
            connection.execute("DELETE FROM site_devices")
            connection.executemany(
                "INSERT INTO site_devices (device, role) VALUES (?, ?)", list(roles.items())
            )
        return True


def password_digest(password: str, salt: bytes | None = None) -> str:
    """Return a password as Mosquitto keeps it: PBKDF2 with SHA-512, form 7."""
    salt = secrets.token_bytes(_SALT_BYTES) if salt is None else salt
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, _DIGEST_BYTES)
    return f"$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def fits(password: str, digest: str) -> bool:
    """Return whether a password is the one of which `digest` was made."""
    try:
        salt = base64.b64decode(digest.split("$")[3])
    except (IndexError, ValueError):
        return False
    return hmac.compare_digest(password_digest(password, salt), digest)


def _end_those_without_devices(connection: sqlite3.Connection, at_us: int) -> None:
    connection.execute(
        "UPDATE boxes SET ended_us = ?, secret = '', copied_us = NULL WHERE ended_us IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM box_devices WHERE box = boxes.id)",
        (at_us,),
    )
    connection.execute(
        "DELETE FROM boxes WHERE ended_us IS NOT NULL AND id NOT IN"
        " (SELECT id FROM boxes WHERE ended_us IS NOT NULL ORDER BY ended_us DESC LIMIT ?)",
        (_MOST_KEPT_ENDED,),
    )


def _box(row: sqlite3.Row) -> Box:
    def at(name: str) -> datetime | None:
        return None if row[name] is None else from_us(row[name])

    return Box(
        id=row["id"],
        name=row["name"],
        devices=tuple(json.loads(row["devices"])),
        paired_at=from_us(row["paired_us"]),
        paired_by=row["paired_by"],
        paired_from=row["paired_from"],
        ended_at=at("ended_us"),
        ended_by=row["ended_by"],
        seen_at=at("seen_us"),
        seen_from=row["seen_from"],
        copied_at=at("copied_us"),
        copied_from=row["copied_from"],
    )

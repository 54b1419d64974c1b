"""Who is connected to the broker, as its log says it: when boxes were seen, and copied identities.

A box is copied when its account is used from two addresses at the same time for longer than the
broker takes to give up a dead connection.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

COPIED_AFTER_S = 10.0
"""Keepalive is 3 s: a connection that nobody holds any more has ended by then."""
HERE = "127.0.0.1"
"""The server itself, by its socket or the loopback interface."""
_LONGEST_LOG = 1_000_000
_MOST_READ = 4_000_000
_CONNECTED = re.compile(
    r"New client connected from (\S*?)(?::\d+)? as (.*) \(p\d+, c\d+, k\d+, u'([^']*)'\)\."
)
_ENDED = re.compile(
    r"(?:Client (.*?) (?:been disconnected|disconnected|closed its connection|has exceeded timeout)"
    r"|Socket error on client (.*?), disconnecting)"
)
_STARTED = re.compile(r"mosquitto version \S+ starting")
_STAMP = re.compile(r"\d+: ")


@dataclass(frozen=True, slots=True)
class _Connection:
    user: str
    address: str
    since: float


class Connections:
    """The connections that are open according to the lines of Mosquitto's log."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._open: dict[str, _Connection] = {}

    def take(self, lines: Iterable[str]) -> None:
        """Follow the log."""
        for line in lines:
            text = _STAMP.sub("", line, count=1)
            if connected := _CONNECTED.fullmatch(text):
                address, client, user = connected.groups()
                here = address in {"", "(null)", "::1"} or address.startswith(("127.", "/"))
                known = HERE if here else address.removeprefix("::ffff:")
                self._open[client] = _Connection(user, known, self._monotonic())
            elif ended := _ENDED.match(text):
                self._open.pop(ended[1] or ended[2], None)
            elif _STARTED.match(text):
                self._open.clear()

    def seen(self, boxes: Mapping[str, str]) -> dict[str, str]:
        """Return the boxes that are connected now, with the newest address of each."""
        found = sorted(self._open.values(), key=lambda connection: connection.since)
        return {boxes[c.user]: c.address for c in found if c.user in boxes}

    def copied(self, boxes: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """Return the boxes whose account is used from several addresses, with these."""
        lasting = self._monotonic() - COPIED_AFTER_S
        addresses: dict[str, set[str]] = {}
        for connection in self._open.values():
            if connection.user in boxes and connection.since <= lasting:
                addresses.setdefault(boxes[connection.user], set()).add(connection.address)
        return {box: frozenset(seen) for box, seen in addresses.items() if len(seen) > 1}


class LogTail:
    """Reads what is new in the broker's log, and keeps the log short."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0
        self._file_id: tuple[int, int] | None = None
        self._rest = b""

    def lines(self) -> list[str]:
        """Return the whole lines that came since the last call; none where there is no log."""
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                same = self._file_id == (status.st_dev, status.st_ino)
                if not same or status.st_size < self._at:
                    self._at, self._rest = 0, b""
                self._file_id = status.st_dev, status.st_ino
                file.seek(self._at)
                news = file.read(_MOST_READ)
            self._at += len(news)
            if self._at > _LONGEST_LOG and len(news) < _MOST_READ:
                os.truncate(self._path, 0)  # Mosquitto appends, wherever the end is
        except OSError:
            return []
        *whole, self._rest = (self._rest + news).split(b"\n")
        return [line.decode(errors="replace") for line in whole]

"""The versions that a centre has had, as the store keeps them."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from bus.typed import read_json
from config import ConfigError, centre_from_wire
from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.rows import ConfigRow
from web.settings.fields import plain


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the centre; `centre` has plain values."""

    number: int
    at: datetime
    centre: dict[str, Any]
    by: str = ""
    """Whose account applied it; empty when it came from the file."""


class _Event(msgspec.Struct):
    class Applied(msgspec.Struct):
        version: int

    event: Applied
    by: str | None = None


class Versions:
    """Reads versions; every call blocks and raises StoreError."""

    def __init__(self, make_reader: Callable[[], Reader]) -> None:
        self._make_reader = make_reader

    def newest(self, number: int | None = None) -> Version | None:
        """Return version `number`, or the newest; None when there is none yet."""
        with closing(self._make_reader()) as reader:
            if not reader.exists():
                return None
            row = reader.newest_config() if number is None else reader.config(number)
        return None if row is None else _version(row, {})

    def last(self, most: int) -> list[Version]:
        """Return the newest versions with whoever made them, the newest first."""
        with closing(self._make_reader()) as reader:
            if not reader.exists():
                return []
            rows = reader.configs(most)
            events = reader.config_events(rows)
        by: dict[int, str] = {}
        for event in events:
            try:
                applied = read_json(event.body or b"", _Event)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            by[applied.event.version] = applied.by or ""
        return [_version(row, by) for row in rows]


def _version(row: ConfigRow, by: dict[int, str]) -> Version:
    try:
        centre = centre_from_wire(msgspec.json.decode(row.body))
    except (ConfigError, msgspec.DecodeError, RecursionError) as error:
        raise StoreError(f"version {row.version} of the configuration: {error}") from error
    at = datetime.fromtimestamp(row.at_us / 1_000_000, UTC)
    return Version(row.version, at, plain(centre), by.get(row.version, ""))

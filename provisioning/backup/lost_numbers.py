"""Which numbers people may hold that a backup does not know: from whatever is still readable.

A kiosk keeps how far it came in files of its own, the old store may still open, and at the worst a
person reads the highest number on a paper.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from bus.typed import read_json
from hall.words import N_
from provisioning.backup.errors import BackupError
from wait_log.errors import StoreError
from wait_log.known_numbers import KnownNumbers
from wait_log.reader import open_reader

KIOSK_FOLDER = "kiosk"
_MOST_BYTES = 4_000_000
T = TypeVar("T")


class _Sealed(msgspec.Struct, frozen=True):
    sha256: str
    content: msgspec.Raw


class _Book(msgspec.Struct, frozen=True):
    highest: dict[str, dict[str, int]] = {}


class _Papers(msgspec.Struct, frozen=True):
    business_day: str = ""
    numbers: dict[str, int] = {}


class _BookMark(msgspec.Struct, frozen=True):
    kiosk: str
    service: str
    highest: int


class _Services(msgspec.Struct, frozen=True):
    business_day: str = ""
    books: list[_BookMark] = []


class _LastKnown(msgspec.Struct, frozen=True):
    services: _Services = _Services()


@dataclass(slots=True)
class Numbers:
    """The highest numbers found, by business day."""

    series: dict[str, dict[str, int]] = field(default_factory=dict)
    books: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    kiosks: set[str] = field(default_factory=set)
    """Whose offline book was found."""
    heard: list[str] = field(default_factory=list)
    """Where something was found."""

    def note(self, day: str, service: str, serial: int) -> None:
        """Take a number of a main series."""
        known = self.series.setdefault(day, {})
        known[service] = max(serial, known.get(service, 0))

    def note_book(self, day: str, kiosk: str, service: str, serial: int) -> None:
        """Take a number of a kiosk's offline book."""
        known = self.books.setdefault(day, {}).setdefault(kiosk, {})
        known[service] = max(serial, known.get(service, 0))

    def newest_day(self) -> str:
        """Return the newest business day of which anything is known; empty for none."""
        return max((*self.series, *self.books), default="")

    def known(self, until: str) -> KnownNumbers:
        """Return what the restored store is told."""
        return KnownNumbers(until=until, series=self.series, books=self.books)


class Numbering(msgspec.Struct, frozen=True):
    """How numbers are read, from the centre of the backup."""

    heads: dict[str, str]
    """Service to what its numbers begin with."""
    digits: int
    books: tuple[tuple[str, int, int], ...] = ()
    """Kiosk, first and last of each offline book."""

    def serial(self, service: str, number: str) -> int:
        """Return the serial of a number as on paper; raises BackupError."""
        head = self.heads.get(service)
        if head is None:
            raise BackupError(
                N_("Không có lĩnh vực {service}; có: {known}."),
                service=service,
                known=", ".join(self.heads),
            )
        digits = number.strip().removeprefix(head)
        if not (digits.isascii() and digits.isdigit() and len(digits) == self.digits):
            raise BackupError(
                N_("{number} không phải số của {service}; số có dạng {example}."),
                number=number[:12],
                service=service,
                example=f"{head}{'0' * (self.digits - 1)}1",
            )
        return int(digits)

    def book_of(self, serial: int) -> str | None:
        """Return the kiosk whose offline book has a serial."""
        for kiosk, first, last in self.books:
            if first <= serial <= last:
                return kiosk
        return None


def read_kiosks(folders: Iterable[Path], numbers: Numbers) -> None:
    """Take what the kiosks of some data directories have kept; files that are torn say nothing."""
    for folder in folders:
        for path in sorted((folder / KIOSK_FOLDER).glob("*.json")):
            device, _, kind = path.name.removesuffix(".json").rpartition(".")
            found = list(_found(path, device, kind))
            if kind == "book" and _unsealed(path, _Book) is not None:
                numbers.kiosks.add(device)
            for day, kiosk, service, serial in found:
                if kiosk is None:
                    numbers.note(day, service, serial)
                else:
                    numbers.note_book(day, kiosk, service, serial)
            if found:
                numbers.heard.append(str(path))


def read_old_store(url: str, site: str, numbering: Numbering, numbers: Numbers) -> int:
    """Take the last days' numbers of an old store that can still be read; return its newest event.

    0 when it cannot be read.
    """
    with suppress(StoreError), open_reader(url, site) as reader:
        if not reader.exists():
            return 0
        newest = reader.newest()
        for day in [row.business_day for row in reader.days()][-2:]:
            for ticket in reader.tickets(day).values():
                digits = ticket.number[-numbering.digits :]
                if not digits.isdecimal():
                    continue
                if ticket.offline_book:
                    numbers.note_book(day, ticket.device, ticket.service, int(digits))
                else:
                    service = _service_of(numbering.heads, ticket.series) or ticket.service
                    numbers.note(day, service, int(digits))
        numbers.heard.append(url)
        return newest.seq if newest else 0
    return 0


def close_unknown_books(day: date, numbering: Numbering, numbers: Numbers) -> None:
    """Take today's offline books for used up whose kiosk's own file was not found."""
    for kiosk, _, last in numbering.books:
        if kiosk not in numbers.kiosks:
            for service in numbering.heads:
                numbers.note_book(day.isoformat(), kiosk, service, last)


def take_typed(typed: Iterable[str], day: date, numbering: Numbering, numbers: Numbers) -> None:
    """Take `SERVICE=NUMBER` as a person read it on paper today; raises BackupError."""
    for text in typed:
        service, _, number = text.partition("=")
        serial = numbering.serial(service.strip(), number)
        kiosk = numbering.book_of(serial)
        if kiosk is None:
            numbers.note(day.isoformat(), service.strip(), serial)
        else:
            numbers.note_book(day.isoformat(), kiosk, service.strip(), serial)


def _found(path: Path, device: str, kind: str) -> Iterator[tuple[str, str | None, str, int]]:
    """Return day, kiosk for a book's number, service and serial of all that a file tells."""
    if kind == "book" and (book := _unsealed(path, _Book)):
        for day, serials in book.highest.items():
            for service, serial in serials.items():
                yield day, device, service, serial
    elif kind == "papers" and (papers := _unsealed(path, _Papers)) and papers.business_day:
        for service, serial in papers.numbers.items():
            yield papers.business_day, None, service, serial
    elif kind == "centre" and (known := _unsealed(path, _LastKnown)):
        for mark in known.services.books:
            yield known.services.business_day, mark.kiosk, mark.service, mark.highest


def _unsealed(path: Path, kind: type[T]) -> T | None:
    with suppress(OSError, ValueError, RecursionError):
        with path.open("rb") as file:
            sealed = read_json(file.read(_MOST_BYTES), _Sealed)
        content = bytes(sealed.content)
        if hashlib.sha256(content).hexdigest() == sealed.sha256:
            return read_json(content, kind)
    return None


def _service_of(heads: Mapping[str, str], series: str) -> str | None:
    return next((service for service, head in heads.items() if head == series), None)

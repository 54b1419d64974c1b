"""The offline book on disk: whole or not at all, and checked when read."""

import contextlib
import hashlib
import logging
from pathlib import Path

import msgspec
from msgspec import Struct

from config.durable import replace_durably
from kiosk.errors import BookError
from kiosk.offline_book import Book

_log = logging.getLogger(__name__)


class _Sealed(Struct, frozen=True):
    sha256: str
    book: msgspec.Raw


class BookFile:
    """Keeps one book in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Book | None:
        """Return the book; None when there is none, or none that can be trusted.

        A torn file is put aside, so that the service restores the book when it answers.
        """
        try:
            return unsealed(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("book not readable file=%s error=%s", self.path, error)
        except BookError as error:
            _log.warning("book not trusted file=%s error=%s", self.path, error)
            with contextlib.suppress(OSError):
                self.path.replace(self.path.with_suffix(".torn"))
        return None

    def write(self, book: Book) -> None:
        """Keep `book`, durably, before this returns; raises BookError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_durably(self.path, sealed(book))
        except OSError as error:
            raise BookError(f"the book cannot be kept in {self.path}: {error.strerror}") from error


def sealed(book: Book) -> bytes:
    """Return the bytes of a book with their checksum."""
    content = msgspec.json.encode(book)
    seal = hashlib.sha256(content).hexdigest()
    return msgspec.json.encode(_Sealed(seal, msgspec.Raw(content)))


def unsealed(stored: bytes) -> Book:
    """Return the book of `sealed` bytes; raises BookError unless every byte is right."""
    try:
        envelope = msgspec.json.decode(stored, type=_Sealed)
        content = bytes(envelope.book)
        if hashlib.sha256(content).hexdigest() != envelope.sha256:
            raise BookError("the checksum differs")
        return msgspec.json.decode(content, type=Book)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BookError(f"not a book: {error}") from error

"""A small file of what a kiosk may not forget: whole or not at all, and checked when read."""

import contextlib
import hashlib
import logging
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from bus.typed import read_json
from config.durable import replace_durably

_log = logging.getLogger(__name__)

T = TypeVar("T")


class _Sealed(Struct, frozen=True):
    sha256: str
    content: msgspec.Raw


class SealedFile(Generic[T]):
    """Keeps one value in one file, with its checksum."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        self.path = path
        self._kind = kind

    def read(self) -> T | None:
        """Return the value; None when there is none, or none that can be trusted.

        A torn file is put aside: what it held comes back from the service, or is lost.
        """
        try:
            return unsealed(self.path.read_bytes(), self._kind)
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("file not readable file=%s error=%s", self.path, error)
        except (ValueError, RecursionError) as error:
            _log.warning("file not trusted file=%s error=%s", self.path, error)
            with contextlib.suppress(OSError):
                self.path.replace(self.path.with_suffix(".torn"))
        return None

    def write(self, value: T) -> None:
        """Keep `value`, durably, before this returns; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(self.path, sealed(value))


def sealed(value: object) -> bytes:
    """Return the bytes of a value with their checksum."""
    content = msgspec.json.encode(value)
    return msgspec.json.encode(_Sealed(hashlib.sha256(content).hexdigest(), msgspec.Raw(content)))


def unsealed(stored: bytes, kind: type[T]) -> T:
    """Return the value of `sealed` bytes; raises ValueError unless every byte is right."""
    envelope = read_json(stored, _Sealed)
    content = bytes(envelope.content)
    if hashlib.sha256(content).hexdigest() != envelope.sha256:
        raise ValueError("the checksum differs")
    return read_json(content, kind)

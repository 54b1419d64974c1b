"""Typed values from JSON, TOML and plain values, for any thread.

msgspec keeps what it knows of a class on the class, and puts it there before it is whole: a
thread that asks for the same class meanwhile reads through a null pointer, and the process ends
by `SIGSEGV`. So the first thread that needs a type makes it known, and all others wait for that.
Decoders that a module makes while it is imported need none of this: no thread runs yet.
"""

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_making = threading.Lock()
_decoders: dict[object, msgspec.json.Decoder[Any]] = {}


def decoder_of(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return the decoder of `kind`, which is made once."""
    with _making:
        if kind not in _decoders:
            _decoders[kind] = msgspec.json.Decoder(kind)
        return _decoders[kind]


def read_json(content: bytes | str, kind: type[T]) -> T:
    """Return `content` as a `kind`; raises msgspec.DecodeError or UnicodeDecodeError."""
    return decoder_of(kind).decode(content)


def read_toml(content: bytes | str, kind: type[T]) -> T:
    """Return `content` as a `kind`; raises msgspec.DecodeError or UnicodeDecodeError."""
    decoder_of(kind)
    return msgspec.toml.decode(content, type=kind)


def convert(value: object, kind: type[T]) -> T:
    """Return the plain `value`, such as a dictionary, as a `kind`; raises ValidationError."""
    decoder_of(kind)
    return msgspec.convert(value, kind)

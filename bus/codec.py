"""Messages to bytes and back: JSON whose instants, texts and sizes have bounds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from bus.typed import decoder_of
from bus.vocabulary import EARLIEST, LATEST

MAX_STATE_BYTES = 65536

M = TypeVar("M", bound=Struct)
D = TypeVar("D")

FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of what stands around them."""
_WHOLE_INSTANT = re.compile(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3})\d*)?Z"')

_encoder = msgspec.json.Encoder()


class MessageError(Exception):
    """A payload is not the message it should be; says where."""


def _wire_name(name: str) -> str:
    return "class" if name == "ticket_class" else name


def snake(name: str) -> str:
    """Return the `kind` of a command or order from the name of its type."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Message(Struct, frozen=True, kw_only=True, rename=_wire_name, omit_defaults=False):
    """The base of every message."""


def encode(message: Struct) -> bytes:
    """Return the JSON of `message`, times with exactly three decimals."""
    return _WHOLE_INSTANT.sub(
        lambda match: b'"%b.%bZ"' % (match[1], match[2] or b"000"), _encoder.encode(message)
    )


def decode(kind: type[M], payload: bytes) -> M:
    """Return `payload` as the state, reply, … `kind`, at most 64 KiB; raises MessageError."""
    message: M = decode_as(decoder_of(kind), payload, MAX_STATE_BYTES)
    return message


def decode_as(decoder: msgspec.json.Decoder[D], payload: bytes, most_bytes: int) -> D:
    """Return what `decoder` makes of `payload`, within all bounds; raises MessageError."""
    if len(payload) > most_bytes:
        raise MessageError(f"at most {most_bytes} bytes are read, got {len(payload)}")
    try:
        message = decoder.decode(payload)
        _check_bounds(message, "$")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MessageError(str(error)) from error
    return message


def plain(message: Struct) -> dict[str, Any]:
    """Return `message` as plain JSON values, such as the `result` of a reply."""
    values: dict[str, Any] = msgspec.json.decode(encode(message))
    return values


def _check_bounds(value: object, path: str) -> None:
    """Refuse instants and texts out of bounds, wherever they stand in a message."""
    match value:
        case str():
            if FORBIDDEN.search(value):
                raise MessageError(f"control characters are not allowed - at {path}")
        case datetime():
            if not EARLIEST <= value < LATEST:
                raise MessageError(f"{value.isoformat()} is not between 2000 and 2100 - at {path}")
        case Struct() | Mapping() | list() | tuple():
            for name, part in _parts(value):
                _check_bounds(part, f"{path}.{name}")
        case _:
            pass


def _parts(
    value: Struct | Mapping[object, object] | Sequence[object],
) -> Iterator[tuple[object, object]]:
    match value:
        case Struct():
            yield from (
                (_wire_name(name), getattr(value, name)) for name in value.__struct_fields__
            )
        case Mapping():
            for key, part in value.items():
                yield "key", key
                yield key, part
        case _:
            yield from enumerate(value)

"""The figures of months whose tickets were forgotten: an event of the log has them."""

import base64
import zlib
from collections.abc import Mapping

import msgspec

from bus.typed import read_json
from wait_log.figures.sheet import Sheet
from wait_log.reader import Reader

KIND = "tickets_forgotten"
"""The event of the log that has a month's figures."""
_FACT = "kept figures "
_MOST_BYTES = 200_000_000
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Sheet)


class _Event(msgspec.Struct, frozen=True):
    sheet: str


class _Fact(msgspec.Struct, frozen=True):
    event: _Event


def fact_of(month: str) -> str:
    """Return under which small fact the event with the figures of a month is named."""
    return f"{_FACT}{month}"


def kept_months(facts: Mapping[str, str]) -> dict[str, int]:
    """Return the months whose figures the log has, each with the event that has them."""
    return {
        name.removeprefix(_FACT): int(seq)
        for name, seq in facts.items()
        if name.startswith(_FACT) and seq.isdecimal()
    }


def packed(sheet: Sheet) -> str:
    """Return a month's figures as its event holds them: no ticket can be told by them."""
    nameless = tuple(msgspec.structs.replace(row, ticket="", number="") for row in sheet.doubtful)
    plain = _encoder.encode(msgspec.structs.replace(sheet, doubtful=nameless))
    return base64.b85encode(zlib.compress(plain, 9)).decode()


def kept_figures(reader: Reader, seq: int) -> Sheet | None:
    """Return the figures that an event of the log holds; None when it holds none."""
    for _, _, body in reader.bodies(seq, seq, (KIND,)):
        try:
            text = read_json(body or b"", _Fact).event.sheet
            unpacked = zlib.decompressobj().decompress(base64.b85decode(text), _MOST_BYTES)
            return _decoder.decode(unpacked)
        except (ValueError, RecursionError, zlib.error):
            return None
    return None

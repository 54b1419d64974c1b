"""Facts as the log stores them: one JSON object each."""

import re
from datetime import date, datetime
from typing import Any, get_args

import msgspec

from queue_service.domain import events
from queue_service.domain.events import Event, Fact
from queue_service.domain.values import CounterNumber, Mark
from queue_service.errors import LogError


class _Stored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    seq: int
    at: datetime
    mono: float
    boot: str
    day: date
    step: int
    kind: str
    cause: str = ""
    device: str = ""
    command: str = ""
    by: str | None = None
    acting: int | None = None
    event: msgspec.Raw


def kind_of(event: Event) -> str:
    """Return the event's name in the log and on the wire, such as `ticket_called`."""
    return event.name if isinstance(event, events.OfLaterVersion) else _KINDS[type(event)]


def encode_fact(fact: Fact) -> bytes:
    """Return the bytes that the log stores."""
    stored = _Stored(
        seq=fact.seq,
        at=fact.at.at,
        mono=fact.at.mono,
        boot=fact.at.boot,
        day=fact.day,
        step=fact.step,
        kind=kind_of(fact.event),
        cause=fact.cause,
        device=fact.device,
        command=fact.command,
        by=fact.by,
        acting=fact.acting,
        event=msgspec.Raw(_encoder.encode(fact.event)),
    )
    return _encoder.encode(stored)


def decode_fact(body: bytes) -> Fact:
    """Return the fact of stored bytes; raises LogError when they are none.

    A kind of event that this version does not know is one of a later version: see `OfLaterVersion`.
    """
    try:
        stored = _decoder.decode(body)
        decoder = _event_decoders.get(stored.kind)
        event: Event = decoder.decode(stored.event) if decoder else _later(stored.kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LogError(f"not an event: {error}") from error
    return Fact(
        seq=stored.seq,
        at=Mark(stored.at, stored.mono, stored.boot),
        day=stored.day,
        step=stored.step,
        event=event,
        cause=stored.cause,
        device=stored.device,
        command=stored.command,
        by=stored.by,
        acting=None if stored.acting is None else CounterNumber(stored.acting),
    )


def _later(kind: str) -> Event:
    if _KIND.fullmatch(kind) is None:
        raise LogError(f"not an event: {kind[:40]!r}")
    return events.OfLaterVersion(kind)


def plain_event(event: Event) -> dict[str, Any]:
    """Return an event's fields as plain JSON values."""
    plain: dict[str, Any] = msgspec.json.decode(_encoder.encode(event))
    return plain


_KIND = re.compile(r"[a-z][a-z_]{2,39}", re.ASCII)
_KINDS: dict[type[Any], str] = {
    kind: re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() for kind in get_args(events.Event)
}
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Stored)
_event_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind)
    for kind, name in _KINDS.items()
    if kind is not events.OfLaterVersion
}

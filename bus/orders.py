"""What the service asks devices to do, and what boards and announcers answer."""

from typing import Annotated

import msgspec
from msgspec import Meta

from bus.care import Manner
from bus.codec import MAX_STATE_BYTES, Message, decode_as, snake
from bus.commands import IssuedTicket
from bus.health import PrinterChoice
from bus.states import Call
from bus.vocabulary import (
    AckOutcome,
    Count,
    Id,
    Instant,
    Language,
    LongText,
    OrderOutcome,
    ShortText,
)


class Acknowledgement(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a board or an announcer did with a call."""

    epoch: Id
    call_seq: Count
    outcome: AckOutcome
    reason: ShortText | None = None
    eta_s: Annotated[float, Meta(ge=0, le=3600)] | None = None


class Order(Message, frozen=True, kw_only=True, tag_field="kind", tag=snake):
    """What the service asks one device to do."""

    id: Id
    at: Instant


class PrintTicket(Order, frozen=True, kw_only=True):
    """Print a ticket, or a marked copy."""

    ticket: IssuedTicket
    copy: bool = False
    manner: Manner | None = None


class PrintTest(Order, frozen=True, kw_only=True):
    """Print a page that says of itself that it is a test, and no number."""


class PrintSlip(Order, frozen=True, kw_only=True):
    """Print the slip of an appointment: its service, time and code, and nobody's name."""

    service: str
    begins: Instant
    code: str
    lang: Language = Language.VIETNAMESE


class UsePrinter(Order, frozen=True, kw_only=True):
    """Print on this printer from now on."""

    printer: PrinterChoice


class Speak(Order, frozen=True, kw_only=True):
    """Speak a free text."""

    text: LongText
    lang: Language = Language.VIETNAMESE
    expires_at: Instant | None = None
    """Past this it is not begun any more."""
    urgent: bool = False
    """An emergency: said before everything else, and in quiet hours too."""


class SpeakCall(Order, frozen=True, kw_only=True):
    """Speak a call in the place of an announcer that does not."""

    epoch: Id
    call: Call


class Blink(Order, frozen=True, kw_only=True):
    """Show where the device is."""

    seconds: Annotated[int, Meta(ge=1, le=60)] = 5


class SetVolume(Order, frozen=True, kw_only=True):
    """Set the loudness, 0 to 1."""

    volume: Annotated[float, Meta(ge=0, le=1)]


class ShowNotice(Order, frozen=True, kw_only=True):
    """Show a line of text."""

    text: LongText
    until: Instant


AnyOrder = (
    PrintTicket
    | PrintTest
    | PrintSlip
    | UsePrinter
    | Speak
    | SpeakCall
    | Blink
    | SetVolume
    | ShowNotice
)


class OrderResult(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an order, as the device itself knows it; of those that somebody waits for."""

    order: Id
    outcome: OrderOutcome
    reason: ShortText | None = None


_decoder: msgspec.json.Decoder[AnyOrder] = msgspec.json.Decoder(AnyOrder)


def decode_order(payload: bytes) -> AnyOrder:
    """Return the order of `payload`; raises MessageError."""
    return decode_as(_decoder, payload, MAX_STATE_BYTES)

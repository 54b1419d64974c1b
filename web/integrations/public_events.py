"""Events of the log as other programs see them: no token, no account, no text that a person typed.

What is passed on is listed here; whatever else an event of the log holds stays in the log.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from wait_log.rows import ChainedEvent

_OF_TICKETS = ("ticket", "number", "service", "ticket_class")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "ticket_issued": (
        *_OF_TICKETS,
        "issued_at",
        "lang",
        "offline_book",
        "clock_suspect",
        "roll_turn",
    ),
    "ticket_delivered": (*_OF_TICKETS, "issued_at", "lang", "clock_suspect"),
    "ticket_called": (*_OF_TICKETS, "counter", "call_seq"),
    "ticket_recalled": (*_OF_TICKETS, "counter", "call_seq", "repeat"),
    "serving_started": (*_OF_TICKETS, "counter"),
    "ticket_finished": (*_OF_TICKETS, "counter", "day_closed", "outcome"),
    "ticket_absent": (*_OF_TICKETS, "counter", "unclear", "by_time"),
    "ticket_parked": (*_OF_TICKETS, "counter"),
    "ticket_transferred": (
        *_OF_TICKETS,
        "counter",
        "to_service",
        "to_counter",
        "back_to",
        "came_back",
        "outcome",
    ),
    "ticket_returned": (*_OF_TICKETS, "to"),
    "class_set": (*_OF_TICKETS, "to_class"),
    "ticket_voided": (*_OF_TICKETS, "day_closed"),
    "step_undone": ("counter", "tickets"),
    "counter_opened": ("counter",),
    "counter_paused": ("counter", "until"),
    "counter_closed": ("counter",),
    "outage_reported": ("system",),
    "outage_ended": ("system", "seconds"),
    "call_announced": ("counter", "call_seq"),
    "call_unannounced": ("counter", "call_seq", "missing", "number"),
    "config_applied": ("version",),
    "day_opened": (),
    "restored": (),
}
KINDS = tuple(_FIELDS)


class PublicEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the log; `data` depends on its `kind`."""

    seq: int
    """Its place in the log, from 1 without a gap; the same event has the same one for ever."""
    at: str
    """When, in UTC."""
    business_day: str
    kind: str
    data: dict[str, Any]

    @property
    def ticket(self) -> str:
        """Return the ticket whose order counts, or nothing."""
        return str(self.data.get("ticket", ""))

    def encoded(self) -> bytes:
        """Return the bytes that are sent and signed."""
        return msgspec.json.encode(self)


class _Stored(msgspec.Struct, frozen=True):
    at: str
    event: dict[str, Any]


_decoder = msgspec.json.Decoder(_Stored)


def public_event(chained: ChainedEvent) -> PublicEvent | None:
    """Return what others may know of an event, None for one that is not theirs or withheld."""
    fields = _FIELDS.get(chained.kind)
    if fields is None or chained.body is None:
        return None
    try:
        stored = _decoder.decode(chained.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return PublicEvent(
        seq=chained.seq,
        at=stored.at,
        business_day=chained.business_day,
        kind=chained.kind,
        data={name: stored.event[name] for name in fields if name in stored.event},
    )

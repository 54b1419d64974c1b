"""What each account did at counters on one day, read from its events; nothing of it is kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from wait_log.reader import Reader
from wait_log.story import day_events

_SERVED = frozenset({"ticket_finished", "ticket_parked", "ticket_transferred"})
"""What ends a service, for now or for good."""


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """One account's day; an empty account is that of windows and keypads, which name nobody."""

    account: str
    served: int
    """How many services it ended."""
    mean_service_s: float | None


class _Stored(msgspec.Struct, frozen=True):
    at: datetime
    kind: str
    step: int = 0
    by: str | None = None
    event: dict[str, Any] = {}


_decoder = msgspec.json.Decoder(_Stored)


def account_figures(reader: Reader, business_day: str) -> list[AccountFigures]:
    """Return the accounts that ended services on a day, by name; what was undone is left out."""
    events = list(_readable(day_events(reader, business_day)))
    undone = {stored.event.get("step") for stored in events if stored.kind == "step_undone"}
    began: dict[str, datetime] = {}
    took: defaultdict[str, list[float]] = defaultdict(list)
    for stored in events:
        ticket = stored.event.get("ticket")
        if stored.step in undone or not isinstance(ticket, str):
            continue
        if stored.kind in {"ticket_called", "serving_started"}:
            began[ticket] = stored.at
        elif stored.kind in _SERVED and ticket in began:
            took[stored.by or ""].append((stored.at - began.pop(ticket)).total_seconds())
    return [_figures(account, spans) for account, spans in sorted(took.items())]


def _figures(account: str, spans: Sequence[float]) -> AccountFigures:
    return AccountFigures(account, len(spans), sum(spans) / len(spans) if spans else None)


def _readable(bodies: Iterable[bytes]) -> Iterator[_Stored]:
    for body in bodies:
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield _decoder.decode(body)

"""What every document is made of, and how its lists are kept short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import msgspec

from bus import states
from bus.vocabulary import MOST_LISTED
from queue_service.care import CareNow
from queue_service.domain.announcing import Promised
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.values import Mark

E = TypeVar("E", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Header:
    """The order of documents: the store's life and the last event in it."""

    epoch: str
    rev: int
    at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """The present: the state, the rules it runs by, and what devices have told."""

    state: State
    rules: Rules
    mark: Mark
    epoch: str = ""
    session: str = ""
    """The service's link."""
    alarms: tuple[states.Alarm, ...] = ()
    offline_kiosks: frozenset[str] = frozenset()
    """Kiosks without a link, which may be giving numbers of their books."""
    day_to_confirm: str | None = None
    shown: frozenset[int] = frozenset()
    """Calls that a board has painted."""
    spoken: frozenset[int] = frozenset()
    """Calls that an announcer has spoken."""
    announced_by: Mapping[str, int] = field(default_factory=dict)
    """The newest call that each device has painted or spoken."""
    promised: Promised = field(default_factory=dict)
    care: CareNow = field(default_factory=CareNow)

    @property
    def now(self) -> datetime:
        """Return the present instant of queue time."""
        return self.mark.at


def newest(entries: Sequence[E], most_bytes: int) -> tuple[E, ...]:
    """Return the last of `entries`: as many as a list may have, and as fit into its bytes.

    Texts that people send have bounds, but fifty of the longest would not fit into a document.
    """
    kept: list[E] = []
    for entry in reversed(entries[-MOST_LISTED:]):
        most_bytes -= len(_encoder.encode(entry))
        if most_bytes < 0:
            break
        kept.append(entry)
    return tuple(reversed(kept))


def outages_of(state: State, most_bytes: int) -> tuple[states.Outage, ...]:
    """Return the systems that are down, those reported last."""
    outages = [states.Outage(system=o.system, since=o.since.at) for o in state.outages]
    return newest(outages, most_bytes)

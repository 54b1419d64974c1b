"""What every document is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bus import states
from queue_service.domain.rules import Rules
from queue_service.domain.state import State


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
    now: datetime
    session: str = ""
    """The service's link."""
    alarms: tuple[states.Alarm, ...] = ()
    shown: frozenset[int] = frozenset()
    """Calls that a board has painted."""
    spoken: frozenset[int] = frozenset()
    """Calls that an announcer has spoken."""
    announced_by: Mapping[str, int] = field(default_factory=dict)
    """The newest call that each device has painted or spoken."""


def outages_of(state: State) -> tuple[states.Outage, ...]:
    """Return the systems that are down."""
    return tuple(states.Outage(system=o.system, since=o.since.at) for o in state.outages)

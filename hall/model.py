"""The hall as one process hears it: the newest states, and whether the service is there."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from bus.session import BEAT_S, Session
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DevicesState,
    DeviceStatus,
    ServicesState,
    StaffState,
)
from config import Centre, ConfigError, centre_from_wire

GRACE_S = 2.0
"""How long link or service may be away, in real seconds, before a board says so."""
SILENCE_S = 3 * BEAT_S
"""After three times unsaid the service is not there, whatever the broker knows: Mosquitto 2.0 may
take 11 s to miss a frozen one."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The link, the service and the numbers; times are real monotonic seconds."""

    heard_at: float
    """When the service was last heard; at first, since when it is awaited."""
    linked: bool = False
    online: bool = False
    """The service was heard as there since the link was lost."""
    confirmed: bool = False
    """The numbers were received since the link was lost."""
    doubtful_since: float | None = 0.0

    @classmethod
    def unknown(cls, at: float) -> "Freshness":
        """Return what is known before anything was heard."""
        return cls(at, doubtful_since=at)

    def with_link(self, at: float, *, up: bool) -> "Freshness":
        """Note that the link came or went: after a loss everything has to be heard again.

        What a broker keeps may arrive just before the word that the link is up.
        """
        online, confirmed = self.online and up, self.confirmed and up
        return _judged(replace(self, linked=up, online=online, confirmed=confirmed), at)

    def with_numbers(self, at: float) -> "Freshness":
        """Note that the numbers have just been received."""
        return _judged(replace(self, confirmed=True), at)

    def with_service(self, at: float, *, online: bool) -> "Freshness":
        """Note that the service says that it is there, or its broker that it is not."""
        return _judged(replace(self, online=online, heard_at=at), at)

    def service_there(self, at: float) -> bool:
        """Return whether whoever sends a command now will be answered, as far as can be known."""
        return self.linked and self.online and at - self.heard_at < SILENCE_S

    def stale(self, at: float, grace_s: float = GRACE_S) -> bool:
        """Return whether the numbers may be old by now."""
        doubtful = self.doubtful_since is not None and at - self.doubtful_since >= grace_s
        return doubtful or at - self.heard_at >= SILENCE_S


def _judged(known: Freshness, at: float) -> Freshness:
    if known.linked and known.confirmed and known.online:
        return replace(known, doubtful_since=None)
    return known if known.doubtful_since is not None else replace(known, doubtful_since=at)


_log = logging.getLogger(__name__)

SERVICE = "service"
_UNTIL_CONFIGURED = ZoneInfo("Asia/Ho_Chi_Minh")

Watcher = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class HallState:
    """All that was heard; None for what was not heard yet."""

    linked: bool = False
    service_there: bool = False
    """Decided by its beat: see `hall.model`."""
    centre: Centre | None = None
    config: ConfigState | None = None
    """What `centre` was read from."""
    board: BoardState | None = None
    services: ServicesState | None = None
    counters: Mapping[int, CounterState] = field(default_factory=dict)
    current: frozenset[str] = frozenset()
    """What was heard since the link was lost: `board`, `services`, `counters/3`, …"""
    devices: Mapping[str, DeviceStatus] = field(default_factory=dict)
    """As heard since the link was lost."""
    orders: DevicesState | None = None
    """What devices were told to do."""
    staff: StaffState | None = None
    """What goes on between the people of the house."""

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the centre."""
        return self.centre.identity.zone if self.centre else _UNTIL_CONFIGURED

    def counter_there(self, number: int) -> bool:
        """Return whether the truth about a counter is known now."""
        return self.service_there and f"counters/{number}" in self.current


class Hall:
    """Keeps the newest `HallState`; used on its session's owner's thread.

    The state is a frozen value, so other threads may read it. Configuration and the service's
    status are always followed; say what else before the session starts.
    """

    def __init__(self, session: Session, grace_s: float = GRACE_S) -> None:
        """Hear what `session` hears; boards show numbers `grace_s` longer than they are proven."""
        self.state = HallState()
        self.last_heard: dict[str, datetime] = {}
        """When each device last said anything of itself, in service time; no news by itself."""
        self._session = session
        self._real = session.real
        self._grace_s = grace_s
        self._freshness = Freshness.unknown(session.real())
        self._watchers: list[Watcher] = []
        self._devices: tuple[str, ...] | None = ()
        self._counters: tuple[int, ...] | None = ()
        session.on_link(self._take_link)
        session.follow_config(self._take_config)
        self._follow()

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher` with the name of each part of the state that has just changed.

        Names: `link`, `service`, `centre`, `board`, `services`, `counters`, `devices`, `orders`,
        `staff`.
        """
        self._watchers.append(watcher)

    def follow_board(self) -> None:
        """Hear the state of the boards."""
        self._session.follow_board(self._take_board)

    def follow_services(self) -> None:
        """Hear the state of the services."""
        self._session.follow_services(self._take_services)

    def follow_counters(self, numbers: Iterable[int] | None = None) -> None:
        """Hear these counters, or all that the newest configuration has."""
        self._counters = None if numbers is None else tuple(numbers)
        self._follow()

    def follow_devices(self, devices: Iterable[str] | None = None) -> None:
        """Hear the status of these devices, or of all that the newest configuration has."""
        self._devices = None if devices is None else tuple(devices)
        self._follow()

    def follow_orders(self) -> None:
        """Hear what devices were told to do, and what became of it."""
        self._session.follow_device_orders(self._take_orders)

    def follow_staff(self) -> None:
        """Hear what goes on between the people of the house."""
        self._session.follow_staff(self._take_staff)

    @property
    def stale(self) -> bool:
        """Return whether the boards' numbers may be old by now."""
        return self._freshness.stale(self._real(), self._grace_s)

    def look(self) -> None:
        """Note what time alone has changed: whether the service is still there."""
        there = self._freshness.service_there(self._real())
        if there != self.state.service_there:
            _log.info("service %s device=%s", "heard" if there else "lost", self._session.device)
            self._set("service", service_there=there)

    def _follow(self) -> None:
        centre = self.state.centre
        devices, counters = self._devices, self._counters
        if devices is None:
            devices = tuple(device.id for device in centre.devices) if centre else ()
        if counters is None:
            counters = tuple(counter.number for counter in centre.counters) if centre else ()
        self._session.follow_devices((SERVICE, *devices), self._take_status)
        self._session.follow_counters(counters, self._take_counter)

    def _set(self, name: str, **changes: Any) -> None:  # noqa: ANN401 - fields of the state
        self.state = replace(self.state, **changes)
        for watcher in self._watchers:
            watcher(name)

    def _heard(self, name: str) -> frozenset[str]:
        return self.state.current | {name}

    def _take_link(self, up: bool) -> None:
        self._freshness = self._freshness.with_link(self._real(), up=up)
        self._set("link", linked=up, **({} if up else {"current": frozenset(), "devices": {}}))
        self.look()

    def _take_config(self, state: ConfigState) -> None:
        try:
            centre = centre_from_wire(state.centre)
        except ConfigError as error:
            _log.warning("configuration dropped version=%s error=%s", state.version, error)
            return
        gone = self.state.counters.keys() - {counter.number for counter in centre.counters}
        self._set(
            "centre",
            centre=centre,
            config=state,
            counters={n: kept for n, kept in self.state.counters.items() if n not in gone},
            current=self._heard("centre") - {f"counters/{number}" for number in gone},
        )
        self._follow()

    def _take_board(self, state: BoardState) -> None:
        self._freshness = self._freshness.with_numbers(self._real())
        self._set("board", board=state, current=self._heard("board"))

    def _take_services(self, state: ServicesState) -> None:
        self._set("services", services=state, current=self._heard("services"))

    def _take_counter(self, state: CounterState) -> None:
        counters = {**self.state.counters, state.counter: state}
        name = f"counters/{state.counter}"
        self._set("counters", counters=counters, current=self._heard(name))

    def _take_orders(self, state: DevicesState) -> None:
        self._set("orders", orders=state, current=self._heard("orders"))

    def _take_staff(self, state: StaffState) -> None:
        self._set("staff", staff=state, current=self._heard("staff"))

    def _take_status(self, device: str, status: DeviceStatus) -> None:
        """Take how a device is; a beat alone is no news for anyone but the freshness."""
        if device == SERVICE:
            self._freshness = self._freshness.with_service(self._real(), online=status.online)
            self.look()
        self.last_heard[device] = status.at
        known = self.state.devices.get(device)
        if known is None or structs.replace(known, at=status.at) != status:
            self._set("devices", devices={**self.state.devices, device: status})

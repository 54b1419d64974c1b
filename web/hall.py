"""The newest states of the hall, as the bus tells them."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from bus.session import Session
from bus.states import BoardState, ConfigState, CounterState, DeviceStatus, ServicesState
from config import Centre, ConfigError, centre_from_wire

_log = logging.getLogger(__name__)

_SERVICE = "service"
_UNTIL_CONFIGURED = ZoneInfo("Asia/Ho_Chi_Minh")

Post = Callable[..., None]
"""Runs a function with its arguments on the thread that owns the hall."""


@dataclass(frozen=True, slots=True)
class HallState:
    """All that was heard; None for what was not heard yet."""

    linked: bool = False
    centre: Centre | None = None
    board: BoardState | None = None
    services: ServicesState | None = None
    counters: Mapping[int, CounterState] = field(default_factory=dict)
    devices: Mapping[str, DeviceStatus] = field(default_factory=dict)

    @property
    def service_online(self) -> bool:
        """Return whether the queue's service is there, as far as this process can know."""
        status = self.devices.get(_SERVICE)
        return self.linked and status is not None and status.online

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the centre."""
        return self.centre.identity.zone if self.centre else _UNTIL_CONFIGURED


class Hall:
    """Keeps the newest `HallState`; used on the event loop's thread only."""

    def __init__(self) -> None:
        self.state = HallState()
        self.revision = 0
        self._changed = asyncio.Event()
        self._link: Session | None = None
        self._post: Post = _nowhere
        self._watchers: list[Callable[[str], None]] = []

    def watch(self, watcher: Callable[[str], None]) -> None:
        """Call `watcher` with the name of each part of the state that was just heard."""
        self._watchers.append(watcher)

    def follow(self, link: Session, post: Post) -> None:
        """Take all that `link` hears, by way of `post`; call before the link starts."""
        self._link, self._post = link, post
        link.bus.on_link(lambda up: post(self._set, "linked", up))
        link.follow_config(lambda state: post(self._take_config, state))
        link.follow_board(lambda state: post(self._set, "board", state))
        link.follow_services(lambda state: post(self._set, "services", state))
        link.follow_devices([_SERVICE], self._post_status)

    async def changed_since(self, revision: int) -> None:
        """Return when the state is newer than `revision`."""
        while self.revision == revision:
            await self._changed.wait()

    def _set(self, name: str, value: Any) -> None:  # noqa: ANN401 - one field of the state
        self.state = replace(self.state, **{name: value})
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()
        for watcher in self._watchers:
            watcher(name)

    def _take_config(self, state: ConfigState) -> None:
        try:
            centre = centre_from_wire(state.centre)
        except ConfigError as error:
            _log.warning("configuration dropped version=%s error=%s", state.version, error)
        else:
            self._set("centre", centre)
            self._follow_all(centre)

    def _follow_all(self, centre: Centre) -> None:
        """Hear of what the configuration names, by exact topics."""
        if self._link:
            self._link.follow_counters([c.number for c in centre.counters], self._post_counter)
            known = [device.id for device in centre.devices]
            self._link.follow_devices([_SERVICE, *known], self._post_status)

    def _post_counter(self, state: CounterState) -> None:
        self._post(self._take_counter, state)

    def _post_status(self, device: str, status: DeviceStatus) -> None:
        self._post(self._take_status, device, status)

    def _take_counter(self, state: CounterState) -> None:
        self._set("counters", {**self.state.counters, state.counter: state})

    def _take_status(self, device: str, status: DeviceStatus) -> None:
        self._set("devices", {**self.state.devices, device: status})


def _nowhere(*_: object) -> None:
    """Nothing is followed yet."""

"""Wireless buttons as a call device: listens to the bus, judges, and hands on what is a press."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from bus.port import Bus, Incoming
from bus.vocabulary import Error, UnitState
from config.settings import MqttButtons
from hardware.keypad.buttons.forms import Forms
from hardware.keypad.buttons.judge import Arrival, Judge
from hardware.keypad.port import Press, PressHandler, Readout, StateHandler, States


class Buttons:
    """All buttons of one broker. They have no display, and nothing to show a refusal with."""

    def __init__(
        self,
        settings: MqttButtons,
        bus: Bus,
        monotonic: Callable[[], float],
        wall: Callable[[], datetime],
    ) -> None:
        """Hear `bus`, the process's own, or that of the broker in `settings`."""
        self.name = settings.name
        self.units = settings.unit_names
        self._bus = bus
        self._own_bus = settings.broker is not None
        self._monotonic = monotonic
        self._wall = wall
        # Guards the judge: the bus's thread feeds it, the bridge's asks what was dropped.
        self._lock = threading.Lock()
        self._judge = Judge(self.units)
        self._forms = Forms(settings.forms)
        self._on_press: PressHandler = lambda _press: None
        self._states = States(self.units, lambda _unit, _state, _why: None)

    def start(self, on_press: PressHandler, on_state: StateHandler) -> None:
        """Subscribe; with a broker of their own also connect, and keep connecting."""
        self._on_press = on_press
        self._states = States(self.units, on_state)
        for topic_filter in self._forms.filters(list(self.units)):
            self._bus.subscribe(topic_filter, self._take)
        self._bus.on_link(self._take_link)
        if self._own_bus:
            self._bus.start()

    def show(self, unit: str, readout: Readout) -> None:
        """Do nothing: there is no display."""

    def refuse(self, unit: str, why: Error) -> None:
        """Do nothing: the boards and the counter's window show that nobody was called."""

    def dropped(self) -> Mapping[str, int]:
        """Return how many presses were none, by reason."""
        with self._lock:
            return {str(why): count for why, count in self._judge.dropped.items()}

    def unknown_buttons(self) -> Mapping[str, Press]:
        """Return the newest press of each button that belongs to no counter."""
        with self._lock:
            return dict(self._judge.unknown_buttons)

    def stop(self) -> None:
        """Stop listening."""
        self._on_press = lambda _press: None
        if self._own_bus:
            self._bus.stop()

    def _take(self, message: Incoming) -> None:
        arrival = Arrival(self._monotonic(), self._wall().timestamp(), message.retained)
        for each in self._forms.said(message.topic, message.payload):
            with self._lock:
                press = self._judge.press(each, arrival)
                states = self._judge.states(each)
            for unit, state in states.items():
                self._states.become(unit, state)
            if press:
                self._on_press(press)

    def _take_link(self, up: bool) -> None:
        with self._lock:
            if up:
                self._judge.take_link(self._monotonic())
            else:
                self._judge.lose_link()
        if up:
            self._states.all_become(UnitState.UNKNOWN)
        else:
            self._states.all_become(UnitState.OFFLINE, "no link to the broker of the buttons")

"""Simulated keypads for the call devices of a box's settings."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import assert_never

from config.settings import CallDevice, MqttButtons, SerialKeypads, UsbKeypad
from simulators.keypad.console import LineUnit, Unit, told_text
from simulators.keypad.far_end import Told
from simulators.keypad.line import SimulatedLine
from simulators.keypad.numpad import SimulatedNumpad


def simulate(
    choices: Sequence[CallDevice], rng: random.Random, say: Callable[[str], None], *, echo: bool
) -> dict[str, Unit]:
    """Return every unit, not plugged in yet, by its name and, on the first line, its address."""
    units: dict[str, Unit] = {}
    for choice in choices:
        match choice:
            case SerialKeypads():
                for name, unit in _line(choice, rng, say, echo=echo).items():
                    units[name] = unit
                    units.setdefault(str(unit.address), unit)
            case UsbKeypad():
                units[choice.name] = _numpad(choice, say)
            case MqttButtons():
                pass  # they hang on a broker, not on a terminal of this machine
            case _:
                assert_never(choice)
    return units


def _line(
    choice: SerialKeypads, rng: random.Random, say: Callable[[str], None], *, echo: bool
) -> dict[str, LineUnit]:
    addresses = [unit.address for unit in choice.units]
    names = dict(zip(addresses, choice.unit_names, strict=True))

    def tell(told: Told) -> None:
        text = told_text(names[told.address], told)
        if text:
            say(text)

    line = SimulatedLine(
        Path(choice.url),
        choice.protocol,
        addresses,
        rng,
        polled=choice.polling is not None,
        echo=echo,
        on_told=tell,
    )
    return {name: LineUnit(line, address) for address, name in names.items()}


def _numpad(choice: UsbKeypad, say: Callable[[str], None]) -> SimulatedNumpad:
    def tell(lit: bool) -> None:
        say(f"{choice.name}: light {'on' if lit else 'off'}")

    return SimulatedNumpad(Path(choice.path), tell)

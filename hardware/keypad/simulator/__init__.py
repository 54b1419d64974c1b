"""Keypads that are not there: a line of them and a USB numeric keypad, each on a terminal."""

from hardware.keypad.simulator.line import SimulatedLine
from hardware.keypad.simulator.numpad import SimulatedNumpad

__all__ = ["SimulatedLine", "SimulatedNumpad"]

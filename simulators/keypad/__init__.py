"""Keypads that are not there: a line of them and a USB numeric keypad, each on a terminal."""

from simulators.keypad.line import SimulatedLine
from simulators.keypad.numpad import SimulatedNumpad

__all__ = ["SimulatedLine", "SimulatedNumpad"]

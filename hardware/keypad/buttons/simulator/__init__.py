"""Buttons of every family that press themselves."""

from hardware.keypad.buttons.simulator.families import FAMILIES, Family, SimulatedButton

__all__ = ["FAMILIES", "Family", "SimulatedButton"]

"""Buttons of every family that press themselves."""

from simulators.buttons.families import FAMILIES, Family, SimulatedButton

__all__ = ["FAMILIES", "Family", "SimulatedButton"]

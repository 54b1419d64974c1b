"""Plays a day of citizens and staff through the running centre."""

from simulators.day.command import command

__all__ = ["command"]

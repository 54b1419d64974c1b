"""Plays a day of citizens and staff through the running centre."""

from appliance.simulate.command import command

__all__ = ["command"]

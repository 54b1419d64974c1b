"""Looks at everything the centre stands on and says what to do."""

from appliance.doctor.command import command

__all__ = ["command"]

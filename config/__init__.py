"""Typed configuration, the built-in centre, and the one clock."""

from config.check import Problem, Rule, check_centre, raw_problems
from config.clock import CLOCK_VARIABLE, Clock
from config.errors import ConfigError
from config.load import (
    BUILT_IN_CENTRE,
    centre_from_wire,
    centre_to_wire,
    load_centre,
    load_device,
)
from config.settings import Centre, Device, Role, Text
from config.stopping import Stopping

__all__ = [
    "BUILT_IN_CENTRE",
    "CLOCK_VARIABLE",
    "Centre",
    "Clock",
    "ConfigError",
    "Device",
    "Problem",
    "Role",
    "Rule",
    "Stopping",
    "Text",
    "centre_from_wire",
    "centre_to_wire",
    "check_centre",
    "load_centre",
    "load_device",
    "raw_problems",
]

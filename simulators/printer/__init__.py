"""A thermal printer that is not there: for demonstrations, and for every test of a driver."""

from simulators.printer.condition import PROFILES, Condition, Paper, Profile
from simulators.printer.machine import Machine
from simulators.printer.ports import PtyPort, TcpPort
from simulators.printer.tray import Tray

__all__ = [
    "PROFILES",
    "Condition",
    "Machine",
    "Paper",
    "Profile",
    "PtyPort",
    "TcpPort",
    "Tray",
]

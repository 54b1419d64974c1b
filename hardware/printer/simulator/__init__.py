"""A thermal printer that is not there: for demonstrations, and for every test of a driver."""

from hardware.printer.simulator.condition import Condition, Paper
from hardware.printer.simulator.machine import Machine
from hardware.printer.simulator.ports import PtyPort, TcpPort
from hardware.printer.simulator.profiles import PROFILES, Profile
from hardware.printer.simulator.tray import Tray

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

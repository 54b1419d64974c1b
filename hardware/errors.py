"""What can go wrong with a device."""


class HardwareError(Exception):
    """The base of the errors of `hardware`."""

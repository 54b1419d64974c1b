"""What can go wrong on the bus."""


class BusError(Exception):
    """The base of the bus's errors."""


class BrokerError(BusError):
    """The private broker did not start or stopped; the message says what to do."""

"""What can go wrong when the centre is run as a whole."""


class ApplianceError(Exception):
    """The centre cannot be run; the message says what to do."""

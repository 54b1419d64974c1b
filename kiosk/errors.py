"""What can go wrong at a kiosk."""


class KioskError(Exception):
    """The base of the kiosk's errors."""


class BookError(KioskError):
    """The offline book cannot be read or kept, so no number is given from it."""

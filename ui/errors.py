"""What can go wrong in a user interface."""


class UiError(Exception):
    """A screen cannot be shown; the message says what to do."""

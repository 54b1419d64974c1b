"""Fit a text to a sign's digits."""

from hardware.sign.errors import SignRefusedError


def fitted(text: str, digits: int) -> str:
    """Return `text` right-aligned on `digits` places, dashes in the number that there are.

    Raises SignRefusedError for a text that would be cut: half a number is a wrong number.
    """
    if text and not text.strip("-"):
        return "-" * digits
    if len(text) > digits:
        raise SignRefusedError(f"{text!r} has more than the sign's {digits} digits")
    if not text.isascii():
        raise SignRefusedError(f"{text!r} has a letter that signs do not have")
    return text.rjust(digits)

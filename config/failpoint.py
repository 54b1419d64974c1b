"""Deaths on purpose, for the tests that attack the promises."""

import os
from collections.abc import Callable

FAILPOINT_VARIABLE = "DENLUOT_FAILPOINT"
_KILLED = 137


def failpoint_from(text: str | None) -> Callable[[str], None]:
    """Return what to call at each named place; `NAME:n` ends the process at its n-th passage."""
    if not text:
        return lambda _name: None
    wanted, _, passage = text.partition(":")
    left = int(passage or 1)

    def pass_by(name: str) -> None:
        nonlocal left
        if name == wanted:
            left -= 1
            if left == 0:
                os._exit(_KILLED)

    return pass_by

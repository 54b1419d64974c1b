"""What the server's own screen goes through until there is an administrator.

The code lives in the memory of this one process and on its screen; kept is its digest alone.
"""

from collections.abc import Callable
from enum import StrEnum, auto

from provisioning.accounts import Accounts
from provisioning.one_time import FIRST_START_S, OneTimeCodes, Purpose
from provisioning.site_db import SiteDb


class Stage(StrEnum):
    """What the screen shows."""

    WAITING = auto()
    """Nothing secret, until a person touches it."""
    SHOWN = auto()
    ENDED = auto()
    """The code is good no more, and nobody was made by it: too late, guessed at, replaced."""
    OVER = auto()
    """There is an administrator."""
    BLIND = auto()
    """The accounts cannot be read just now."""


class Ceremony:
    """The stages and the code. Blocking; raises SiteDbError. `monotonic` counts real seconds."""

    def __init__(self, db: SiteDb, monotonic: Callable[[], float]) -> None:
        self.stage = Stage.WAITING
        self.code = ""
        self._accounts = Accounts(db)
        self._codes = OneTimeCodes(db)
        self._monotonic = monotonic
        self._ends_s = 0.0

    @property
    def left_s(self) -> int:
        """Return for how many seconds the code is still shown."""
        return max(0, round(self._ends_s - self._monotonic())) if self.code else 0

    def press(self) -> None:
        """Show a new code; the one before ends."""
        self.hide()
        code = self._codes.begin_first_start()
        if code is None:
            self.stage = Stage.OVER
            return
        self.code, self.stage = code, Stage.SHOWN
        self._ends_s = self._monotonic() + FIRST_START_S

    def look(self) -> Stage:
        """Take note of what has become of the code."""
        if self._accounts.exist():
            self.code, self.stage = "", Stage.OVER
        elif self.code:
            known = self._codes.account_of(self.code, Purpose.FIRST) is not None
            if not known or not self.left_s:
                self.code, self.stage = "", Stage.ENDED
        return self.stage

    def hide(self) -> None:
        """Show the code no longer."""
        self.code, self.stage = "", Stage.WAITING

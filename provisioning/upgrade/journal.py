"""How far an upgrade is, durably: what a power cut leaves is gone on with or taken back."""

from datetime import datetime
from enum import StrEnum, auto
from pathlib import Path

import msgspec

from bus.typed import read_json
from config.durable import replace_durably
from hall.words import N_
from provisioning.upgrade.errors import UpgradeError

_FILE = "journal.json"


class Step(StrEnum):
    """What is done, in this order; each is written down before it begins."""

    INSTALL = auto()
    BACK_UP = auto()
    COPY = auto()
    TRY = auto()
    SWITCH = auto()
    WATCH = auto()
    GO_BACK = auto()
    CLEAN = auto()


HALL_UNTOUCHED = frozenset({Step.INSTALL, Step.BACK_UP, Step.COPY, Step.TRY})
"""Until here the release that ran runs on, and an interrupted upgrade is as good as none."""


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """One upgrade that is not over."""

    before: str
    """The release that ran."""
    after: str
    step: Step
    began: datetime
    failing: tuple[str, ...] = ()
    """What did not work before it began, and so is no fault of the new release."""
    why: str = ""
    """Why it goes back."""


class JournalFile:
    """The journal of this machine; there is none while no upgrade goes on."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def read(self) -> Journal | None:
        """Return the upgrade that goes on; raises UpgradeError for what cannot be read."""
        try:
            return read_json(self._path.read_bytes(), Journal)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise UpgradeError(
                N_("Không đọc được {file}: {error}"), file=self._path, error=error
            ) from error

    def write(self, journal: Journal) -> None:
        """Write how far it is; durable when this returns."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_durably(self._path, msgspec.json.encode(journal))

    def end(self) -> None:
        """Forget it: the upgrade is over, one way or the other."""
        self._path.unlink(missing_ok=True)

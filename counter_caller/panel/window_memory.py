"""How an officer left the window: as window or bar, and where; kept in a small file."""

import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec

_log = logging.getLogger(__name__)

Place = tuple[int, int, int, int]


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered; places are x, y, width and height on the desktop."""

    compact: bool = False
    window: Place | None = None
    bar: Place | None = None
    configured: Place | None = None
    """What the box's settings said then: new settings win over what is remembered."""


@dataclass(frozen=True, slots=True)
class WindowMemory:
    """One counter's file."""

    file: Path
    configured: Place | None = None

    def recall(self) -> Layout:
        """Return what was remembered; nothing when the file is missing, broken or outdated."""
        fresh = Layout(configured=self.configured)
        try:
            layout = msgspec.json.decode(self.file.read_bytes(), type=Layout)
        except FileNotFoundError:
            return fresh
        except (OSError, msgspec.DecodeError) as error:
            _log.info("window layout forgotten file=%s error=%s", self.file, error)
            return fresh
        return layout if layout.configured == self.configured else fresh

    def remember(self, layout: Layout) -> None:
        """Write the layout; a disk that refuses costs the officer no more than a drag."""
        layout = msgspec.structs.replace(layout, configured=self.configured)
        new = self.file.with_suffix(".new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(msgspec.json.encode(layout))
            new.replace(self.file)
        except OSError as error:
            _log.info("window layout not kept file=%s error=%s", self.file, error)

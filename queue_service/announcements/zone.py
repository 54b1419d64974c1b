"""The part of the hall that a call is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Zone:
    """The boards and announcers of one counter; times are monotonic seconds."""

    boards: Mapping[str, float] = field(default_factory=dict)
    """Those that are there, and since when."""
    announcers: tuple[str, ...] = ()
    """All that the centre has here; the first speaks, the others take over in this order."""
    voices: Mapping[str, float] = field(default_factory=dict)
    """The announcers that are there, and since when."""

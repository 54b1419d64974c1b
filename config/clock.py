"""One clock for all processes: the system's, or a shifted and sped-up one shared by value."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.errors import ConfigError

CLOCK_VARIABLE = "DENLUOT_CLOCK"


@dataclass(frozen=True, slots=True)
class Clock:
    """Tell the time of the centre.

    With `origin` unset this is the system's clock. Otherwise the centre's time was `origin` when
    the machine's monotonic clock showed `monotonic_at_origin` seconds, and runs `speed` times as
    fast; every process of one machine computes the same time from these three values.
    """

    origin: datetime | None = None
    monotonic_at_origin: float = 0.0
    speed: float = 1.0

    @classmethod
    def starting(cls, origin: datetime | None, speed: float = 1.0) -> "Clock":
        """Return a clock that shows `origin` (or the present) now and runs at `speed`."""
        if origin is None and speed == 1.0:
            return cls()
        return cls(origin or datetime.now(UTC), time.monotonic(), speed)  # noqa: TID251

    @classmethod
    def parse(cls, text: str | None) -> "Clock":
        """Read what `str(clock)` wrote; empty or None is the system's clock.

        Raises ConfigError when the text is not of that form.
        """
        if not text:
            return cls()
        try:
            origin, monotonic, speed = text.split("@")
            clock = cls(datetime.fromisoformat(origin), float(monotonic), float(speed))
        except ValueError as error:
            raise ConfigError(
                f"{CLOCK_VARIABLE}: expected TIME@MONOTONIC@SPEED, got {text!r}"
            ) from error
        if clock.origin is None or clock.origin.tzinfo is None or clock.speed <= 0:
            raise ConfigError(f"{CLOCK_VARIABLE}: the time needs a zone and the speed must be > 0")
        return clock

    def __str__(self) -> str:
        if self.origin is None:
            return ""
        return f"{self.origin.isoformat()}@{self.monotonic_at_origin!r}@{self.speed!r}"

    def now(self) -> datetime:
        """Return the centre's time, aware, in UTC."""
        if self.origin is None:
            return datetime.now(UTC)  # noqa: TID251
        elapsed = (time.monotonic() - self.monotonic_at_origin) * self.speed
        return self.origin.astimezone(UTC) + timedelta(seconds=elapsed)

    def monotonic(self) -> float:
        """Return seconds of centre time that never jump, for durations."""
        return time.monotonic() * self.speed

    def real_s(self, seconds: float) -> float:
        """Return how many seconds of the wall's time `seconds` of centre time take."""
        return seconds / self.speed

"""Whether the numbers on the screen can be trusted."""

from bus.session import BEAT_S

GRACE_S = 2.0
"""How long link or service may be away, in real seconds, before the board says so."""
SILENCE_S = 3 * BEAT_S
"""After three times unsaid the service is not there, whatever the broker knows: Mosquitto 2.0 may
take 11 s to miss a frozen one."""


class Freshness:
    """Watch the link, the service and the state; times are real monotonic seconds."""

    def __init__(self, at: float, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._linked = False
        self._confirmed = False
        self._service_online = True
        self._doubtful_since: float | None = at
        self._heard_at = at

    def take_link(self, at: float, *, up: bool) -> None:
        """Note that the link came or went; after a loss numbers have to be received anew."""
        self._linked, self._confirmed = up, self._confirmed and up
        self._judge(at)

    def take_state(self, at: float) -> None:
        """Note that the numbers have just been received."""
        self._confirmed = True
        self._judge(at)

    def take_service(self, at: float, *, online: bool) -> None:
        """Note that the service says that it is there, or its broker that it is not."""
        self._service_online, self._heard_at = online, at
        self._judge(at)

    def stale(self, at: float) -> bool:
        """Return whether what is shown may be old by now."""
        doubtful = self._doubtful_since is not None and at - self._doubtful_since >= self._grace_s
        return doubtful or at - self._heard_at >= SILENCE_S

    def _judge(self, at: float) -> None:
        if self._linked and self._confirmed and self._service_online:
            self._doubtful_since = None
        elif self._doubtful_since is None:
            self._doubtful_since = at

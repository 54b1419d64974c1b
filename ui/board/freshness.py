"""Whether the numbers on the screen can be trusted."""

GRACE_S = 2.0
"""How long a link may be away, in real seconds, before the board says so."""
_TOLD_LATE_S = 2.0
"""Of the grace, what a lost service has used up: its broker tells of a frozen one after 4.5 s of
silence, and Mosquitto 2.0 looks for silent clients only every 5 s."""


class Freshness:
    """Watch the link, the service and the state; times are real monotonic seconds."""

    def __init__(self, at: float, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._linked = False
        self._confirmed = False
        self._service_online = True
        self._doubtful_since: float | None = at

    def take_link(self, at: float, *, up: bool) -> None:
        """Note that the link came or went; after a loss numbers have to be received anew."""
        self._linked, self._confirmed = up, self._confirmed and up
        self._judge(at)

    def take_state(self, at: float) -> None:
        """Note that the numbers have just been received."""
        self._confirmed = True
        self._judge(at)

    def take_service(self, at: float, *, online: bool) -> None:
        """Note whether the service is there."""
        self._service_online = online
        self._judge(at if online else at - _TOLD_LATE_S)

    def stale(self, at: float) -> bool:
        """Return whether what is shown may be old by now."""
        return self._doubtful_since is not None and at - self._doubtful_since >= self._grace_s

    def _judge(self, at: float) -> None:
        if self._linked and self._confirmed and self._service_online:
            self._doubtful_since = None
        elif self._doubtful_since is None:
            self._doubtful_since = at

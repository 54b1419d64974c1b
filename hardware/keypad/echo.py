"""Takes out of what is received what was sent: two-wire adapters hear themselves."""

_WITHIN_S = 0.3


class EchoFilter:
    """Knows the bytes under way; what is received in their order is their echo.

    A keypad's frame that begins as ours did is held back for the bytes in which they agree.
    """

    def __init__(self) -> None:
        self.echoes = 0
        self._expected = b""
        self._held = b""
        self._until = 0.0

    def sent(self, data: bytes, now: float, line_s: float) -> None:
        """Note that `data` went out and takes `line_s` on the line."""
        self._expected += data
        self._until = now + line_s + _WITHIN_S

    def strip(self, received: bytes, now: float) -> bytes:
        """Return what of `received`, and of what was held back, is not an echo."""
        if self._expected and now > self._until:
            return self._release() + received
        if not self._expected:
            return received
        agreed = 0
        for ours, theirs in zip(self._expected, received, strict=False):
            if ours != theirs:
                return self._release() + received
            agreed += 1
        self._held += received[:agreed]
        self._expected = self._expected[agreed:]
        if not self._expected:
            self.echoes += 1
            self._held = b""
        return received[agreed:]

    def _release(self) -> bytes:
        held, self._held, self._expected = self._held, b"", b""
        return held

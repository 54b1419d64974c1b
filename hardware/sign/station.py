"""All signs of one line: one writer thread that keeps every sign right, or says which is not."""

import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence

from bus.vocabulary import SignState
from hardware.owner import AGAIN_AFTER_S, Owner
from hardware.sign.port import Face, LineGoneError, SignError, SignLine, SignRefusedError

_log = logging.getLogger(__name__)

RETRY_AFTER_S = (0.2, 1.0, 2.0, 5.0)
"""A frame may get lost: the first silence is tried again at once, the second is a dead sign."""
REWRITE_EVERY_S = 5.0
"""A sign that was off for a moment has forgotten its number."""
_TICK_S = 0.1
_BLINK_S = 0.5
_BLANK = Face("")

Faces = Callable[[], Mapping[int, Face]]
StatesHandler = Callable[[Mapping[int, SignState]], None]


class SignStation:
    """Asks `faces` what the sign at each address shows, and writes what has changed.

    A dead sign keeps the others waiting for its timeout alone, at most every 5 s. `faces` and
    `on_states` are called on the station's thread; `on_states` once per change.
    """

    def __init__(
        self,
        line: SignLine,
        addresses: Sequence[int],
        faces: Faces,
        on_states: StatesHandler,
        *,
        retry_after_s: Sequence[float] = RETRY_AFTER_S,
        reopen_after_s: Sequence[float] = AGAIN_AFTER_S,
        rewrite_every_s: float = REWRITE_EVERY_S,
    ) -> None:
        self._line = line
        self._faces = faces
        self._on_states = on_states
        self._retry_after_s = retry_after_s
        self._reopen_after_s = reopen_after_s
        self._rewrite_every_s = rewrite_every_s
        self._signs = [_Sign(address) for address in addresses]
        self._told = {sign.address: sign.state for sign in self._signs}
        self._line_failures = 0
        self._line_due = 0.0
        self._in_hand: _Sign | None = None
        """The sign that is being written."""
        self._owner = Owner("signs", self._step, self._fail, self._end, reopen_after_s)

    def start(self) -> None:
        """Open the line, and keep opening it."""
        self._owner.start()

    def poke(self) -> None:
        """Look at the faces now; may be called from any thread."""
        self._owner.wake()

    def stop(self) -> None:
        """Show on every living sign that nobody is called, and close the line."""
        self._owner.stop()

    def _step(self) -> float:
        self._in_hand = None
        self._write_all(self._faces(), time.monotonic())
        return _TICK_S

    def _fail(self, error: Exception) -> None:
        """Say which signs an error of ours keeps from being right: the one in hand, or all."""
        now = time.monotonic()
        if self._in_hand:
            self._in_hand.fail(SignState.FAULT, repr(error), now + self._retry_after_s[-1])
        else:
            for sign in self._signs:
                sign.fail(SignState.FAULT, repr(error), now)
        self._line.close()
        self._tell()

    def _end(self) -> None:
        try:
            for sign in self._signs:
                if not sign.failures:
                    self._write(sign, Face(), time.monotonic())
        finally:
            self._line.close()

    def _write_all(self, wanted: Mapping[int, Face], now: float) -> None:
        """Write what is due: what has changed first, the dead last."""
        if now < self._line_due:
            return
        due = [
            (sign, self._now(sign, wanted.get(sign.address, Face()), now)) for sign in self._signs
        ]
        due.sort(key=lambda each: (each[0].failures, each[0].shown == each[1]))
        for sign, face in due:
            changed = sign.shown != face and not sign.failures
            if (changed or now >= sign.due) and not self._write(sign, face, now):
                self._owner.wake()  # the living may have changed while this one was waited for
                break
        self._tell()

    def _tell(self) -> None:
        states = {sign.address: sign.state for sign in self._signs}
        if states != self._told:
            self._told = states
            self._on_states(states)

    def _now(self, sign: "_Sign", face: Face, now: float) -> Face:
        """Return what stands there at this moment: a sign may need help to blink."""
        if face != sign.wanted:
            sign.wanted, sign.wanted_at = face, now
        if not face.blink or self._line.blinks:
            return face
        return Face(face.text) if int((now - sign.wanted_at) / _BLINK_S) % 2 == 0 else _BLANK

    def _write(self, sign: "_Sign", face: Face, now: float) -> bool:
        """Write one sign; return whether it took it."""
        self._in_hand = sign
        try:
            state = self._line.show(sign.address, face)
        except LineGoneError as error:
            self._lose_line(str(error))
            return False
        except SignRefusedError as error:
            with contextlib.suppress(SignError):  # rather nothing than the number before
                self._line.show(sign.address, Face())
            sign.fail(SignState.REFUSED, str(error), now + self._retry_after_s[-1])
        except SignError as error:
            wait = self._retry_after_s[min(sign.failures, len(self._retry_after_s) - 1)]
            state = SignState.DEAD if sign.failures else sign.state
            sign.fail(state, str(error), time.monotonic() + wait)
        else:
            sign.take(state, face, now + self._rewrite_every_s)
        if self._line_failures:
            _log.info("line of signs is back")
        self._line_failures = 0
        self._in_hand = None
        return not sign.failures

    def _lose_line(self, why: str) -> None:
        self._line.close()
        if not self._line_failures:
            _log.warning("line of signs lost: %s", why)
        index = min(self._line_failures, len(self._reopen_after_s) - 1)
        self._line_failures += 1
        self._line_due = time.monotonic() + self._reopen_after_s[index]
        for sign in self._signs:
            sign.forget()


class _Sign:
    """One sign as the writer knows it."""

    def __init__(self, address: int) -> None:
        self.address = address
        self.state = SignState.UNKNOWN
        self.shown: Face | None = None
        self.wanted: Face | None = None
        self.wanted_at = 0.0
        self.failures = 0
        self.due = 0.0

    def take(self, state: SignState, face: Face, due: float) -> None:
        self._become(state, "")
        self.shown, self.failures, self.due = face, 0, due

    def fail(self, state: SignState, why: str, due: float) -> None:
        self._become(state, why)
        self.shown, self.failures, self.due = None, self.failures + 1, due

    def forget(self) -> None:
        """Count as dead, and write everything as soon as the line is back."""
        self.state, self.shown, self.failures, self.due = SignState.DEAD, None, 0, 0.0

    def _become(self, state: SignState, why: str) -> None:
        if state is not self.state:
            level = logging.WARNING if why else logging.INFO
            _log.log(level, "sign state=%s address=%s %s", state, self.address, why)
        self.state = state

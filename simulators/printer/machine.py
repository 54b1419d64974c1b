"""The simulated printer itself: takes bytes, prints as time passes, answers."""

import random
import re
import threading
from collections.abc import Callable
from dataclasses import replace

from hardware.printer.status import ASK_PAPER_IN_TURN, CLEAR, ID_LENGTH, ask_processed
from paper.reading import first_command
from simulators.printer.condition import Condition, Profile

PRINTS_BYTES_S = 100_000.0
"""150 mm a second of 72 bytes to the row."""
BUFFER = 65_536
_ASK_MODULE_SUBJECT = 20
_AT_ONCE = re.compile(rb"\x10\x04([\x01-\x04\x14])|" + re.escape(CLEAR))
_PROCESSED_HEAD = ask_processed(b"")
_CLEARED_ANSWER = b"\x37\x25\x00"
_TICKET_TAKEN_AFTER_S = 5.0
_QUESTIONS = (b"\x1dr", b"\x1d(H", b"\x1da", b"\x10")


class Machine:
    """A printer of one profile. Every method may be called from any thread."""

    def __init__(
        self,
        profile: Profile,
        on_paper: Callable[[bytes], None],
        *,
        monotonic: Callable[[], float],
        rng: random.Random,
        buffer: int = BUFFER,
        prints_bytes_s: float = PRINTS_BYTES_S,
    ) -> None:
        """Call `on_paper` with the bytes of each paper that was cut."""
        # Guards everything: the port moves bytes while a person or a test makes trouble.
        self._lock = threading.RLock()
        self.received = bytearray()
        """Every byte that ever came."""
        self.late_s = 0.0
        self.garbled = False
        """Whether answers are garbage."""
        self.stalled = False
        """Whether it neither takes nor sends anything."""
        self._profile = profile
        self._on_paper = on_paper
        self._monotonic = monotonic
        self._rng = rng
        self._buffer_size = buffer
        self._prints_bytes_s = prints_bytes_s
        self._condition = Condition()
        self._later: tuple[int, dict[str, object]] | None = None
        self._worked = monotonic()
        self._printing = False
        self._taken_at = 0.0
        self._paper = bytearray()
        self._waiting = bytearray()
        self._recent = b""
        self._begun = bytearray()
        self._answers: list[tuple[float, bytes]] = []
        self._reports = False
        self._powered = 1
        """How often it was switched on."""

    @property
    def condition(self) -> Condition:
        """Return how it is."""
        with self._lock:
            self._work()
            return self._condition

    @property
    def held(self) -> int:
        """Return how many bytes wait to be printed."""
        with self._lock:
            self._work()
            return len(self._waiting)

    def change(self, **what: object) -> None:
        """Change its condition, such as `cover_open=True`, and report it if asked to."""
        with self._lock:
            self._work()
            self._become(what)

    def change_after(self, count: int, **what: object) -> None:
        """Change its condition when `count` more bytes are printed."""
        with self._lock:
            self._work()
            self._later = (count, what)

    def power_cycle(self) -> None:
        """Forget all that was received and asked; what is on paper stays there."""
        with self._lock:
            self._work()
            self._powered += 1
            self._waiting.clear()
            self._recent = b""
            self._begun.clear()
            self._answers.clear()
            self._reports = False

    def room(self) -> int:
        """Return how many bytes it takes now."""
        with self._lock:
            self._work()
            return 0 if self.stalled else self._buffer_size - len(self._waiting)

    def receive(self, data: bytes) -> None:
        """Take bytes; answer at once what is asked at once."""
        with self._lock:
            self.received += data
            self._waiting += data
            stream = self._recent + data
            for command in _AT_ONCE.finditer(stream):
                if command.end() > len(self._recent):
                    self._obey_at_once(command, len(stream) - command.end())
            self._recent = stream[-(len(CLEAR) - 1) :]
            self._work()

    def receive_garbled(self, data: bytes) -> None:
        """Take bytes that came at the wrong speed; they make no sense, nor does what it sends."""
        with self._lock:
            self.received += self._rng.randbytes(len(data))
            self._answers.append((self._monotonic(), b"\xfe" * min(4, len(data))))

    def answers(self) -> bytes:
        """Return what it sends now."""
        with self._lock:
            self._work()
            now = self._monotonic()
            if self.stalled:
                return b""
            due = b"".join(answer for at, answer in self._answers if at <= now)
            self._answers = [(at, answer) for at, answer in self._answers if at > now]
            return self._rng.randbytes(len(due)) if self.garbled else due

    def _obey_at_once(self, command: re.Match[bytes], after: int) -> None:
        """Obey a real-time command that ends `after` bytes before the last."""
        if subject := command[1]:
            self._tell_now(subject[0])
        elif self._profile.clears:
            del self._waiting[: len(self._waiting) - after]
            self._begun.clear()
            self._say(_CLEARED_ANSWER)

    def _tell_now(self, subject: int) -> None:
        if subject == _ASK_MODULE_SUBJECT:
            if self._profile.module:
                self._say(self._condition.module())
        elif subject in self._profile.subjects:
            self._say(self._condition.now(subject))

    def _say(self, answer: bytes) -> None:
        self._answers.append((self._monotonic() + self.late_s, answer))

    def _become(self, what: dict[str, object]) -> None:
        before, self._condition = self._condition, replace(self._condition, **what)  # type: ignore[arg-type]
        if self._reports and self._condition != before:
            self._say(self._condition.automatic())

    def _work(self) -> None:
        """Print what there was time for since the last call; a falling paper may ask within it."""
        if self._printing:
            return
        now = self._monotonic()
        able = int((now - self._worked) * self._prints_bytes_s)
        if self._condition.ticket_present and now >= self._taken_at:
            self._become({"ticket_present": False})
        if not self._waiting or self._condition.stopped or self.stalled:
            self._worked = now
            return
        if not able:
            return
        self._worked = now
        left, what = self._later or (able, None)
        printing = bytes(self._waiting[: min(able, left)])
        del self._waiting[: len(printing)]
        self._print(printing)
        if what is not None:
            left -= len(printing)
            self._later = (left, what) if left else None
            if not left:
                self._become(what)

    def _print(self, data: bytes) -> None:
        self._begun += data
        at, begun, powered = 0, bytes(self._begun), self._powered
        self._printing = True
        while at < len(begun) and (length := self._length(begun, at)):
            self._obey(begun[at : at + length])
            at = at + length if self._powered == powered else len(begun)
        self._printing = False
        self._begun = bytearray(begun[at:])

    @staticmethod
    def _length(begun: bytes, at: int) -> int:
        return 1 if begun[at] == 0 else first_command(begun[at:])

    def _obey(self, command: bytes) -> None:
        if command == ASK_PAPER_IN_TURN and self._profile.in_turn:
            self._say(self._condition.in_turn())
        elif command.startswith(_PROCESSED_HEAD) and self._profile.process_id:
            self._say(b"\x37\x22" + command[-ID_LENGTH:] + b"\x00")
        elif command.startswith(b"\x1da") and self._profile.automatic:
            self._reports = command[-1] != 0
            self._say(self._condition.automatic())
        elif command == b"\x1b@":
            self._reports = False
        if not command.startswith(_QUESTIONS) and command != b"\x00":
            self._paper += command
        if command.startswith(b"\x1dV"):
            self._cut()

    def _cut(self) -> None:
        paper, self._paper = bytes(self._paper), bytearray()
        if self._profile.module:
            self._taken_at = self._monotonic() + _TICKET_TAKEN_AFTER_S
            self._become({"ticket_present": True})
        self._on_paper(paper)

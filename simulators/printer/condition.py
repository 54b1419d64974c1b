"""How the simulated printer is, and which kinds tell what; layouts as in `printer.status`."""

from dataclasses import dataclass
from enum import StrEnum


class Paper(StrEnum):
    """What is on the roll."""

    OK = "ok"
    LOW = "low"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a printer is."""

    paper: Paper = Paper.OK
    cover_open: bool = False
    cutter_error: bool = False
    overheated: bool = False
    ticket_present: bool = False

    @property
    def stopped(self) -> bool:
        """Return whether nothing can be printed now."""
        trouble = self.cover_open or self.cutter_error or self.overheated
        return trouble or self.paper is Paper.OUT

    def now(self, subject: int) -> bytes:
        """Return the answer to DLE EOT `subject`."""
        bits = {
            1: 0x08 * self.stopped,
            2: self._cause(),
            3: 0x08 * self.cutter_error + 0x40 * self.overheated,
            4: {Paper.OK: 0, Paper.LOW: 0x0C, Paper.OUT: 0x6C}[self.paper],
        }
        return bytes([0x12 | bits[subject]])

    def in_turn(self) -> bytes:
        """Return the answer to GS r 1."""
        return bytes([self._roll()])

    def automatic(self) -> bytes:
        """Return what is sent by itself."""
        return bytes(
            [
                0x10 | 0x08 * self.stopped | 0x20 * self.cover_open,
                0x08 * self.cutter_error | 0x40 * self.overheated,
                self._roll(),
                0x00,
            ]
        )

    def module(self) -> bytes:
        """Return the answer to DLE EOT 20."""
        paper = {Paper.OK: 0, Paper.LOW: 0x04, Paper.OUT: 0x05}[self.paper]
        return bytes(
            [
                0x10,
                0x0F,
                paper | 0x20 * self.ticket_present,
                0x02 * self.cover_open,
                0x01 * self.overheated,
                0x01 * self.cutter_error,
            ]
        )

    def _cause(self) -> int:
        error = self.cutter_error or self.overheated
        return 0x04 * self.cover_open | 0x20 * (self.paper is Paper.OUT) | 0x40 * error

    def _roll(self) -> int:
        return {Paper.OK: 0x00, Paper.LOW: 0x03, Paper.OUT: 0x0F}[self.paper]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one kind of printer answers; it prints all the same."""

    subjects: tuple[int, ...] = ()
    """The n of DLE EOT."""
    in_turn: bool = False
    """GS r 1."""
    process_id: bool = False
    """GS ( H fn 48."""
    automatic: bool = False
    """GS a."""
    clears: bool = False
    """DLE DC4 fn 8."""
    module: bool = False
    """DLE EOT 20, and a mouth in which the ticket waits."""


PROFILES = {
    "full": Profile(
        subjects=(1, 2, 3, 4), in_turn=True, process_id=True, automatic=True, clears=True
    ),
    "kiosk": Profile(
        subjects=(1, 2, 3, 4),
        in_turn=True,
        process_id=True,
        automatic=True,
        clears=True,
        module=True,
    ),
    "plain": Profile(subjects=(1, 2, 3, 4), in_turn=True),
    "basic": Profile(subjects=(1, 2, 4)),
    "silent": Profile(),
}
"""`full` is an Epson of today, `kiosk` a module with a presenter, `plain` an older printer,
`basic` a clone that tells its paper, `silent` one behind a line without a way back."""

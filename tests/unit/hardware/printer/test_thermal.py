"""What a driver says when its line raises what no line should."""

import pytest

from bus.vocabulary import PrintOutcome
from hardware.printer import PrintResult, Reason
from hardware.printer.thermal import CHUNK, ThermalPrinter
from paper import Ticket

JOB = bytes(4 * CHUNK)


class OddLine:
    """Takes so many writes, then raises; never answers, or raises there."""

    plain_file = False

    def __init__(self, error: Exception, writes: int, *, reads: bool = False) -> None:
        self.error = error
        self.writes = writes
        self.reads = reads
        self.taken = b""

    def write(self, data: bytes) -> None:
        if len(self.taken) >= self.writes * CHUNK:
            raise self.error
        self.taken += data

    def write_now(self, data: bytes) -> None:
        """Take a question."""

    def read(self, timeout_s: float) -> bytes:
        del timeout_s
        if self.reads and self.taken:
            raise self.error
        return b""

    def close(self) -> None:
        """Nothing is open."""


def printer(line: OddLine) -> ThermalPrinter:
    return ThermalPrinter("first", 576, lambda: line, answer_s=0.0, keep_open=False)


@pytest.mark.parametrize("error", [ValueError("odd"), RuntimeError("odd"), KeyError("odd")])
def test_once_bytes_are_on_their_way_no_error_counts_as_failed(
    ticket: Ticket, error: Exception, expected_warnings: list[str]
) -> None:
    expected_warnings.append("job broken off")
    broken = printer(OddLine(error, writes=2)).print_ticket(ticket, JOB)
    assert broken == PrintResult(PrintOutcome.UNKNOWN, Reason.INTERRUPTED, "first")
    deaf = printer(OddLine(error, writes=4, reads=True)).print_ticket(ticket, JOB)
    assert deaf == PrintResult(PrintOutcome.UNKNOWN, Reason.NO_ANSWER, "first")


def test_before_the_first_byte_the_error_is_the_callers(ticket: Ticket) -> None:
    with pytest.raises(ValueError, match="odd"):
        printer(OddLine(ValueError("odd"), writes=0)).print_ticket(ticket, JOB)

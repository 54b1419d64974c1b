"""All printers of one box: a writer for each, the next one where one fails."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from bus.vocabulary import PrinterState, PrintOutcome
from hardware.printer.port import (
    HealthHandler,
    Printer,
    PrintResult,
    Reason,
    ResultHandler,
    StationHealth,
)
from hardware.printer.writer import Encode, Job, Pace, Writer
from paper.encode import encode_as_built_in
from paper.ticket import Ticket


class PrintStation:
    """Prints tickets one after another and never keeps its caller waiting.

    A ticket goes to the first printer that can print. One that certainly failed there goes to
    the next; one whose end is `unknown` is never printed a second time: whether a lost one gets
    a marked copy is for its owner to say, who knows whether the number still counts.
    """

    def __init__(
        self,
        printers: Sequence[Printer],
        on_health: HealthHandler = lambda _: None,
        *,
        now: Callable[[], datetime],
        encode: Encode = encode_as_built_in,
        pace: Pace = Pace(),  # noqa: B008 - frozen
    ) -> None:
        """Call `on_health` once per change, on a thread of the station; `now` dates proofs."""
        self._on_health = on_health
        # Guards _told: two printers may change at once, and the handler hears changes in order.
        self._lock = threading.Lock()
        self._told: StationHealth | None = None
        self._writers = [
            Writer(printer, self._tell, encode=encode, now=now, pace=pace) for printer in printers
        ]

    @property
    def health(self) -> StationHealth:
        """Return how the printers are."""
        state = self._in_order()[0].state if self._writers else PrinterState.OFFLINE
        printers = {writer.printer.name: writer.health for writer in self._writers}
        return StationHealth(state, printers)

    def start(self) -> None:
        """Open the printers, and keep opening those that go away."""
        for writer in self._writers:
            writer.start()

    def stop(self) -> None:
        """Finish the ticket in hand, fail the others, close the printers."""
        for writer in self._writers:
            writer.ask_to_stop()
        for writer in self._writers:
            writer.stop()

    def submit(self, ticket: Ticket, on_done: ResultHandler) -> None:
        """Print `ticket`; `on_done` is called on a thread of the station.

        It is called once, and once more, `late`, if an `unknown` end becomes known.
        """
        self._hand_on(Job(ticket, on_done), self._in_order())

    def _in_order(self) -> list[Writer]:
        return sorted(self._writers, key=lambda writer: not writer.state.can_print)

    def _hand_on(self, job: Job, writers: list[Writer]) -> None:
        if not writers:
            job.on_done(PrintResult(PrintOutcome.FAILED, Reason.OFFLINE))
            return
        first, *others = writers

        def done(result: PrintResult) -> None:
            if result.outcome is PrintOutcome.FAILED and others and not result.late:
                self._hand_on(job, others)
                return
            job.on_done(result)

        first.submit(Job(job.ticket, done))

    def _tell(self) -> None:
        with self._lock:
            health = self.health
            if health != self._told:
                self._told = health
                self._on_health(health)

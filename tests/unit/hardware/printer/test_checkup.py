import random
import time
from collections.abc import Callable

import pytest

from bus.vocabulary import PrinterState
from hardware.printer.capability import Capability, Proof
from hardware.printer.checkup import ANSWER_NOW_S, Checkup
from hardware.printer.conversation import Conversation
from simulators.printer import Machine, Paper, Profile

TESTED = Capability(proof=Proof.IN_TURN, subjects=(4, 2))
Talk = Callable[[Profile], tuple[Machine, Conversation]]


class MachineLine:
    """A line without a wire."""

    plain_file = False

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def write(self, data: bytes) -> None:
        self.machine.receive(data)

    def write_now(self, data: bytes) -> None:
        self.write(data)

    def read(self, timeout_s: float) -> bytes:
        deadline = time.monotonic() + timeout_s
        while not (answer := self.machine.answers()) and time.monotonic() < deadline:
            pass
        return answer

    def close(self) -> None:
        pass


@pytest.fixture
def talk() -> Talk:
    def make(profile: Profile) -> tuple[Machine, Conversation]:
        rng = random.Random(1)
        machine = Machine(profile, lambda _: None, monotonic=time.monotonic, rng=rng)
        return machine, Conversation(MachineLine(machine))

    return make


def untested() -> Checkup:
    return Checkup(None, has_speed=True, answer_s=0.1)


def test_a_printer_that_answers_one_question_is_asked_that_one(talk: Talk) -> None:
    machine, conversation = talk(Profile(subjects=(4,)))
    checkup = untested()
    assert checkup.ask(conversation) is PrinterState.READY
    asked_again = checkup.ask(conversation)
    assert asked_again is PrinterState.UNKNOWN, "this could be the late answer to another"
    for _ in range(3):
        conversation._asked.clear()  # as when time has passed
        assert checkup.ask(conversation) is PrinterState.READY
    machine.change(paper=Paper.OUT)
    conversation._asked.clear()
    for _ in range(3):
        assert checkup.ask(conversation) is PrinterState.PAPER_OUT


def test_a_silent_printer_costs_time_once(talk: Talk) -> None:
    _, conversation = talk(Profile())
    checkup = untested()
    began = time.monotonic()
    assert {checkup.ask(conversation) for _ in range(5)} == {PrinterState.UNKNOWN}
    assert time.monotonic() - began < 3 * ANSWER_NOW_S


def test_a_tested_printer_that_says_nothing_is_off(talk: Talk) -> None:
    machine, conversation = talk(Profile(subjects=(4, 2)))
    checkup = Checkup(TESTED, has_speed=False, answer_s=0.1)
    machine.late_s = 0.15
    assert checkup.ask(conversation) is PrinterState.OFFLINE
    machine.late_s = 0
    assert checkup.ask(conversation) in {PrinterState.UNKNOWN, PrinterState.READY}
    machine.stalled = True
    assert checkup.ask(conversation) is PrinterState.OFFLINE


class NonsenseLine(MachineLine):
    """A line at the wrong speed."""

    def read(self, timeout_s: float) -> bytes:
        return b"\xfe\xc1" if timeout_s else b""


@pytest.mark.parametrize(
    ("capability", "has_speed", "state"),
    [
        (None, True, PrinterState.WRONG_BAUD),
        (TESTED, True, PrinterState.WRONG_BAUD),
        (None, False, PrinterState.UNKNOWN),
        (TESTED, False, PrinterState.UNKNOWN),
        (Capability(), True, PrinterState.UNKNOWN),
    ],
)
def test_nonsense_is_a_wrong_speed_unless_a_person_saw_it_print(
    talk: Talk, capability: Capability | None, has_speed: bool, state: PrinterState
) -> None:
    machine, _ = talk(Profile())
    conversation = Conversation(NonsenseLine(machine))
    checkup = Checkup(capability, has_speed=has_speed, answer_s=0.02)
    assert checkup.ask(conversation) is PrinterState.UNKNOWN, "once may be chance"
    assert checkup.ask(conversation) is state

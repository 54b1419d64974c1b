import random
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from bus.vocabulary import PrinterState
from hardware.printer.conversation import TURNS, Conversation

AUTOMATIC = b"\x10\x00\x00\x00"


class ScriptedLine:
    """A line that answers each question with the next of `answers`."""

    plain_file = False

    def __init__(self, *answers: bytes) -> None:
        self.sent = b""
        self.answers = deque(answers)
        self.waiting = b""

    def write(self, data: bytes) -> None:
        self.sent += data
        self.waiting += self.answers.popleft() if self.answers else b""

    def write_now(self, data: bytes) -> None:
        self.write(data)

    def read(self, timeout_s: float) -> bytes:
        assert timeout_s >= 0
        heard, self.waiting = self.waiting, b""
        return heard

    def close(self) -> None:
        pass


def test_a_late_answer_is_never_that_to_a_later_question() -> None:
    line = ScriptedLine(b"", b"\x12", b"\x72")
    talk = Conversation(line)
    assert talk.ask(4, 0) is None
    assert talk.ask(2, 0) is None, "this was the late answer to the first question"
    assert talk.ask(4, 0) is None, "and this the one to the second"
    line.answers.append(b"\x12\x7e")
    assert talk.ask(4, 0) is PrinterState.PAPER_OUT, "both came: the last is its own"


def test_automatic_status_is_no_answer() -> None:
    talk = Conversation(ScriptedLine(AUTOMATIC, AUTOMATIC + b"\x1e"))
    assert talk.ask(4, 0) is None
    assert talk.reported is PrinterState.READY
    talk = Conversation(ScriptedLine(b"\x18\x00\x0c\x00\x1e"))
    assert talk.ask(4, 0) is PrinterState.PAPER_LOW
    assert talk.reported is PrinterState.PAPER_OUT


def answered_in_turn(answer: bytes) -> PrinterState | None:
    talk = Conversation(ScriptedLine(answer))
    talk.ask_in_turn()
    return talk.in_turn(0)


def test_only_all_turns_prove() -> None:
    assert answered_in_turn(b"\x00" * TURNS) is PrinterState.READY
    assert answered_in_turn(b"\x03" * TURNS) is PrinterState.PAPER_LOW
    assert answered_in_turn(b"\x00\x00\x0c\x0c") is PrinterState.PAPER_OUT
    assert answered_in_turn(AUTOMATIC + b"\x00" * TURNS) is PrinterState.READY
    assert answered_in_turn(b"\x11\x13" + b"\x00" * TURNS) is PrinterState.READY
    assert answered_in_turn(AUTOMATIC[1:]) is None, "what is left when the first byte was lost"
    assert answered_in_turn(b"\x00" * (TURNS - 1)) is None
    assert answered_in_turn(b"\x00" * (TURNS + 1)) is None
    assert answered_in_turn(b"\xff" + b"\x00" * TURNS) is None
    assert answered_in_turn(b"") is None


def test_turns_of_an_older_question_do_not_prove_the_newer() -> None:
    talk = Conversation(ScriptedLine(b"", b"\x00" * TURNS, b"\x00" * TURNS))
    talk.ask_in_turn()
    assert talk.in_turn(0) is None
    talk.ask_in_turn()
    assert talk.in_turn(0) is None, "these were due before"
    talk.line.write(b"")
    assert talk.in_turn(0) is PrinterState.READY


def test_ten_thousand_random_answers_prove_nothing() -> None:
    rng = random.Random(3)
    for _ in range(10_000):
        answer = rng.randbytes(rng.randrange(48))
        assert answered_in_turn(answer) is None
        talk = Conversation(ScriptedLine(answer))
        talk.ask_processed(b"AAAB")
        assert not talk.processed(b"AAAB")


@given(st.lists(st.binary(max_size=12), max_size=6))
def test_whatever_comes_raises_nothing(answers: list[bytes]) -> None:
    talk = Conversation(ScriptedLine(*answers))
    for subject in (1, 2, 3, 4):
        assert talk.ask(subject, 0) in {None, *PrinterState}
    talk.ask_module(0)
    talk.clear(0)
    talk.listen()
    assert not talk.processed(b"AAAB")


def test_a_confirmed_job_is_known_by_its_id() -> None:
    talk = Conversation(ScriptedLine(b"\x37\x22AAAB\x00"))
    talk.ask_processed(b"AAAC")
    assert not talk.processed(b"AAAC")
    assert talk.processed(b"AAAB")


def test_word_of_an_older_job_with_the_same_id_does_not_count() -> None:
    line = ScriptedLine(b"", b"\x37\x22AAAB\x00")
    talk = Conversation(line)
    line.waiting = b"\x37\x22AAAB\x00"
    talk.listen()
    talk.ask_processed(b"AAAB")
    assert not talk.processed(b"AAAB")
    talk.ask_processed(b"AAAB")
    assert talk.processed(b"AAAB")


def test_clearing_is_confirmed() -> None:
    assert Conversation(ScriptedLine(b"\x37\x25\x00")).clear(0)
    assert not Conversation(ScriptedLine(b"\x00")).clear(0)

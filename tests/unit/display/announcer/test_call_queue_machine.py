"""Whatever comes in whatever order: nothing is lost, nothing is said twice without need."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bus.orders import Speak, SpeakCall
from bus.states import BoardCounter, BoardState, Call
from bus.vocabulary import CounterStatus, Language, SkipReason, TicketClass
from display.announcer.call_queue import CallQueue, Saying, Terms, Text, Utterance, Verdict

BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TIMES = 2
COUNTERS = (1, 2, 3)


class LineMachine(RuleBasedStateMachine):
    """A hall that calls, recalls, answers, withdraws and orders as it likes."""

    @initialize(own=st.sampled_from([None, frozenset({1, 2}), frozenset()]))
    def begin(self, own: frozenset[int] | None) -> None:
        self.line = CallQueue()
        self.terms = Terms(max_age_s=60, times=TIMES, counters=own, device="announcer-1")
        self.now = 0.0
        self.rev = 0
        self.calls: dict[int, Call] = {}
        self.at_counters: dict[int, str | None] = dict.fromkeys(COUNTERS)
        self.saying: Saying | None = None
        self.ordered: set[int] = set()
        self.accepted: set[int] = set()
        self.let_go: set[int] = set()
        self.skipped: Counter[int] = Counter()
        self.heard: Counter[int] = Counter()
        self.texts: list[str] = []
        self.texts_heard: list[str] = []

    @rule(
        number=st.sampled_from(["1001", "2002", "3003", "4004"]),
        counter=st.sampled_from(COUNTERS),
        repeat=st.integers(0, 2),
        ticket_class=st.sampled_from(TicketClass),
        old_s=st.sampled_from([0, 0, 0, 100]),
    )
    def call(
        self, number: str, counter: int, repeat: int, ticket_class: TicketClass, old_s: int
    ) -> None:
        seq = len(self.calls) + 1
        self.calls[seq] = Call(
            call_seq=seq, number=number, counter=counter, service="CIVIL",
            ticket_class=ticket_class, lang=Language.VIETNAMESE, repeat=repeat,
            at=self.at() - timedelta(seconds=old_s),
        )  # fmt: skip
        self.at_counters[counter] = number
        self.publish()

    @rule(counter=st.sampled_from(COUNTERS))
    def answer(self, counter: int) -> None:
        self.at_counters[counter] = None
        self.publish()

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def expect_again(self, data: st.DataObject) -> None:
        call = self.calls[data.draw(st.sampled_from(sorted(self.calls)))]
        self.at_counters[call.counter] = call.number
        self.publish()

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        seq = data.draw(st.sampled_from(sorted(self.calls)))
        self.calls[seq] = Call(
            **{name: getattr(self.calls[seq], name) for name in Call.__struct_fields__}
            | {"withdrawn": True}
        )
        self.publish()

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        seq = data.draw(st.sampled_from(sorted(self.calls)))
        self.ordered.add(seq)
        order = SpeakCall(id=f"{self.rev}", at=self.at(), epoch="01EPOCH", call=self.calls[seq])
        self.judge(self.line.stand_in(order, self.now))

    @rule(urgent=st.booleans())
    def text(self, urgent: bool) -> None:
        name = f"{len(self.texts)}{'!' if urgent else ''}"
        self.texts.append(name)
        self.line.add(Speak(id=name, at=self.at(), text=name, urgent=urgent), self.now)

    @rule(seconds=st.integers(1, 40))
    def pass_time(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: self.saying is None)
    @rule()
    def say(self) -> None:
        ahead = self.line.ahead()
        self.saying = self.line.next(self.now)
        text_next = bool(ahead) and isinstance(ahead[0], Text) and not ahead[0].order.urgent
        if ahead and not (text_next and isinstance(self.saying, Utterance)):
            assert self.saying == ahead[0]
        elif self.saying:
            assert isinstance(self.saying, Utterance)
            assert self.saying.time > 1

    @precondition(lambda self: self.saying is not None)
    @rule()
    def finish(self) -> None:
        saying, self.saying = self.saying, None
        assert saying is not None
        self.now += 6
        first = self.line.finish(saying)
        if isinstance(saying, Text):
            self.texts_heard.append(saying.order.text)
            return
        seq = saying.call.call_seq
        self.heard[seq] += 1
        assert first == (self.heard[seq] == 1)
        assert saying.time == self.heard[seq]

    @precondition(lambda self: self.saying is not None)
    @rule()
    def fail(self) -> None:
        if isinstance(self.saying, Text):
            self.texts.remove(self.saying.order.text)
        self.saying = None
        self.judge(self.line.give_up(SkipReason.FAILED))

    def teardown(self) -> None:
        if not hasattr(self, "line"):
            return
        if self.saying is None:
            self.say()
        while self.saying:
            self.finish()
            self.say()
        self.nothing_is_said_or_skipped_too_often()
        assert sorted(self.texts) == sorted(self.texts_heard)
        for seq in self.accepted:
            assert (self.heard[seq] > 0) != (self.skipped[seq] > 0), seq

    @invariant()
    def nothing_is_said_or_skipped_too_often(self) -> None:
        if not hasattr(self, "line"):
            return
        assert all(count <= TIMES for count in self.heard.values())
        assert all(count == 1 for count in self.skipped.values())
        own = self.terms.counters
        for seq in {*self.heard, *self.skipped}:
            assert own is None or self.calls[seq].counter in own or seq in self.ordered

    def publish(self) -> None:
        self.rev += 1
        counters = tuple(
            BoardCounter(counter=counter, status=CounterStatus.OPEN, number=number)
            for counter, number in self.at_counters.items()
        )
        calls = tuple(self.calls[seq] for seq in sorted(self.calls, reverse=True))
        state = BoardState(
            epoch="01EPOCH", rev=self.rev, at=self.at(), calls=calls, counters=counters
        )
        self.judge(self.line.take(state, self.terms, self.now))

    def judge(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            seq = verdict.call.call_seq
            if verdict.skip:
                assert not self.heard[seq]
                self.skipped[seq] += 1
                if verdict.skip is SkipReason.ANSWERED:
                    self.let_go.add(seq)
                continue
            if seq in self.let_go:
                assert self.at_counters[verdict.call.counter] == verdict.call.number
                self.let_go.remove(seq)
                del self.skipped[seq]
            else:
                assert seq not in self.accepted
            self.accepted.add(seq)

    def at(self) -> datetime:
        return BEGIN + timedelta(seconds=self.now)


TestLine = LineMachine.TestCase
TestLine.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)

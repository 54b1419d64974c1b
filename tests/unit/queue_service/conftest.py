import itertools
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bus import codec, commands
from bus import commands as c
from bus.memory import MemoryBroker, MemoryBus
from bus.port import Incoming
from bus.session import ServiceClock, Session, at_once, offline_will
from bus.topics import Topics
from bus.vocabulary import Role, TicketClass
from config import load_centre
from queue_service.domain.apply import apply
from queue_service.domain.context import Context
from queue_service.domain.day import open_day
from queue_service.domain.decide import decide
from queue_service.domain.events import (
    CallAnnounced,
    DayOpened,
    Event,
    Fact,
    TicketCalled,
    TicketIssued,
)
from queue_service.domain.lines import pick
from queue_service.domain.rules import (
    Book,
    Hours,
    Numbering,
    Rules,
    ServiceRules,
    Span,
    Terms,
)
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import CounterNumber, Mark, ServiceCode, TicketId
from queue_service.engine import Engine, Sources
from queue_service.ledger import Ledger
from queue_service.queue_time import QueueTime
from queue_service.records import instant
from queue_service.service import Service
from queue_service.states import View
from wait_log.dialects import store_url
from wait_log.reader import Reader, open_reader
from wait_log.store import open_store

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
A, B = ServiceCode("A"), ServiceCode("B")


@pytest.fixture
def rules() -> Rules:
    """Two services; counter 1 serves A, counter 2 both, counter 3 B and helps out with A."""
    none, help_out = timedelta(), timedelta(minutes=5)
    one, two, three = CounterNumber(1), CounterNumber(2), CounterNumber(3)
    hours = (
        Span(datetime(2026, 1, 1, 7, 30).time(), datetime(2026, 1, 1, 11, 30).time()),  # noqa: DTZ001
        Span(datetime(2026, 1, 1, 13, 30).time(), datetime(2026, 1, 1, 17, 0).time()),  # noqa: DTZ001
    )
    quarter = timedelta(minutes=15)
    return Rules(
        hours=Hours(HANOI, (hours,) * 5 + ((), ()), issue_before_open=timedelta(minutes=30)),
        services={
            A: ServiceRules(A, "1", 600.0, last_ticket_before_close=quarter),
            B: ServiceRules(B, "2", 720.0, last_ticket_before_close=quarter),
        },
        counters={one: {A: none}, two: {A: none, B: none}, three: {B: none, A: help_out}},
        head_start={
            TicketClass.NORMAL: none,
            TicketClass.PRIORITY: timedelta(minutes=30),
            TicketClass.APPOINTMENT: quarter,
        },
        numbering=Numbering(books=(Book("kiosk-1", 901, 949),)),
        printers=frozenset({"kiosk-1"}),
        terms=Terms(
            outcomes=frozenset({"received", "result"}), notes=frozenset({"complete", "fee-paid"})
        ),
    )


class Hall(SimpleNamespace):
    """The domain with its clock in the test's hand: Monday 2026-11-23, 08:00 local."""

    state: State
    rules: Rules

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules=rules, state=State(), boot="boot-1", mono=1000.0, refusal=None)
        self.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.ids = itertools.count(1)
        self.facts: list[Fact] = []
        self.pick = pick
        self.promised: dict[int, float] = {}
        self.commit(open_day(self.state, datetime(2026, 11, 23, tzinfo=UTC).date()), cause="day")

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.mono += seconds

    def mark(self) -> Mark:
        self.now += timedelta(microseconds=1)
        return Mark(self.now, self.mono, self.boot)

    def commit(self, events: Iterable[Event], mark: Mark | None = None, **origin: object) -> None:
        first, mark = self.state.seq + 1, mark or self.mark()
        for event in events:
            opened = event.business_day if isinstance(event, DayOpened) else self.state.day
            fact = Fact(
                seq=self.state.seq + 1,
                at=mark,
                day=opened or date.min,
                step=first,
                event=event,
                **origin,  # type: ignore[arg-type]
            )
            self.state = apply(self.state, fact)
            self.facts.append(fact)

    def do(
        self, command: c.Command, device: str = "counter-1", by_web: bool = False
    ) -> list[Event]:
        """Decide and apply; `counter-2` acts for counter 2; raises Refusal."""
        kind, _, number = device.partition("-")
        role = Role.WEB if by_web else Role(kind)
        counter = CounterNumber(int(number)) if role is Role.COUNTER else None
        mark = self.mark()
        context = Context(
            now=mark,
            device=device,
            role=role,
            command=f"command-{next(self.ids)}",
            new_id=lambda: f"ticket-{next(self.ids)}",
            ticket_of=lambda token: TicketId(token.removeprefix("token of ")),
            counters=None if counter is None else frozenset({counter}),
            pick=self.pick,
            promised=self.promised,
        )
        self.last_command = context.command
        decision = decide(self.state, self.rules, command, context)
        self.refusal = decision.refusal
        acting = CounterNumber(getattr(command, "counter", 0)) or counter
        self.commit(
            decision.events,
            mark,
            cause=c.kind_of(command),
            device=device,
            command=context.command,
            acting=acting,
        )
        return list(decision.events)

    def issue(self, service: str = "A", device: str = "kiosk-1", **fields: object) -> Ticket:
        command = c.IssueTicket(service=service, **fields)  # type: ignore[arg-type]
        (event, *_) = self.do(command, device)
        assert isinstance(event, TicketIssued)
        return self.state.tickets[event.ticket]

    def next(self, counter: int = 1, **fields: object) -> Ticket | None:
        """Press next as the counter sees itself; return who was called, if anybody."""
        fields.setdefault("current", self.state.counter(CounterNumber(counter)).current)
        command = c.CallNext(counter=counter, **fields)  # type: ignore[arg-type]
        events = self.do(command, f"counter-{counter}")
        called = [event.ticket for event in events if isinstance(event, TicketCalled)]
        return self.state.tickets[called[0]] if called else None

    def announce(self, counter: int = 1) -> None:
        """Let the person whom a counter has called see and hear it."""
        current = self.state.counter(CounterNumber(counter)).current
        assert current is not None
        call_seq = self.state.tickets[current].call_seq
        self.commit([CallAnnounced(counter=CounterNumber(counter), call_seq=call_seq)])

    def ticket(self, ticket: Ticket) -> Ticket:
        return self.state.tickets[ticket.id]

    def view(self, **told: object) -> View:
        """Return what documents are made of now; `told` is what devices have said."""
        return View(state=self.state, rules=self.rules, mark=self.mark(), **told)  # type: ignore[arg-type]


@pytest.fixture
def make_hall() -> Callable[[Rules], SimpleNamespace]:
    return Hall


@pytest.fixture
def hall(rules: Rules) -> SimpleNamespace:
    return Hall(rules)


@pytest.fixture
def make_ticket() -> Callable[..., Ticket]:
    """Return a function that makes a ticket as it was issued at an instant."""

    def make(number: str, at: datetime, **fields: object) -> Ticket:
        mark = Mark(at, 0.0, "boot")
        plain = {
            "id": f"T{number}",
            "number": number,
            "series": "CERT",
            "service": "CERT",
            "ticket_class": TicketClass.NORMAL,
            "lang": "vi",
            "device": "kiosk-1",
            "command": "c",
            "offline_book": False,
            "issued": mark,
            "base": at,
            "order_key": at,
            "place": 1,
            "since": mark,
            "touched": 1,
        }
        return Ticket(**(plain | fields))  # type: ignore[arg-type]

    return make


class FakeClock:
    """A clock in the test's hand, which never runs by itself."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        self.mono = 5000.0
        self.boot = "boot-1"

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.mono

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.mono += seconds


class Desk(SimpleNamespace):
    """An engine on a store of its own, and devices that send it commands."""

    engine: Engine | None

    def __init__(self, data: Path) -> None:
        super().__init__(
            data=data,
            clock=FakeClock(),
            centre=load_centre(),
            failpoint=lambda _name: None,
            approved=None,
            revoked=frozenset(),
            always_open=True,
            engine=None,
        )
        self.ids = itertools.count(1)

    def start(self) -> Engine:
        url = store_url(self.data)
        store = open_store(url, "nhi-chieu", self.new_id, self.pass_failpoint)
        clock = self.clock

        def time(newest_us: int) -> QueueTime:
            return QueueTime(clock.now, clock.monotonic, clock.boot, instant(newest_us))

        sources = Sources(
            self.new_id, self.new_id, lambda: self.approved, revoked=lambda: self.revoked
        )
        ledger = Ledger(store, time)
        engine = Engine(ledger, self.centre, sources, always_open=self.always_open)
        self.engine = engine
        return engine

    def pass_failpoint(self, name: str) -> None:
        self.failpoint(name)

    def reader(self) -> Reader:
        return open_reader(store_url(self.data), "nhi-chieu")

    def stop(self) -> None:
        if self.engine is not None:
            self.engine.ledger.store.close()
            self.engine = None

    def restart(self) -> Engine:
        self.stop()
        return self.start()

    def new_id(self) -> str:
        return f"id-{next(self.ids):06}"

    def make(self, kind: type[commands.Command], **fields: object) -> commands.Command:
        fields.setdefault("id", self.new_id())
        fields.setdefault("ts", self.clock.now())
        return kind(**fields)  # type: ignore[arg-type]

    def send(self, device: str, kind: type[commands.Command], **fields: object) -> commands.Reply:
        return self.send_again(device, self.make(kind, **fields))

    def send_again(self, device: str, command: commands.Command) -> commands.Reply:
        assert self.engine is not None
        return codec.decode(
            commands.Reply, self.engine.handle(device, codec.encode(command)) or b""
        )

    def issue(self, service: str = "CIVIL", **fields: object) -> str:
        reply = self.send("kiosk-1", commands.IssueTicket, service=service, **fields)
        assert reply.ok, reply
        return str(reply.result["ticket"]) if reply.result else ""

    @property
    def state(self) -> State:
        assert self.engine is not None
        return self.engine.ledger.state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SimpleNamespace]:
    desk = Desk(tmp_path)
    desk.start()
    yield desk
    desk.stop()


class RunningHall(SimpleNamespace):
    """The service on the memory bus, and devices that talk to it."""

    service: Service | None

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk=desk, broker=MemoryBroker(), links=[], service=None)
        self.topics = Topics("nhi-chieu")
        self.real_s = lambda seconds: seconds if seconds <= 1.0 else 0.05
        self.commands_per_s = 100_000.0

    def start(self) -> None:
        engine = self.desk.engine or self.desk.start()
        link = self.link("service", "service")
        self.links.remove(link)
        self.service = Service(
            engine, link, self.real_s, time.monotonic, commands_per_s=self.commands_per_s
        )
        self.service.start()

    def stop(self) -> None:
        for link in self.links:
            link.stop()
        self.links.clear()
        self.stop_service()

    def stop_service(self) -> None:
        if self.service is not None:
            self.service.stop()
            self.service = self.desk.engine = None

    def link(self, device: str, kind: str, version: str = "") -> Session:
        """Return a device's link, not started yet."""
        will = offline_will(self.topics, device, kind, self.desk.clock.now())
        clock = ServiceClock(self.desk.clock.now, self.desk.clock.monotonic)
        bus = MemoryBus(self.broker, f"{device}-{self.desk.new_id()}", will)
        link = Session(
            bus,
            self.topics,
            device,
            kind,
            clock=clock,
            real=time.monotonic,
            deliver=at_once,
            new_id=self.desk.new_id,
            version=version,
        )
        self.links.append(link)
        return link

    def device(self, device: str, version: str = "") -> Session:
        """Return a device that is linked: what it says before would be dropped."""
        link = self.link(device, device.partition("-")[0], version)
        linked: queue.Queue[bool] = queue.Queue()
        link.on_link(linked.put)
        link.start()
        assert linked.get(timeout=60)
        return link

    def listen(self, topic: str) -> "queue.Queue[Incoming]":
        """Return what arrives on a topic from now on, the retained first."""
        heard: queue.Queue[Incoming] = queue.Queue()
        bus = MemoryBus(self.broker)
        bus.subscribe(topic, heard.put)
        bus.start()
        self.links.append(bus)
        return heard

    def ask(self, link: Session, kind: type[commands.Command], **fields: object) -> commands.Reply:
        replies: queue.Queue[commands.Reply] = queue.Queue()
        link.ask(self.desk.make(kind, **fields), replies.put)
        return replies.get(timeout=60)


def wait_for(
    heard: "queue.Queue[Incoming]", kind: type[codec.Message], wanted: object
) -> codec.Message:
    """Return the first message that `wanted` accepts; fails after 30 s of silence."""
    while True:
        try:
            message = codec.decode(kind, heard.get(timeout=60).payload)
        except queue.Empty:
            raise AssertionError("the message that was waited for did not come") from None
        if callable(wanted) and wanted(message):
            return message


@pytest.fixture
def until() -> Callable[..., codec.Message]:
    return wait_for


@pytest.fixture
def running(tmp_path: Path) -> Iterator[SimpleNamespace]:
    hall = RunningHall(Desk(tmp_path))
    hall.start()
    yield hall
    hall.stop()

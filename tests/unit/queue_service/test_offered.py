"""What window and page offer at a counter is accepted, and nothing else that moves its ticket.

One engine on a store of its own; a window's desk and a browser's page of the same counter, which
are pressed at random; and a second counter that gets in between.
"""

import html
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bus import commands as c
from bus.vocabulary import CurrentTo, Error, TicketState
from hall.counter.desk import Desk, buttons_of
from hall.model import HallState
from hall.words import Words
from provisioning.accounts import Role
from provisioning.sessions import Login
from queue_service.domain.events import CallAnnounced
from queue_service.domain.values import CounterNumber
from queue_service.states import Header, View, board_state, counter_state, services_state
from web.access import Visitor
from web.assets import load_templates
from web.counter.pages import CounterPage
from web.counter.parts import Drawing

COUNTER, OTHER = 3, 4
_BUTTON = re.compile(r'<button [^>]*name="press" value="([^"]+)"([^>]*)>')
_MAY_BE_REFUSED = {Error.EMPTY, Error.FULL, Error.CLOSED}
"""What nobody at a counter can know: the answer says it in words."""


class Bench:
    """The engine, and what a window and a page of counter 3 show of it."""

    def __init__(self, desk: SimpleNamespace) -> None:
        self.service = desk
        self.hand_s = 0.0
        self.answers: list[tuple[str, c.AnyCommand, c.Reply]] = []
        self.window = self._desk("window", "counter-3", None)
        page_desk = self._desk("page", "web", "hoa")
        login = Login(b"1", "hoa", "Trần Thị Hoa", Role.OFFICER, (COUNTER,), "csrf", "vi")
        nobodys: Any = None
        self.visitor = Visitor("hoa", "", login.role, (COUNTER,), "", login, nobodys)
        sender: Any = SimpleNamespace(command_id="")
        self.page = CounterPage("page", self.visitor, page_desk, sender)
        self.drawing = Drawing(load_templates(), self.page, self.visitor)
        self.presses = 0
        self.sheets: dict[str, object] = {}
        self.sheet_seqs: dict[str, int] = {}
        """When the sheets were opened: what others did since then may have ended their offer."""

    def _desk(self, who: str, device: str, by: str | None) -> Desk:
        def ask(command: c.AnyCommand, on_reply: Callable[[c.Reply], None]) -> None:
            seq = self.service.state.seq
            made = replace(command, id=self.service.new_id(), ts=self.service.clock.now(), by=by)
            reply = self.service.send_again(device, made)
            if self.sheet_seqs.get(who, seq) == seq:
                self.answers.append((who, made, reply))
            on_reply(reply)

        return Desk(
            COUNTER,
            ask,
            now=self.service.clock.now,
            elapsed_s=self.service.clock.monotonic,
            hand_s=lambda: self.hand_s,
            t=Words(),
        )

    def hear(self) -> None:
        """Let window and page see the hall as it is now."""
        engine = self.service.engine
        state, mark = engine.ledger.state, engine.ledger.time.present()
        view, header = View(state, engine.rules, mark), Header("e", state.seq, mark.at)
        own = counter_state(view, CounterNumber(COUNTER), header)
        self.legal = frozenset(own.legal)
        self.current = own.current.ticket if own.current else None
        hall = HallState(
            linked=True,
            service_there=True,
            centre=engine.version.centre,
            board=board_state(view, header),
            services=services_state(view, header),
            counters={COUNTER: own},
            current=frozenset({f"counters/{COUNTER}", "board", "services"}),
        )
        for who, desk in (("window", self.window), ("page", self.page.desk)):
            desk.tick()
            desk.take(hall)
            desk.view()
            if desk.sheet is None:
                self.sheet_seqs.pop(who, None)
            elif desk.sheet is not self.sheets.get(who):
                self.sheet_seqs[who] = state.seq
            self.sheets[who] = desk.sheet

    def later(self, seconds: float) -> None:
        """Let the hall's time pass, and the hands rest."""
        self.service.clock.advance(seconds)
        self.hand_s += max(seconds, 1.0)
        self.hear()

    def offered_by_page(self) -> list[str]:
        """Return what can be pressed on the page, as its form sends it."""
        parts = self.drawing.draw(Words()).parts
        below = ("header", "current", "buttons", "tickets", "alarm")
        names = ("sheet",) if parts["sheet"].strip() else below
        found = _BUTTON.findall("".join(parts[name] for name in names))
        return [html.unescape(value) for value, more in found if "aria-disabled" not in more]

    def offered_by_window(self) -> list[Callable[[], None]]:
        """Return what can be pressed in the window."""
        desk, view = self.window, self.window.view()
        if view.sheet:
            choices = [i for i, choice in enumerate(view.sheet.choices) if choice.enabled]
            return [lambda i=i: desk.choose(i) for i in choices] + [desk.close_sheet]
        names = [name for name, choice in buttons_of(view).items() if choice.enabled]
        pressed: list[Callable[[], None]] = [lambda name=name: desk.press(name) for name in names]  # type: ignore[misc]
        pressed += [lambda t=row.ticket: desk.open_row(t) for row in view.rows]  # type: ignore[misc]
        pressed += [lambda t=row.ticket: desk.call_late(t) for row in view.rows if row.call.enabled]  # type: ignore[misc]
        pressed += [lambda tab=tab: desk.choose_tab(TicketState(tab.key)) for tab in view.tabs]  # type: ignore[misc]
        return pressed

    def press_page(self, choose: int) -> None:
        offered = self.offered_by_page()
        if offered:
            self.presses += 1
            self.page.press(offered[choose % len(offered)], f"once {self.presses}")
        self.rest()

    def press_window(self, choose: int) -> None:
        offered = self.offered_by_window()
        if offered:
            offered[choose % len(offered)]()
        self.rest()

    def rest(self) -> None:
        """Let a hand rest as long as it takes until the next press is another."""
        self.hear()
        self.hand_s += 1.0
        self.hear()

    def announce(self) -> None:
        """Let every call that is made be shown and spoken."""
        state = self.service.engine.ledger.state
        for number in (COUNTER, OTHER):
            current = state.counter(CounterNumber(number)).current
            ticket = state.tickets.get(current) if current else None
            if ticket and ticket.announced is None and ticket.state is TicketState.CALLED:
                event = CallAnnounced(counter=CounterNumber(number), call_seq=ticket.call_seq)
                self.service.engine.record([event], "ack")
        self.hear()

    def direct(self, choose: int) -> None:
        """Send a command that nobody offered, and hold the answer to what was said to be legal."""
        kinds = _direct(self.current)
        legal, command = kinds[choose % len(kinds)]
        was, seq = self.legal, self.service.state.seq
        reply = self.service.send("counter-3", type(command), **_fields(command))
        done = reply.ok and self.service.state.seq > seq  # a closed counter may be closed again
        assert done == (legal in was), f"{legal}: {reply}, legal was {sorted(was)}"
        self.rest()

    def other(self, choose: int) -> None:
        """Let the counter beside this one get in between."""
        state = self.service.engine.ledger.state
        current = state.counter(CounterNumber(OTHER)).current
        kinds: list[c.Command] = [
            c.CallNext(counter=OTHER, current=current, current_to=CurrentTo.FINISH),
            c.CallNext(counter=OTHER, current=current, current_to=CurrentTo.PARK),
            c.OpenCounter(counter=OTHER),
        ]
        command = kinds[choose % len(kinds)]
        self.service.send("counter-4", type(command), **_fields(command))
        self.hear()

    def check(self) -> None:
        """Hold every answer to the promise, and what the page offers to what the window does."""
        for who, command, reply in self.answers:
            good = reply.ok or reply.error in _MAY_BE_REFUSED
            assert good, f"{who} offered {command}, refused: {reply}"
        self.answers.clear()
        if not self.page.desk.sheet:
            on_page = {value.partition("~")[0] for value in self.offered_by_page()}
            buttons = buttons_of(self.window.view()).items()
            wanted = {name for name, choice in buttons if choice.enabled and name in _ON_PAGE}
            assert {name for name in on_page if name in _ON_PAGE} == wanted


_ON_PAGE = {
    "primary", "second", "recall", "absent", "park", "transfer", "more", "presence", "arrived",
    "undo", "outage", "endOutage",
}  # fmt: skip


def _fields(command: c.Command) -> dict[str, object]:
    stamp = c.Command.__struct_fields__
    return {name: getattr(command, name) for name in command.__struct_fields__ if name not in stamp}


def _direct(current: str | None) -> list[tuple[str, c.Command]]:
    """Return commands of counter 3 by what `legal` calls them."""
    kinds: list[tuple[str, c.Command]] = [
        ("open_counter", c.OpenCounter(counter=COUNTER)),
        ("close_counter", c.CloseCounter(counter=COUNTER)),
        ("pause_counter", c.PauseCounter(counter=COUNTER, reason="Họp")),
    ]
    if current is None:
        return [*kinds, ("call_next", c.CallNext(counter=COUNTER, current=None))]
    kinds += [
        (f"call_next.{to}", c.CallNext(counter=COUNTER, current=current, current_to=to))
        for to in CurrentTo
    ]
    of_ticket: list[tuple[str, Any]] = [
        ("recall", c.Recall),
        ("start_serving", c.StartServing),
        ("finish", c.Finish),
        ("mark_absent", c.MarkAbsent),
        ("park", c.Park),
    ]
    return [*kinds, *((name, kind(counter=COUNTER, ticket=current)) for name, kind in of_ticket)]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["window", "page", "page", "window", "issue", "announce", "later", "direct", "other"]
        ),
        st.integers(0, 10_000),
    ),
    min_size=10,
    max_size=60,
)


def play(bench: Bench, steps: list[tuple[str, int]]) -> None:
    services = [service.code for service in bench.service.centre.services]
    bench.hear()
    for action, choose in steps:
        match action:
            case "window":
                bench.press_window(choose)
            case "page":
                bench.press_page(choose)
            case "issue":
                bench.service.send("kiosk-1", c.IssueTicket, service=services[choose % 3])
                bench.hear()
            case "announce":
                bench.announce()
            case "later":
                bench.later(choose % 90)
            case "direct":
                bench.direct(choose)
            case "other":
                bench.other(choose)
        bench.check()


def _hold(
    make: Callable[[Path], SimpleNamespace], tmp_path_factory: pytest.TempPathFactory, examples: int
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        derandomize=True,
        phases=[Phase.generate],  # shrinking would start a store for each of a thousand tries
    )
    @given(_STEPS)
    def offered_is_accepted(steps: list[tuple[str, int]]) -> None:
        service = make(tmp_path_factory.mktemp("store"))
        service.start()
        try:
            for _ in range(5):
                service.issue("CERT")
            play(Bench(service), steps)
        finally:
            service.stop()

    offered_is_accepted()


def test_what_is_offered_is_accepted_and_nothing_else(
    desk: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _hold(type(desk), tmp_path_factory, 8)


@pytest.mark.full
def test_what_is_offered_is_accepted_through_many_days(
    desk: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _hold(type(desk), tmp_path_factory, 250)

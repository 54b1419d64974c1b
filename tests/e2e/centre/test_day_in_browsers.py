"""A whole day of 140 tickets, served by nine counters in Chromium.

The citizens and the officers' minds are the simulator's; what an officer wants done is pressed on
the counter's page, by the mouse. One of the nine is cut off from the server for a while and one is
killed; a window and a keypad of two of the counters run beside them.
"""

import asyncio
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright
from playwright.async_api import Error as BrowserError

from appliance.connection import Connection
from bus.commands import (
    AnyCommand,
    CallNext,
    CallTicket,
    CloseCounter,
    Finish,
    MarkAbsent,
    OpenCounter,
    Park,
    PauseCounter,
    Recall,
    Reply,
    ReturnToQueue,
    StartServing,
    Transfer,
    VoidTicket,
)
from bus.session import Session, at_once, connect
from bus.states import CounterState
from bus.vocabulary import CounterStatus, CurrentTo, Error, TicketState
from config import Centre, Clock
from provisioning.accounts import Account, Accounts, Role
from provisioning.site_db import FILE_NAME, open_site_db
from simulators.day.agenda import Agenda
from simulators.day.caller import Answered, Caller
from simulators.day.command import day_clock
from simulators.day.history import History
from simulators.day.play import Play, Script, hear_centre
from tests.conftest import Cable
from wait_log.dialects import store_url
from wait_log.reader import open_reader

RunCentre = Callable[..., Connection]
ROOT = Path(__file__).parents[3]
CHROMIUM = Path("/usr/bin/chromium")
SITE, DAY, TICKETS, SPEED = "nhi-chieu", "2026-11-23", 140, 100
PASSWORD = "Đò dọc sông Cấm 2026"
WITHIN_S = 60.0
PRESSED_WITHIN_S = 12.0
"""For one command: more than its button may settle, its call be read, and the machine be busy."""
DAY_WITHIN_S = 1500.0
CUT_OFF, KILLED = 2, 5
CUT_FROM_S, CUT_UNTIL_S, KILLED_AT_S = 9 * 3600.0, 9 * 3600.0 + 1800, 10 * 3600.0
BY_WINDOW, BY_KEYPAD, EVERY = 3, 5, 7
"""Of seven commands of a counter one comes from its window and one from its keypad."""

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]


class Floor:
    """Nine officers' browsers; everything of Playwright runs on the loop of a thread of its own."""

    def __init__(self, url: str, counters: list[int], cable: Cable) -> None:
        self._url = url
        self._counters = counters
        self._cable = cable
        self._loop = asyncio.new_event_loop()
        self._pages: dict[int, Page] = {}
        self._browser: Browser | None = None
        self._ending = asyncio.Event()
        self.presses = 0
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self._opened: queue.Queue[BaseException | None] = queue.Queue()

    def start(self) -> None:
        """Open every counter's page, each in a browser profile of its own."""
        self._thread.start()
        if error := self._opened.get(timeout=4 * WITHIN_S):
            raise error

    def stop(self) -> None:
        """Close the browsers."""
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(WITHIN_S)
        self._loop.close()

    def do(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        """Have something done on the browsers' loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Have something done without waiting for it."""
        self.do(work)

    async def kill(self, counter: int) -> None:
        """End an officer's browser in the middle of whatever it does; they begin again."""
        await self._pages[counter].context.close()
        await self._open(counter)

    async def _run(self) -> None:
        async with async_playwright() as playwright:
            self._browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            try:
                for counter in self._counters:
                    await self._open(counter)
            except BrowserError as error:
                self._opened.put(error)
            else:
                self._opened.put(None)
                await self._ending.wait()
            await self._browser.close()

    async def _open(self, counter: int) -> None:
        assert self._browser
        cut = f"http://127.0.0.1:{self._cable.port}"
        url = cut if counter == CUT_OFF else self._url
        context = await self._browser.new_context(base_url=url)
        context.set_default_timeout(WITHIN_S * 1000)
        page = await context.new_page()
        await page.goto("/login")
        await page.fill("input[name=account]", f"officer-{counter}")
        await page.fill("input[name=password]", PASSWORD)
        await page.press("input[name=password]", "Enter")
        await page.wait_for_url(f"**/counter/{counter}")
        self._pages[counter] = page

    async def carry_out(self, counter: int, path: "list[str]", done: Callable[[], bool]) -> bool:
        """Press along a path until it is done; begin again where a press was not taken."""
        end = self._loop.time() + PRESSED_WITHIN_S
        while self._loop.time() < end:
            try:
                if await self._press_along(self._pages[counter], path, done, end):
                    return True
            except BrowserError:  # a page that was killed, or a button that is just being covered
                await asyncio.sleep(0.2)
        return done()

    async def _press_along(
        self, page: Page, path: "list[str]", done: Callable[[], bool], end: float
    ) -> bool:
        if await page.locator("#sheet-title").count():
            await page.keyboard.press("Escape")
            await page.locator("#sheet-title").wait_for(state="detached", timeout=2000)
        for step in path:
            if done():
                return True
            button = self._button(page, step)
            await button.click(timeout=2000)
            self.presses += 1
            if step != path[-1]:
                await asyncio.sleep(0.8)  # as long as what has just opened takes no press
        for _ in range(20):
            if done() or self._loop.time() > end:
                break
            await asyncio.sleep(0.05)
        return done()

    @staticmethod
    def _button(page: Page, step: str) -> Locator:
        able = ":not([aria-disabled])"
        if step.startswith("="):
            return page.locator(f".over button{able}", has_text=step[1:]).first
        return page.locator(f"[data-key='{step}']{able}").last


class PageCaller(Caller):
    """What a counter asks is pressed on its page, now and then on its window or its keypad."""

    def __init__(
        self,
        link: Session,
        agenda: Agenda,
        history: History,
        *,
        floor: Floor,
        centre: Centre,
        keypad: Session,
        states: dict[int, CounterState],
    ) -> None:
        super().__init__(link, agenda, history)
        self._counter = int(link.device.rpartition("-")[2])
        self._floor = floor
        self._centre = centre
        self._keypad = Caller(keypad, agenda, history)
        self._states = states
        self._serial = 0

    @property
    def _state(self) -> CounterState | None:
        return self._states.get(self._counter)

    def ask(self, command: AnyCommand, on_answer: Answered, attempt: int = 1) -> None:
        """Press what `command` says; the answer is what the counter's state then shows."""
        self._serial += 1
        way = (self._serial + self._counter) % EVERY
        path = _path(command, self._state, self._centre)
        if path is None or attempt > 1 or way == BY_WINDOW:
            super().ask(command, on_answer, attempt)
        elif way == BY_KEYPAD and isinstance(command, StartServing | Recall):
            self._keypad.ask(command, on_answer)
        else:
            done = self._is_done(command)
            pressed = self._floor.do(self._floor.carry_out(self._counter, path, done))
            pressed.add_done_callback(
                lambda _: self._agenda.post(lambda: self._say(done, command, on_answer))
            )

    def _say(self, done: Callable[[], bool], command: AnyCommand, on_answer: Answered) -> None:
        assert self._state
        if done():
            on_answer(Reply(id=command.id, ok=True, rev=self._state.rev))
        else:
            on_answer(Reply(id=command.id, ok=False, error=Error.TOO_SOON))

    def _is_done(self, command: AnyCommand) -> Callable[[], bool]:
        before = self._state
        assert before
        calls = before.current.calls if before.current else 0
        return lambda: self._state is not None and _shows(command, self._state, calls)


def _path(command: AnyCommand, state: CounterState | None, centre: Centre) -> "list[str] | None":  # noqa: C901, PLR0911, PLR0912 - one case each
    """Return what an officer presses for it, one after another; None where no page has it."""
    match command:
        case OpenCounter():
            return ["presence"]
        case PauseCounter():
            return ["presence", "choose:0", "=Chưa biết"]
        case CloseCounter():
            return ["more", "=Đóng quầy"]
        case CallNext(current_to=CurrentTo.PARK):
            return ["second"]
        case CallNext(current_to=CurrentTo.ABSENT):
            return ["absent"]  # and then the next, as the desk goes on
        case CallNext():
            return ["primary"]
        case CallTicket():
            return ["tab:parked", f"call:{command.ticket}"]
        case StartServing():
            return ["arrived"]
        case Recall():
            return ["recall"]
        case Finish():
            calls = state is not None and "call_next.finish" in state.legal
            return ["more", "=Xong, chưa gọi tiếp"] if calls else ["primary"]
        case MarkAbsent():
            return ["absent"]
        case Park():
            return ["park"]
        case Transfer():
            names = [s.name("vi") for s in centre.services if s.code == command.to_service]
            return ["transfer", f"={names[0]}"]
        case ReturnToQueue():
            return ["tab:absent", f"row:{command.ticket}", "=Đã quay lại"]
        case VoidTicket():
            parked = state is not None and command.ticket in {row.ticket for row in state.parked}
            tab = "tab:parked" if parked else "tab:waiting"
            return [tab, f"row:{command.ticket}", "=Hủy số này", "choose:0"]
    return None


def _shows(command: AnyCommand, state: CounterState, calls: int) -> bool:  # noqa: C901, PLR0911 - one case each
    """Return whether a counter's state shows that a command was carried out."""
    current = state.current.ticket if state.current else None
    match command:
        case OpenCounter():
            return state.status is CounterStatus.OPEN
        case PauseCounter():
            return state.status is CounterStatus.PAUSED
        case CloseCounter():
            return state.status is CounterStatus.CLOSED
        case CallNext(current=None):
            return current is not None
        case CallNext():
            return current != command.current
        case CallTicket():
            return current == command.ticket
        case StartServing():
            serving = state.current is not None and state.current.state is TicketState.SERVING
            return current != command.ticket or serving
        case Recall():
            return current != command.ticket or (
                state.current is not None and state.current.calls > calls
            )
        case Finish() | MarkAbsent() | Park() | Transfer():
            return current != command.ticket
        case ReturnToQueue():
            return all(row.ticket != command.ticket for row in state.absent)
        case VoidTicket():
            listed = (*state.waiting, *state.parked)
            return all(row.ticket != command.ticket for row in listed)
    return False


@contextmanager
def nine_browsers(url: str, data: Path, counters: list[int], cable: Cable) -> Iterator[Floor]:
    db = open_site_db(data / FILE_NAME)
    accounts = Accounts(db)
    for counter in counters:
        officer = Account(f"officer-{counter}", f"Cán bộ {counter}", Role.OFFICER, (counter,))
        accounts.add(officer, PASSWORD)
    db.close()
    floor = Floor(url, counters, cable)
    floor.start()
    try:
        yield floor
    finally:
        floor.stop()


@pytest.mark.parametrize("run_centre", ["sqlite"], indirect=True)
def test_a_day_served_by_nine_browsers(
    run_centre: RunCentre, tmp_path: Path, lay_cable: Callable[[str, int], Cable]
) -> None:
    connection = run_centre("--now", f"{DAY}T06:55", "--speed", str(SPEED))
    clock = Clock.parse(connection.clock)

    def session_of(device: str, name: str = "day") -> Session:
        return connect(
            connection.account(device, name),
            connection.site,
            name,
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
            presence=False,
        )

    centre = hear_centre(session_of("kiosk-1"), WITHIN_S)
    counters = [counter.number for counter in centre.counters]
    assert len(counters) == 9
    keypad = session_of("keypad-1", "keypad")
    states: dict[int, CounterState] = {}
    keypad.follow_counters(counters, lambda state: states.update({state.counter: state}))
    keypad.start()
    data = tmp_path / "data"
    cable = lay_cable("127.0.0.1", urlsplit(connection.web).port or 0)
    with nine_browsers(connection.web, data, counters, cable) as floor:
        caller = partial(PageCaller, floor=floor, centre=centre, keypad=keypad, states=states)
        day = day_clock(centre, clock, None)
        play = Play(centre, session_of, day, Script(1, TICKETS), caller)
        agenda = play.agenda
        agenda.at(CUT_FROM_S, cable.cut)
        agenda.at(CUT_UNTIL_S, cable.mend)
        agenda.at(KILLED_AT_S, lambda: floor.begin(floor.kill(KILLED)))
        ends = time.monotonic() + DAY_WITHIN_S

        def tell(_moment: object) -> None:
            assert time.monotonic() < ends, "the day did not come to its end"

        play.run(tell)
        assert floor.presses > 2 * TICKETS
    keypad.stop()
    assert play.history.problems(centre) == []
    with open_reader(store_url(data), SITE) as store:
        bodies = [json.loads(event.body or b"{}") for event in store.events()]
        tickets = list(store.tickets(DAY).values())
    assert len(tickets) == TICKETS
    assert not {"waiting", "called", "serving", "parked"} & {ticket.state for ticket in tickets}
    by = {body["by"] for body in bodies if body.get("by")}
    assert by == {f"officer-{counter}" for counter in counters}, "every press carries its account"
    check_numbers([ticket.number for ticket in tickets])
    papers = data / "paper" / "kiosk-1" / DAY
    assert {path.stem for path in papers.glob("*.png")} == {ticket.number for ticket in tickets}
    command = [sys.executable, "-m", "appliance", "verify", "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def check_numbers(numbers: list[str]) -> None:
    assert len(numbers) == len(set(numbers))
    for digit in {number[0] for number in numbers}:
        series = sorted(int(number[1:]) for number in numbers if number[0] == digit)
        assert series == list(range(1, len(series) + 1))

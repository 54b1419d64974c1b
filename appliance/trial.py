"""`denluot trial`: the whole centre on a copy of its data, until a ticket was issued and shown.

An upgrade has a new release do this before the hall sees it. The copy belongs to the trial: what is
given and called there is nobody's number. How it is called is a promise to every release before.
"""

import http.client
import logging
import os
import queue
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from appliance.centre import RunningCentre
from appliance.connection import Connection, read_connection
from appliance.errors import ApplianceError
from appliance.plan import Options, demonstration_device
from bus.broker import free_port, mosquitto_program
from bus.codec import Message, MessageError, decode
from bus.commands import (
    CalledTicket,
    CallTicket,
    Command,
    Finish,
    IssuedTicket,
    IssueTicket,
    OpenCounter,
    Reply,
    result_of,
)
from bus.errors import BusError
from bus.mqtt import MqttBus
from bus.orders import Acknowledgement
from bus.port import Incoming
from bus.session import Session, at_once, connect
from bus.states import CounterState
from bus.topics import Topics
from bus.vocabulary import AckOutcome, Error
from config import Centre, Clock, ConfigError, Device, centre_from_wire, load_centre, load_device
from config.settings import KnownDevice, Role
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import ProvisioningError
from provisioning.site_db import FILE_NAME as SITE_DB
from provisioning.site_db import open_site_db
from wait_log.dialects import store_url
from wait_log.errors import StoreError
from wait_log.reader import open_reader

_OF_A_BOX = (
    "kiosk.__main__",
    "display.board.__main__",
    "display.announcer.__main__",
    "display.sign.__main__",
    "counter_caller.panel.__main__",
    "counter_caller.keypad.__main__",
)
_LOADED_WITHIN_S = 120.0
_ANSWER_WITHIN_S = 60.0
_OK = 200
M = TypeVar("M", bound=Message)
Got = TypeVar("Got")


def command(arguments: list[str]) -> int:
    """Try it; return 0 when everything worked, 1 with the reason when something did not."""
    t = words_of(os.environ)
    parser = CommandParser(
        "denluot trial",
        t(
            "Chạy thử cả trung tâm trên một bản chép dữ liệu: lấy một số, gọi, hiện trên bảng. "
            "Lệnh nâng cấp tự gọi lệnh này; đừng dùng với dữ liệu thật."
        ),
        t,
    )
    parser.add_argument("--data", type=Path, metavar="DIR", required=True, help=t("bản chép"))
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help=t("cấu hình trung tâm (centre.toml)")
    )
    parser.add_argument(
        "--device", type=Path, metavar="FILE", help=t("thiết bị của máy này (device.toml)")
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level="WARNING", format="%(asctime)s %(message)s")
    try:
        load_device(options.device)
        if mosquitto_program() is None:
            try_box(_say)
        else:
            try_centre(options.data, options.config, _say)
    except (
        ApplianceError,
        BusError,
        ConfigError,
        MessageError,
        ProvisioningError,
        StoreError,
        OSError,
    ) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _say(said: str) -> None:
    print(said, flush=True)  # noqa: T201


def try_box(say: Callable[[str], None]) -> None:
    """Load every program of a box that is no server and so has no broker; raises what is missing.

    How they do in the hall is seen after the switch: its data are the server's.
    """
    loading = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", loading, *_OF_A_BOX],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_LOADED_WITHIN_S,
        check=False,
    )
    if done.returncode:
        raise ApplianceError(" | ".join(done.stderr.strip().splitlines()[-2:]))
    say(f"loaded {' '.join(_OF_A_BOX)}")


def try_centre(data: Path, config: Path | None, say: Callable[[str], None]) -> None:
    """Run the centre whose data are in `data` and serve one person; raises what goes wrong."""
    open_site_db(data / SITE_DB).close()  # the pages would do without
    centre = _centre(data, load_centre(config))
    options = Options(
        config=config,
        data=data,
        headless=True,
        always_open=True,
        all_counters=False,
        silent=True,
    )
    running = RunningCentre(
        centre,
        _device(centre, options),
        options,
        clock=Clock(),
        mqtt_port=free_port(),
        environment=os.environ,
    )
    screens = _screens_load()
    if not screens:  # a server alone has no libraries for windows: its board is a page
        running.plan = [program for program in running.plan if not program.screen]
    running.start(say)
    try:
        _serve_one(read_connection(data), centre, say, screens=screens)
    finally:
        running.stop()


def _screens_load() -> bool:
    probe = [sys.executable, "-c", "import PySide6.QtQuick"]
    done = subprocess.run(probe, capture_output=True, timeout=_LOADED_WITHIN_S, check=False)  # noqa: S603
    return done.returncode == 0


def _centre(data: Path, filed: Centre) -> Centre:
    """Return the version in force, which the copied store has; of a new one the file's."""
    with closing(open_reader(store_url(data), filed.identity.site)) as reader:
        row = reader.newest_config() if reader.exists() else None
    if row is None:
        return filed
    try:
        return centre_from_wire(msgspec.json.decode(row.body))
    except msgspec.DecodeError as error:
        raise ApplianceError(f"version {row.version} of the configuration: {error}") from error


def _device(centre: Centre, options: Options) -> Device:
    """Return a box that has one of each, by the names that this centre gives them."""
    plain = demonstration_device(options, [], centre.identity.site, free_port())
    kiosk, board, announcer = (
        _first(centre, role) for role in (Role.KIOSK, Role.BOARD, Role.ANNOUNCER)
    )
    return replace(
        plain,
        kiosk=replace(plain.kiosk, device=kiosk.id) if kiosk else plain.kiosk,
        boards=(replace(plain.boards[0], device=board.id),) if board else (),
        announcer=replace(plain.announcer, device=announcer.id) if announcer else plain.announcer,
    )


def _first(centre: Centre, role: Role) -> KnownDevice | None:
    return next((known for known in centre.devices if known.role is role), None)


def _serve_one(
    connection: Connection, centre: Centre, say: Callable[[str], None], *, screens: bool
) -> None:
    desk, counter = next(
        (known, known.counters[0])
        for known in centre.devices
        if known.role is Role.COUNTER and known.counters
    )
    board = _first(centre, Role.BOARD) if screens else None
    clock = Clock()
    link = connect(
        connection.account(desk.id, "trial"),
        connection.site,
        Role.COUNTER,
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=at_once,
        presence=False,
    )
    states: queue.SimpleQueue[CounterState] = queue.SimpleQueue()
    link.follow_counters([counter], states.put)
    seen = _acknowledgements(connection, board)
    seen.bus.start()
    link.start()
    try:
        _ask(link, OpenCounter(counter=counter))
        current = _next(states, "state/counter").current
        if current is not None:  # the copy was made while somebody stood there
            _ask(link, Finish(counter=counter, ticket=current.ticket))
        issued = _issue(link, centre, counter)
        said = _ask(link, CallTicket(counter=counter, ticket=issued.ticket))
        called = _taken(said, CalledTicket)
        say(f"ticket {issued.number} called counter={counter} call_seq={called.call_seq}")
        if board is not None:
            _await_shown(seen.heard, called.call_seq)
        else:
            _await_page(connection.web, issued.number)
        say(f"ticket {issued.number} shown board={board.id if board else 'page'}")
    finally:
        link.stop()
        seen.bus.stop()
    _require_pages(connection.web)
    say("pages well")


def _issue(link: Session, centre: Centre, counter: int) -> IssuedTicket:
    """Take a number of a service of this counter that has one left."""
    served = next(each.serves for each in centre.counters if each.number == counter)
    reply = Reply(id="", ok=False, error=Error.UNKNOWN)
    for service in served:
        reply = _ask(link, IssueTicket(service=service))
        if reply.ok or reply.error is not Error.FULL:
            break
    return _taken(reply, IssuedTicket)


class _Seen:
    """What a board says that it showed."""

    def __init__(self, bus: MqttBus) -> None:
        self.bus = bus
        self.heard: queue.SimpleQueue[Acknowledgement] = queue.SimpleQueue()

    def take(self, message: Incoming) -> None:
        """Keep one acknowledgement."""
        self.heard.put(decode(Acknowledgement, message.payload))


def _acknowledgements(connection: Connection, board: KnownDevice | None) -> _Seen:
    seen = _Seen(MqttBus(connection.account("service", "trial"), random.SystemRandom()))
    if board is not None:
        seen.bus.subscribe(Topics(connection.site).acknowledgement(board.id), seen.take)
    return seen


def _await_shown(heard: "queue.SimpleQueue[Acknowledgement]", call_seq: int) -> None:
    deadline = time.monotonic() + _ANSWER_WITHIN_S
    while (left := deadline - time.monotonic()) > 0:
        try:
            ack = heard.get(timeout=left)
        except queue.Empty:
            break
        if ack.call_seq == call_seq and ack.outcome is AckOutcome.SHOWN:
            return
    raise ApplianceError("no board showed the call")


def _await_page(address: str, number: str) -> None:
    """Return when the board's page is told to show `number`; raises ApplianceError."""
    where = urlsplit(address)
    link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_ANSWER_WITHIN_S)
    deadline = time.monotonic() + _ANSWER_WITHIN_S
    try:
        link.request("GET", "/board/events?screen=trial")
        stream = link.getresponse()
        while time.monotonic() < deadline and (told := stream.readline()):
            if number.encode() in told:
                return
    except (OSError, http.client.HTTPException) as error:
        raise ApplianceError(f"the board's page says nothing: {error}") from error
    finally:
        link.close()
    raise ApplianceError(f"the board's page never showed {number}")


def _ask(link: Session, asked: Command) -> Reply:
    replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
    link.ask(asked, replies.put, within_s=_ANSWER_WITHIN_S)
    return _next(replies, type(asked).__name__)


def _next(answers: "queue.SimpleQueue[Got]", what: str) -> Got:
    try:
        return answers.get(timeout=_ANSWER_WITHIN_S + 1)
    except queue.Empty as error:
        raise ApplianceError(f"no answer: {what}") from error


def _taken(reply: Reply, kind: type[M]) -> M:
    if not reply.ok:
        raise ApplianceError(f"refused: {reply.error} {reply.message or ''}")
    return result_of(reply, kind)


def _require_pages(address: str) -> None:
    """Raise ApplianceError unless the pages say that they are well."""
    where = urlsplit(address)
    deadline = time.monotonic() + _ANSWER_WITHIN_S
    while True:
        link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        try:
            link.request("GET", "/healthz")
            answer = link.getresponse()
            said = answer.read(1000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise ApplianceError(f"the pages do not answer: {error}") from error
        finally:
            link.close()
        if answer.status == _OK:
            return
        if time.monotonic() > deadline:
            raise ApplianceError(f"the pages are not well: {' '.join(said.split())}")

"""Serve one person on the machine this runs on: a number taken, called, and shown on a board.

    /opt/denluot/current/bin/python visit.py

Prints what came of it as JSON. It speaks as the machine's own kiosk, web pages and service.
"""

import json
import queue
import random
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from bus.codec import Message, decode
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
from bus.mqtt import Account, MqttBus
from bus.orders import Acknowledgement
from bus.session import Session, at_once, connect
from bus.topics import Topics
from bus.vocabulary import AckOutcome
from config import Clock, load_centre, load_device
from provisioning.layout import Layout

WITHIN_S = 60.0
BY = "visit"
"""For whom the pages act: somebody at a counter."""
M = TypeVar("M", bound=Message)


def main() -> int:
    layout = Layout()
    device, centre = load_device(layout.device_file), load_centre(layout.centre_file)
    of_server = layout.broker / "of-devices"

    def account(name: str) -> Account:
        file = of_server / name
        secret = (file if file.exists() else layout.broker_password).read_text().strip()
        return Account(str(layout.broker_socket), 0, "visit", name, secret)

    def link(name: str) -> Session:
        clock = Clock()
        return connect(
            account(name),
            device.site,
            name,
            now=clock.now,
            monotonic=clock.monotonic,
            deliver=at_once,
            presence=False,
        )

    shown: queue.SimpleQueue[Acknowledgement] = queue.SimpleQueue()
    board = device.boards[0].device
    listener = MqttBus(account("service"), random.SystemRandom())
    listener.subscribe(
        Topics(device.site).acknowledgement(board),
        lambda heard: shown.put(decode(Acknowledgement, heard.payload)),
    )
    kiosk, pages = link(device.kiosk.device), link("web")
    counter = centre.counters[0]
    clients = (listener, kiosk, pages)
    began = time.monotonic()
    for client in clients:
        client.start()
    try:
        ask(pages, OpenCounter(counter=counter.number, by=BY))
        issued = taken(ask(kiosk, IssueTicket(service=next(iter(counter.serves)))), IssuedTicket)
        call = CallTicket(counter=counter.number, ticket=issued.ticket, by=BY)
        called = taken(ask(pages, call), CalledTicket)
        await_shown(shown.get, called.call_seq)
        ask(pages, Finish(counter=counter.number, ticket=issued.ticket, by=BY))
    finally:
        for client in clients:
            client.stop()
    took_s = round(time.monotonic() - began, 2)
    sys.stdout.write(json.dumps({"number": issued.number, "board": board, "took_s": took_s}) + "\n")
    return 0


def ask(link: Session, command: Command) -> Reply:
    replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
    link.ask(command, replies.put, within_s=WITHIN_S)
    return replies.get(timeout=WITHIN_S + 1)


def taken(reply: Reply, kind: type[M]) -> M:
    if not reply.ok:
        sys.exit(f"refused: {reply.error} {reply.message or ''}")
    return result_of(reply, kind)


def await_shown(get: Callable[..., Acknowledgement], call_seq: int) -> None:
    """Return when the board says that it shows the call; queue.Empty when it never does."""
    while True:
        heard = get(timeout=WITHIN_S)
        if (heard.call_seq, heard.outcome) == (call_seq, AckOutcome.SHOWN):
            return


if __name__ == "__main__":
    sys.exit(main())

"""The board's addresses over real sockets: for this machine, and for the public."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from itertools import takewhile
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bus.codec import decode
from bus.memory import MemoryBus
from bus.orders import Acknowledgement
from bus.states import BoardState, Call, State
from web.assets import BOARD_STATIC
from web.server import Server

Publish = Callable[[State], None]
Answer = tuple[HTTPResponse, str]
Event = tuple[str, dict[str, object]]
WAIT_S = 60.0


def _ask(listener: socket.socket, target: str, method: str = "GET", **headers: str) -> Answer:
    return _send(listener, target, method, None, headers)


def _send(
    listener: socket.socket, target: str, method: str, body: bytes | None, headers: dict[str, str]
) -> Answer:
    host, port = listener.getsockname()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
        connection.request(method, target, body, named)
        with connection.getresponse() as response:
            return response, response.read().decode(errors="replace")


def _say(listener: socket.socket, said: object, **headers: str) -> int:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = {"Content_Type": "application/json", **headers}
    return _send(listener, "/board/painted", "POST", body, headers)[0].status


@contextmanager
def _page(listener: socket.socket, query: str = "") -> Iterator[Iterator[Event]]:
    host, port = listener.getsockname()
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
        connection.request("GET", f"/board/events{query}")
        with connection.getresponse() as stream:
            assert stream.getheader("Content-Type", "").startswith("text/event-stream")
            yield _events(stream)


def _events(stream: HTTPResponse) -> Iterator[Event]:
    name, data = "", ""
    for raw in stream:
        line = raw.decode().rstrip("\r\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line:
            yield name, json.loads(data)


def _scene_with(events: Iterator[Event], number: str) -> dict[str, object]:
    return next(told for name, told in events if name == "scene" and number in json.dumps(told))


@pytest.fixture
def public(server: tuple[Server, threading.Thread], board_listener: socket.socket) -> socket.socket:
    assert server[1].is_alive()
    return board_listener


@pytest.fixture
def acknowledged(service_bus: MemoryBus) -> list[tuple[int, str]]:
    """Return what is acknowledged, in order, as it comes."""
    said: list[tuple[int, str]] = []

    def hear(ack: Acknowledgement) -> None:
        said.append((ack.call_seq, ack.outcome.value))

    topic = "denluot/v1/nhi-chieu/ack/web"
    service_bus.subscribe(topic, lambda message: hear(decode(Acknowledgement, message.payload)))
    return said


def test_a_page_is_greeted_shown_and_believed(
    public: socket.socket,
    publish: Publish,
    board: BoardState,
    call: Callable[..., Call],
    acknowledged: list[tuple[int, str]],
) -> None:
    publish(board)
    with _page(public, "?screen=tv-1") as events:
        name, hello = next(events)
        assert name == "hello"
        assert hello["speed"] == 0.001
        told = _scene_with(events, "2005")
        late_ms = int(str(told["at"])) - 1_795_422_240_000  # the clock runs on, slowly
        assert 0 <= late_ms < 1000, "08:24 in the hall, counted as if it were UTC"
        token = hello["token"]
        assert _say(public, {"token": token, "serial": told["serial"]}) == 204
        one = call(7, "2005", 2, at=board.at)
        publish(BoardState(epoch="E", rev=2, at=board.at, calls=(one,), counters=board.counters))
        told = _scene_with(events, '"call_seq": 7')
        assert _say(public, {"token": token, "serial": told["serial"]}) == 204
        assert next(name for name, _ in events if name != "scene") == "beat"
        assert acknowledged == [(7, "accepted"), (7, "shown")]
        assert _say(public, {"token": token, "serial": 0, "visible": False}) == 204
    assert _say(public, {"token": "guess", "serial": 1}) == 404


def test_the_public_listener_serves_nothing_of_the_staff(
    public: socket.socket, listener: socket.socket
) -> None:
    assert _ask(public, "/")[0].getheader("Location") == "/t"
    for target in ("/events", "/today.csv", "/metrics", "/static/today.js", "/fonts/x.ttf"):
        assert _ask(public, target)[0].status == 404, target
    for where in (public, listener):
        response, text = _ask(where, "/board?screen=tv-3&layout=portrait")
        assert response.status == 200
        assert 'data-layout="portrait"' in text
        assert "style=" not in text
        assert response.getheader("Cache-Control") == "no-store"
        for target in ("/board/static/board.js", "/board/fonts/noto-sans.ttf"):
            response, _ = _ask(where, target)
            assert response.status == 200
            assert "immutable" in response.getheader("Cache-Control", "")
    assert _ask(public, "/board/static/..%2Ftoday.js")[0].status == 404


def test_a_page_needs_nothing_from_outside_or_younger_than_a_television(
    public: socket.socket,
) -> None:
    shipped = [f"/board/static/{path.name}" for path in BOARD_STATIC.iterdir()]
    assert len(shipped) == 5
    for target in ("/board", *shipped):
        text = _ask(public, target)[1].replace("http://www.w3.org/2000/svg", "")
        assert "//" not in "".join(line.partition("// ")[0] for line in text.splitlines())
        for young in (
            "=>",
            "?.",
            "??",
            "`",
            "import ",
            "clamp(",
            "display: grid",
            ":has(",
            " gap:",
        ):
            assert young not in text, (target, young)


def test_pictures_beside_the_calls_are_those_of_the_folder(
    public: socket.socket, media_folder: Path
) -> None:
    (media_folder / "Áp phích 1.png").write_bytes(b"picture")
    (media_folder.parent / "secret.png").write_bytes(b"secret")
    response, text = _ask(public, "/board/media")
    (file,) = json.loads(text)["files"]
    assert (response.status, file["name"]) == (200, "Áp phích 1.png")
    address = f"/board/media/{quote(file['name'])}?v={file['version']}"
    response, text = _ask(public, address)
    assert (response.status, text) == (200, "picture")
    assert response.getheader("Content-Type") == "image/png"
    for name in ("..%2Fsecret.png", "../secret.png", "secret.png", "%2Fetc%2Fpasswd"):
        assert _ask(public, f"/board/media/{name}")[0].status == 404, name


def test_the_board_in_english(public: socket.socket) -> None:
    text = _ask(public, "/board?lang=en")[1]
    assert '<html lang="en">' in text
    assert "Now serving" in text
    assert 'data-days="Monday,' in text


def test_a_wrong_address_is_told_what_is_right(public: socket.socket) -> None:
    for target in ("/board?counters=all", "/board/events?screen=%3Cscript%3E"):
        response, text = _ask(public, target)
        assert response.status == 400
        assert text.startswith(("counters: ", "screen: "))
        assert "script" not in text


def test_who_may_say_what_was_painted(public: socket.socket) -> None:
    said = {"token": "guess", "serial": 1}
    assert _say(public, said, Host="192.168.1.5:8081") == 404
    assert _say(public, said, Host="attacker.example") == 421
    assert _say(public, b"x" * 513) == 413


def test_a_body_too_long_is_refused_however_it_comes(public: socket.socket) -> None:
    host, port = public.getsockname()
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as connection:
        pieces = iter([b'{"token": "', b"x" * 500, b'"}'])
        connection.request("POST", "/board/painted", pieces, encode_chunked=True)
        assert connection.getresponse().status == 413


def test_nothing_else_takes_a_body(public: socket.socket) -> None:
    for target in ("/board", "/board/events", "/board/media"):
        assert _ask(public, target, "POST")[0].status == 405
    assert _ask(public, "/", "POST")[0].status == 405


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=512)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.dictionaries(st.sampled_from(["token", "serial", "visible"]), inner),
        max_leaves=5,
    ).map(lambda said: json.dumps(said).encode()[:512])
)
def test_hostile_words_change_nothing(public: socket.socket, said: bytes) -> None:
    assert _say(public, said) in {400, 404, 429}


def test_one_address_cannot_speak_without_end(public: socket.socket) -> None:
    statuses = (_say(public, {"token": "guess", "serial": 1}) for _ in range(2000))
    heard = list(takewhile(lambda status: status != 429, statuses))
    assert set(heard) == {404}
    assert len(heard) < 1000
    assert _ask(public, "/board")[0].status == 200


def test_a_page_too_many_is_turned_away(public: socket.socket, listener: socket.socket) -> None:
    host, port = public.getsockname()
    pages = [HTTPConnection(host, port, timeout=WAIT_S) for _ in range(48)]
    for page in pages:
        page.request("GET", "/board/events")
        assert page.getresponse().readline(), "greeted: it has its place"
    assert _ask(public, "/board/events")[0].status == 503
    assert _ask(listener, "/first")[0].status == 200, "managers are not held up"
    pages.pop().close()
    with closing(HTTPConnection(host, port, timeout=WAIT_S)) as page:
        statuses: list[int] = []
        while 200 not in statuses:
            page.request("GET", "/board/events" if len(statuses) < 200 else "/gone")
            response = page.getresponse()
            statuses.append(response.status)
            if response.status != 200:
                response.read()
    for page in pages:
        page.close()

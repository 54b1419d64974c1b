"""What a kiosk fetches over a real socket."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hall.procedures import NO_DOCUMENT
from kiosk.kept_procedures import PATH, FetchError, fetch_from

ANSWERS = {"whole": (200, NO_DOCUMENT.body), "older": (404, b"")}


class _Pages(BaseHTTPRequestHandler):
    answer = (200, b"")

    def do_GET(self) -> None:
        status, body = self.answer
        self.send_response(status if self.path == PATH else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    handler = type("Pages", (_Pages,), {"answer": ANSWERS[request.param]})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        yield server.server_port
        thread.join(60)


@pytest.mark.full
@pytest.mark.parametrize("port", ["whole"], indirect=True)
def test_the_document_is_fetched_whole(port: int) -> None:
    assert fetch_from("127.0.0.1")(port) == NO_DOCUMENT.body


@pytest.mark.full
@pytest.mark.parametrize("port", ["older"], indirect=True)
def test_a_server_without_the_document_is_an_error(port: int) -> None:
    with pytest.raises(FetchError, match="404"):
        fetch_from("127.0.0.1")(port)


@pytest.mark.full
def test_nobody_listening_is_an_error() -> None:
    with pytest.raises(FetchError):
        fetch_from("/run/denluot/mqtt.sock")(1)

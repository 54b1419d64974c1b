import socket
from collections.abc import Iterator

import pytest

from config.settings import KeypadUnit, SerialKeypads
from hardware.keypad import KeypadUnavailable
from hardware.keypad.line import SerialPort


def line(url: str) -> SerialKeypads:
    return SerialKeypads(url=url, units=(KeypadUnit(address=3, counter=3),))


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        yield server


def read(port: SerialPort, size: int) -> bytes:
    received = b""
    for _ in range(200):
        received += port.read()
        if len(received) >= size:
            break
    return received


def test_bytes_go_both_ways_and_take_their_time() -> None:
    port = SerialPort(line("loop://"))
    assert port.write(b"K03 NEXT\r\n") == pytest.approx(10 * 10 / 9600)
    assert read(port, 10) == b"K03 NEXT\r\n"
    assert port.read() == b""
    port.close()


def test_a_line_may_hang_on_a_converter_in_the_network(server: socket.socket) -> None:
    port = SerialPort(line(f"socket://127.0.0.1:{server.getsockname()[1]}"))
    converter, _ = server.accept()
    converter.sendall(b"K03 NEXT\r\n")
    assert read(port, 10) == b"K03 NEXT\r\n"
    port.write(b"P03\r\n")
    assert converter.recv(16) == b"P03\r\n"
    converter.close()
    with pytest.raises(KeypadUnavailable, match="is gone"):
        read(port, 1)
    port.close()
    port.close()


@pytest.mark.parametrize("url", ["/dev/nowhere", "nonsense://x", "socket://127.0.0.1:1"])
def test_what_cannot_be_opened_is_named(url: str) -> None:
    with pytest.raises(KeypadUnavailable, match=f"no line at {url}"):
        SerialPort(line(url))

import pytest

from web.errors import AddressError
from web.server import listen, listen_for_boards


def test_listens_on_this_machine() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        with listen(host, 0) as listener:
            assert listener.getsockname()[1] > 0


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2", "192.168.1.5", "example.org", "::"])  # noqa: S104
def test_refuses_every_other_address(host: str) -> None:
    with pytest.raises(AddressError, match="on this machine only"):
        listen(host, 0)


@pytest.mark.parametrize("port", [-1, 65536])
def test_refuses_what_is_no_port(port: int) -> None:
    with pytest.raises(AddressError, match="a port is 0 to 65535"):
        listen("127.0.0.1", port)


def test_says_when_the_port_is_taken() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(AddressError, match=f"{port}: Address already in use"):
            listen("127.0.0.1", port)


def test_listens_for_boards_where_it_is_told() -> None:
    with listen_for_boards("0.0.0.0", 0) as listener:  # noqa: S104
        port = listener.getsockname()[1]
        with pytest.raises(
            AddressError, match=r"Address already in use; choose another web\.board"
        ):
            listen_for_boards("127.0.0.1", port)
    with pytest.raises(AddressError, match=r"cannot listen on 1\.2\.3\.4:0: Cannot assign"):
        listen_for_boards("1.2.3.4", 0)

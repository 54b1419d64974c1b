import pytest

from web.guard import Pace, _host_name, is_address


@pytest.mark.parametrize(
    ("host", "name"),
    [(b"localhost:8080", "localhost"), (b"[::1]:8080", "[::1]"), (b"A.B", "a.b"), (b"", "")],
)
def test_host_name(host: bytes, name: str) -> None:
    assert _host_name(host) == name


@pytest.mark.parametrize(
    ("host", "is_one"),
    [("192.168.1.5", True), ("[fe80::1]", True), ("", False), ("1.2.3", False), ("a.b", False)],
)
def test_address(host: str, is_one: bool) -> None:
    assert is_address(host) is is_one


def test_a_burst_then_a_pace_for_each_address() -> None:
    at = [0.0]
    pace = Pace(lambda: at[0], per_s=2, burst=3)
    assert [pace.allows("tv") for _ in range(5)] == [True, True, True, False, False]
    assert pace.allows("another")
    at[0] = 1.0
    assert [pace.allows("tv") for _ in range(3)] == [True, True, False]
    at[0] = 100.0
    assert [pace.allows("tv") for _ in range(4)] == [True, True, True, False]


def test_remembers_no_more_addresses_than_it_should() -> None:
    pace = Pace(lambda: 0.0, burst=1, most=2)
    assert [pace.allows(name) for name in ("a", "b", "b")] == [True, True, False]
    assert pace.allows("c")
    assert pace.allows("a"), "forgotten, as it was heard longest ago"
    assert not pace.allows("c")

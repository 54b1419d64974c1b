"""Tests of how the boxes follow the server's clock."""

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.settings import BrokerAddress, Device
from provisioning.install.clock import HEAD, sources, write_sources


def at(host: str) -> Device:
    return Device(broker=BrokerAddress(host=host))


@pytest.mark.parametrize("host", ["192.168.1.10", "fd00::10", "may-chu.local", "[fd00::10]"])
def test_the_server_comes_before_any_other_clock(host: str) -> None:
    assert f"server {host.strip('[]')} iburst" in sources(at(host))
    assert "prefer trust" in sources(at(host))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "/run/denluot/mqtt.sock"])
def test_a_machine_that_is_not_paired_follows_nobody(host: str) -> None:
    assert sources(at(host)) == HEAD


@pytest.mark.parametrize(
    "host", ["a\nmakestep 0 -1", "a b", "-x", "x" * 254, "a..b", "", "máy-chủ", "a;b"]
)
def test_nothing_but_a_host_reaches_the_file(host: str) -> None:
    with pytest.raises(ConfigError):
        sources(at(host))


def test_the_file_is_written_when_the_server_has_moved(tmp_path: Path) -> None:
    file = tmp_path / "denluot.sources"
    file.write_bytes(b"server 10.0.0.1 ibu\xff")  # what a power cut left
    assert write_sources(file, at("10.0.0.2"))
    assert not write_sources(file, at("10.0.0.2"))
    assert "10.0.0.2" in file.read_text()

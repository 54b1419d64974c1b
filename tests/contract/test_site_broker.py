"""A site's own broker: real Mosquitto, TLS from the site's authority, accounts that come and go."""

import queue
import random
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bus.broker import free_port, mosquitto_program
from bus.mqtt import Account, MqttBus
from bus.port import Incoming
from bus.topics import Topics
from provisioning.authority import Authority
from provisioning.broker_settings import BrokerFiles, revoked_in
from provisioning.certificate import own_names
from provisioning.connections import COPIED_AFTER_S, HERE, Connections, LogTail
from provisioning.site_db import SiteDb, open_site_db
from provisioning.site_server import SiteServer

SITE = "nhi-chieu"
TOPICS = Topics(SITE)
ROLES = {"kiosk-1": "kiosk", "board-1": "board", "board-2": "board", "counter-3": "counter"}
REVOKED_WITHIN_S = 5.0


class Site:
    """A server with its broker, and the boxes that were paired with it."""

    def __init__(self, directory: Path) -> None:
        self.db: SiteDb = open_site_db(directory / "accounts.db")
        self.port = free_port()
        self.server = SiteServer(directory, SITE, self.db, directory / "mqtt.sock", port=self.port)
        self.server.prepare(ROLES)
        self.passwords: dict[str, str] = {}
        self.boxes: dict[str, str] = {}
        self.buses: list[MqttBus] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = mosquitto_program()
        if program is None:
            pytest.skip("mosquitto is not installed")
        command = [program, "-c", str(self.server.files.configuration)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        until(self.server.files.socket.exists)
        until(lambda: "running" in self.server.files.log.read_text())

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    def close(self) -> None:
        for bus in self.buses:
            bus.stop()
        self.stop()
        self.db.close()

    def pair(self, *devices: str) -> str:
        box, password = self.server.boxes.pair("Máy", devices, by="chu-tich", address="")
        self.passwords |= dict.fromkeys(devices, password)
        self.boxes[box] = devices[0]
        self.server.apply()
        return box

    def account(self, device: str, host: str = "127.0.0.1", **more: str) -> Account:
        authority = self.server.authority
        return Account(
            host,
            self.port,
            "test",
            device,
            more.get("password", self.passwords.get(device, "")),
            more.get("ca", str(authority.public)),
            more.get("name", authority.server_name),
        )

    def join(self, account: Account) -> "queue.Queue[bool]":
        """Start a client and return what it says of its link."""
        links: queue.Queue[bool] = queue.Queue()
        bus = MqttBus(account, random.Random(len(self.buses)))
        bus.on_link(links.put)
        self.buses.append(bus)
        bus.start()
        return links

    def service(self, *topics: str, into: "queue.Queue[Incoming] | None" = None) -> MqttBus:
        password = self.server.password_file("service").read_text().strip()
        bus = MqttBus(
            Account(str(self.server.files.socket), 0, "test", "service", password),
            random.Random(99),
        )
        for topic in topics:
            assert into is not None
            bus.subscribe(topic, into.put)
        up = threading.Event()
        bus.on_link(lambda linked: up.set() if linked else None)
        self.buses.append(bus)
        bus.start()
        assert up.wait(60)
        return bus


def until(condition: Callable[[], bool], within_s: float = 60.0) -> None:
    deadline, pause = time.monotonic() + within_s, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.02)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.start()
    yield site
    site.close()


def test_a_box_finds_its_server_at_any_address_and_after_every_restart(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost", "broker not reached"]
    site.pair("kiosk-1", "board-1")
    by_address, by_name = (
        site.join(site.account("kiosk-1")),
        site.join(site.account("board-1", "localhost")),
    )
    assert (by_address.get(timeout=60), by_name.get(timeout=60)) == (True, True)
    site.stop()
    assert (by_address.get(timeout=60), by_name.get(timeout=60)) == (False, False)
    site.server.prepare(ROLES)  # as at every start: nobody's password is another by that
    site.start()
    assert (by_address.get(timeout=60), by_name.get(timeout=60)) == (True, True)


@pytest.mark.full
def test_a_server_that_got_another_address_is_found_again_and_stays_found(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker not reached", "broker link lost"]
    site.pair("kiosk-1")
    asked: list[str] = []

    def find(name: str) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"]

    links: queue.Queue[bool] = queue.Queue()
    nowhere = site.account("kiosk-1", "255.255.255.255")
    bus = MqttBus(nowhere, random.Random(1), find=find)
    bus.on_link(links.put)
    site.buses.append(bus)
    bus.start()
    assert links.get(timeout=60) is True
    site.stop()
    assert links.get(timeout=60) is False
    site.start()
    assert links.get(timeout=60) is True
    assert set(asked) == {site.server.authority.server_name}


def test_no_password_is_said_to_whoever_cannot_prove_to_be_the_server(
    site: Site, tmp_path: Path, expected_warnings: list[str]
) -> None:
    expected_warnings.append("broker not reached")
    site.pair("kiosk-1")
    twin = Authority(tmp_path / "twin", SITE, site.db.now())
    for account in (
        site.account("kiosk-1", ca=str(twin.public)),
        site.account("kiosk-1", name="server.phuong-khac.denluot.internal"),
    ):
        before = _refusals(site)
        links = site.join(account)
        until(partial(lambda count: _refusals(site) >= count, before + 1))
        assert links.empty()
    assert "u'kiosk-1'" not in site.server.files.log.read_text()


def test_a_revoked_box_is_out_within_five_seconds_and_the_others_notice_nothing(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost client=kiosk-1", "broker refused client=kiosk-1"]
    stolen, _ = site.pair("kiosk-1"), site.pair("board-1")
    heard: queue.Queue[Incoming] = queue.Queue()
    service = site.service(TOPICS.every("cmd"), into=heard)
    kiosk, board = site.join(site.account("kiosk-1")), site.join(site.account("board-1"))
    assert (kiosk.get(timeout=60), board.get(timeout=60)) == (True, True)
    site.server.boxes.revoke(stolen, by="chu-tich", address="10.0.0.5")
    began = time.monotonic()
    assert site.server.apply()
    assert kiosk.get(timeout=60) is False
    assert time.monotonic() - began < REVOKED_WITHIN_S
    again = site.join(site.account("kiosk-1"))
    until(lambda: site.server.files.log.read_text().count("not authori") >= 1)
    assert (again.empty(), board.empty(), service.connected) == (True, True, True)
    assert revoked_in(site.server.files.folder) == {"kiosk-1"}
    new = site.pair("kiosk-1")
    assert site.join(site.account("kiosk-1")).get(timeout=60) is True
    assert revoked_in(site.server.files.folder) == frozenset()
    assert new != stolen


@pytest.mark.full
def test_another_box_that_takes_a_device_over_ends_the_one_before(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost client=kiosk-1", "broker refused client=kiosk-1"]
    site.pair("kiosk-1")
    old = site.join(site.account("kiosk-1"))
    assert old.get(timeout=60) is True
    site.pair("kiosk-1")
    assert old.get(timeout=60) is False
    assert site.join(site.account("kiosk-1")).get(timeout=60) is True


def test_a_box_speaks_for_its_own_devices_alone(site: Site) -> None:
    site.pair("kiosk-1")
    site.pair("board-1")
    heard: queue.Queue[Incoming] = queue.Queue()
    site.service(TOPICS.every("cmd"), into=heard)
    buses = {}
    for device in ("board-1", "kiosk-1"):
        assert site.join(site.account(device)).get(timeout=60) is True
        buses[device] = site.buses[-1]
    buses["board-1"].publish(TOPICS.command("kiosk-1"), b"forged")
    buses["board-1"].publish(TOPICS.command("board-1"), b"a board commands nothing")
    buses["kiosk-1"].publish(TOPICS.command("counter-3"), b"forged")
    assert buses["board-1"].confirmed(60)
    buses["kiosk-1"].publish(TOPICS.command("kiosk-1"), b"own")
    assert heard.get(timeout=60).payload == b"own"
    assert heard.empty()


def test_a_new_configuration_makes_and_ends_accounts_without_a_restart(
    site: Site, expected_warnings: list[str]
) -> None:
    expected_warnings += ["broker link lost client=counter-3", "broker refused client=counter-3"]
    site.pair("counter-3", "kiosk-9")
    counter = site.join(site.account("counter-3"))
    assert counter.get(timeout=60) is True
    assert site.server.take_roles({"kiosk-9": "kiosk", "board-1": "board"})
    assert counter.get(timeout=60) is False
    assert site.join(site.account("kiosk-9")).get(timeout=60) is True


def test_a_renewed_certificate_is_served_without_a_restart(site: Site) -> None:
    site.pair("kiosk-1")
    links = site.join(site.account("kiosk-1"))
    assert links.get(timeout=60) is True
    before = ssl.get_server_certificate(("127.0.0.1", site.port))
    site.server.authority.server.unlink()
    assert site.server.renew()
    until(lambda: ssl.get_server_certificate(("127.0.0.1", site.port)) != before)
    assert links.empty()
    assert not site.server.renew()


@pytest.mark.full
def test_nobody_speaks_old_tls(site: Site) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)):
        _greet(context, site.port)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert _greet(context, site.port) == "TLSv1.2"


@pytest.mark.full
def test_two_boxes_with_one_account_are_noticed_as_the_broker_tells_of_them(site: Site) -> None:
    outer = next((n for n in own_names() if n[0].isdigit() and not n.startswith("127.")), None)
    if outer is None:
        pytest.skip("this machine has no address but the loopback's")
    box = site.pair("kiosk-1")
    at_s = [0.0]
    connections, log = Connections(lambda: at_s[0]), LogTail(site.server.files.log)
    for host in ("127.0.0.1", outer):
        assert site.join(site.account("kiosk-1", host)).get(timeout=60) is True
    connections.take(log.lines())
    assert connections.copied(site.server.boxes.of_devices()) == {}
    at_s[0] += COPIED_AFTER_S
    assert connections.copied(site.server.boxes.of_devices()) == {box: {HERE, outer}}


@pytest.mark.full
def test_the_command_prepares_what_the_broker_starts_with(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "provisioning.broker_files", "--data", str(tmp_path)]
    none = tmp_path / "none.toml"
    command += ["--device", str(none), "--config", str(none), "--socket", str(tmp_path / "s")]
    own = subprocess.run(
        [*command, "--pair-own", "kiosk-1"], check=True, capture_output=True, text=True
    )
    assert len(own.stdout.strip()) > 40
    before = {f: f.read_bytes() for f in (tmp_path / "broker").rglob("*") if f.is_file()}
    subprocess.run(command, check=True)
    assert before == {f: f.read_bytes() for f in (tmp_path / "broker").rglob("*") if f.is_file()}
    passwords = (tmp_path / "broker/passwords").read_text()
    assert {line.partition(":")[0] for line in passwords.split()} >= {"service", "web", "kiosk-1"}
    assert own.stdout.strip() not in passwords
    (tmp_path / "accounts.db").write_bytes(b"no database any more" * 100)
    lost = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "accounts that it had before" in lost.stderr
    assert before == {f: f.read_bytes() for f in (tmp_path / "broker").rglob("*") if f.is_file()}
    (tmp_path / "broker/acl").unlink()
    assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 1


@pytest.mark.full
def test_only_devices_of_the_configuration_are_the_servers_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "provisioning.broker_files", "--data", str(tmp_path)]
    none = tmp_path / "none.toml"
    command += ["--device", str(none), "--config", str(none), "--socket", str(tmp_path / "s")]
    wrong = subprocess.run(
        [*command, "--pair-own", "kiosk-77"], check=False, capture_output=True, text=True
    )
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "kiosk-77" in wrong.stderr


def test_a_broker_that_does_not_run_is_told_nothing(site: Site) -> None:
    assert site.server.files.reload()
    site.stop()
    assert not site.server.files.reload()
    site.server.files.socket.unlink(missing_ok=True)
    assert not site.server.files.reload()
    site.start()
    assert site.server.files.reload()


def test_a_revoked_box_is_out_even_where_units_cannot_see_one_another(
    site: Site, expected_warnings: list[str]
) -> None:
    """As with PrivateUsers and ProtectProc: another user namespace, a /proc of one's own."""
    expected_warnings += ["broker link lost client=kiosk-1", "broker refused client=kiosk-1"]
    site.pair("kiosk-1")
    kiosk = site.join(site.account("kiosk-1"))
    assert kiosk.get(timeout=60) is True
    folder, socket_path = site.server.files.folder, site.server.files.socket
    told = f"""
from pathlib import Path
from provisioning.broker_settings import BrokerFiles
assert not Path("/proc/self").exists()
assert BrokerFiles(Path({str(folder)!r}), Path({str(socket_path)!r}), Path("server")).reload()
"""
    site.server.boxes.revoke(next(iter(site.boxes)), by="chu-tich", address="")
    site.server.write()
    apart = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*apart, "mount", "-t", "tmpfs", "none", "/proc"], check=False).returncode:
        pytest.skip("this machine makes no namespaces for its users")
    inside = 'mount -t tmpfs none /proc && exec "$0" -c "$1"'
    command = [*apart, "sh", "-c", inside]
    subprocess.run([*command, sys.executable, told], check=True)
    assert kiosk.get(timeout=60) is False


def _refusals(site: Site) -> int:
    """Return how many connections ended before they were one."""
    return site.server.files.log.read_text().count("Client <unknown> ")


def _greet(context: ssl.SSLContext, port: int) -> str:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
        context.wrap_socket(plain) as secure,
    ):
        return secure.version() or ""


_COUNTS_SIGNALS = """
import os, signal, socket, sys
signal.signal(signal.SIGHUP, lambda *_: os.write(1, b"read again\\n"))
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[1])
    listener.listen()
    print("listens", flush=True)
    while True:
        signal.pause()
"""


def test_a_broker_that_forgets_a_signal_gets_another(tmp_path: Path) -> None:
    """Mosquitto takes none while it reads for the one before: two boxes may be paired at once."""
    place = tmp_path / "broker.sock"
    program = [sys.executable, "-c", _COUNTS_SIGNALS, str(place)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as broker:
        assert broker.stdout is not None
        assert broker.stdout.readline() == "listens\n"
        assert BrokerFiles(tmp_path, place, tmp_path / "server.pem").reload()
        assert [broker.stdout.readline() for _ in range(2)] == ["read again\n"] * 2
        broker.kill()

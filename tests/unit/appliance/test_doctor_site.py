"""`denluot doctor --site`: every box is named with what to do, and those that say nothing too."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.connection import Account, Broker, Connection, write_connection
from appliance.doctor import command
from appliance.doctor.finding import Level
from appliance.doctor.site import check_site
from appliance.doctor.texts import line
from bus import health as h
from bus.broker import PrivateBroker, mosquitto_program
from bus.codec import encode
from bus.mqtt import Account as BusAccount
from bus.session import at_once, connect
from bus.states import ConfigState, DeviceStatus, MachineFacts
from bus.vocabulary import PrinterState, SignState, SoundState, StoreState, UnitState
from config import Clock, centre_to_wire, load_centre
from provisioning.layout import Layout

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
SITE = "nhi-chieu"
Say = Callable[..., list[tuple[str, str, str]]]


def status(kind: str, **fields: object) -> DeviceStatus:
    plain: dict[str, object] = {"online": True, "kind": kind, "version": "0.4.0", "at": AT}
    return DeviceStatus(**{**plain, **fields})  # type: ignore[arg-type]


def said(device: str, role: str, found: DeviceStatus | None, **service: object) -> list[str]:
    """Return level and text of everything that is said of one device and its machine."""
    statuses = {"service": status("service", **service)}
    if found is not None:
        statuses[device] = found
    findings = list(check_site({device: role, "service": "service"}, statuses))
    assert findings[0].subject == "service"
    return [" ".join((each.level.value, line(each, "en")[2])) for each in findings[1:]]


@pytest.mark.parametrize(
    ("role", "found", "words"),
    [
        ("kiosk", None, "error never connected"),
        ("counter", None, "note never connected"),
        ("sign", None, "note never connected"),
        ("sign", status("sign", online=False), "error not connected since"),
        ("board", status("board", online=False), "error not connected since"),
        ("counter", status("counter", online=False), "note not connected since"),
        ("board", status("board", at=AT - timedelta(seconds=46)), "error silent since"),
        ("board", status("board", at=AT - timedelta(seconds=44)), "ok ready"),
        ("kiosk", status("kiosk", version="0.1.0"), "error version 0.1.0 is too old"),
        ("kiosk", status("kiosk", version="0.3.0"), "note version 0.3.0, the server"),
        ("kiosk", status("kiosk", version="0.5.0"), "note version 0.5.0, newer"),
        ("kiosk", status("kiosk", version=""), "ok ready"),
        ("kiosk", status("kiosk", health=h.KioskHealth(printer=PrinterState.PAPER_OUT)), "paper"),
        ("kiosk", status("kiosk", health=h.KioskHealth(lost_papers=("2001",))), "note ticket 2001"),
        ("board", status("board", health=h.BoardHealth(stale=True)), "error shows old numbers"),
        (
            "announcer",
            status("announcer", health=h.AnnouncerHealth(sound=SoundState.NONE)),
            "error nothing is heard",
        ),
        ("announcer", status("announcer", health=h.AnnouncerHealth(volume=0.0)), "note the volume"),
        (
            "sign",
            status("sign", health=h.SignHealth(signs={3: SignState.DEAD, 4: SignState.OK})),
            "error the LED sign of counter 3",
        ),
        (
            "keypad",
            status(
                "keypad",
                health=h.KeypadHealth(units={"a": h.KeypadUnit(counter=3, state=UnitState.SILENT)}),
            ),
            "error counter 3",
        ),
        ("kiosk", status("kiosk", message="a word"), "says: a word"),
    ],
)
def test_every_trouble_has_a_line(role: str, found: DeviceStatus | None, words: str) -> None:
    (only,) = said("device-1", role, found)
    assert words in only


def test_what_says_nothing_of_itself_is_not_asked() -> None:
    assert said("web-public", "web_public", None) == []


def test_a_service_that_is_gone_is_all_there_is_to_say() -> None:
    for statuses in ({}, {"service": status("service", online=False)}):
        (only,) = check_site({"kiosk-1": "kiosk"}, statuses)
        assert (only.level, only.says) == (Level.ERROR, "site_service_gone")
    failed = h.ServiceHealth(store=StoreState.FAILED)
    first = next(iter(check_site({}, {"service": status("service", health=failed)})))
    assert (first.level, first.says) == (Level.ERROR, "site_store")


@pytest.mark.parametrize(
    ("facts", "level", "words"),
    [
        (MachineFacts(name="pc-1", disk_free_mb=100), "error", "100 MB"),
        (MachineFacts(name="pc-1", disk_free_mb=1500), "note", "1.5 GB"),
        (MachineFacts(name="pc-1", disk_free_mb=90_000), "ok", "90.0 GB"),
        (MachineFacts(name="pc-1", clock_ahead_s=-600), "error", "-10 minutes"),
    ],
)
def test_each_machine_is_judged_once(facts: MachineFacts, level: str, words: str) -> None:
    both = status("kiosk", machine=facts)
    statuses = {"service": status("service"), "kiosk-1": both, "announcer-1": both}
    found = list(check_site({"kiosk-1": "kiosk", "announcer-1": "announcer"}, statuses))
    (machine,) = (each for each in found if each.subject == "machine")
    assert machine.level.value == level
    assert words in line(machine, "en")[2]


@pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")
def test_it_hears_the_whole_site_and_names_who_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    centre, clock = load_centre(), Clock()
    roles = {known.id: known.role.value for known in centre.devices} | {"service": "service"}
    with PrivateBroker(tmp_path / "broker", SITE, roles) as broker:
        links = [
            connect(
                BusAccount(broker.host, broker.port, "test", name, broker.passwords[name]),
                SITE,
                roles[name],
                now=clock.now,
                monotonic=clock.monotonic,
                deliver=at_once,
                version="0.4.0",
                machine=lambda: MachineFacts(name="pc-1", disk_free_mb=100),
            )
            for name in ("service", "kiosk-1")
        ]
        state = ConfigState(epoch="E", rev=1, at=AT, version=1, centre=centre_to_wire(centre))
        linked = [threading.Event() for _ in links]
        for link, there in zip(links, linked, strict=True):
            link.on_link(lambda _up, there=there: there.set())  # type: ignore[misc]
            link.start()
        assert all(there.wait(60) for there in linked)
        links[0].bus.publish(links[0].topics.config(), encode(state), retain=True)
        devices = {name: Account(name, password) for name, password in broker.passwords.items()}
        address = Broker(broker.host, broker.port)
        write_connection(tmp_path, Connection(SITE, address, "", devices, str(clock)))
        assert command(["--site", "--data", str(tmp_path), "--lang", "en"]) == 1
        for link in links:
            link.stop()
    heard = capsys.readouterr().out
    assert "ok  Device kiosk-1  ready" in heard
    assert "ERROR  Device board-1  never connected" in heard
    assert "ERROR  Machine pc-1" in heard


def test_a_machine_that_is_not_the_server_says_where_to_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--site", "--data", str(tmp_path), "--root", str(tmp_path), "--lang", "en"]
    assert command(arguments) == 1
    heard = capsys.readouterr().out
    assert str(Layout(tmp_path).broker) in heard
    assert "on the server" in heard

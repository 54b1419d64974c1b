import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.doctor.finding import Level
from appliance.doctor.keypads import check_dispenser, check_keypads
from appliance.doctor.texts import line
from bus import health
from bus.health import KeypadHealth, KioskHealth
from bus.states import DeviceStatus
from bus.vocabulary import UnitState
from config import Centre, Device, load_centre
from config.settings import (
    CallDevice,
    DispenserBox,
    DispenserButton,
    KeypadBox,
    KeypadUnit,
    MqttButtons,
    SerialButtons,
    SerialKeypads,
    UsbKeypad,
)
from config.settings.keypads import ButtonsBroker

AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
LINE = SerialKeypads(url="/dev/null", units=(KeypadUnit(address=3, counter=3),))


@pytest.fixture(scope="module")
def centre() -> Centre:
    return load_centre()


def found(
    centre: Centre,
    *choices: CallDevice,
    device: str = "keypad-1",
    statuses: dict[str, DeviceStatus] | None = None,
) -> list[tuple[Level, str]]:
    box = Device(keypads=(KeypadBox(device=device, call_devices=choices),))
    findings = list(check_keypads(box, centre, statuses or {}))
    for finding in findings:
        for lang in ("vi", "en"):
            assert "{" not in "".join(line(finding, lang))
    return [(finding.level, finding.says) for finding in findings]


def test_a_box_without_keypads_has_nothing_to_say(centre: Centre) -> None:
    assert list(check_keypads(Device(), centre, {})) == []


def test_says_whether_what_will_be_opened_is_there(centre: Centre, tmp_path: Path) -> None:
    gone = UsbKeypad(path=str(tmp_path / "numpad"), counter=3)
    network = SerialKeypads(name="net", url="socket://10.0.0.9:4001", units=LINE.units)
    assert found(centre, LINE, gone, network) == [
        (Level.OK, "is"),
        (Level.ERROR, "keypad_gone"),
        (Level.OK, "is"),
    ]


@pytest.mark.parametrize(
    ("state", "level", "says"),
    [
        ("ready", Level.OK, "keypad_ready"),
        ("unknown", Level.OK, "keypad_unheard"),
        ("offline", Level.ERROR, "keypad_offline"),
        ("silent", Level.ERROR, "keypad_silent"),
        ("shared", Level.ERROR, "keypad_shared"),
    ],
)
def test_asks_the_bridge_about_what_it_uses(
    centre: Centre, state: str, level: Level, says: str
) -> None:
    told = KeypadHealth(units={"line-3": health.KeypadUnit(counter=3, state=UnitState(state))})
    status = DeviceStatus(online=True, kind="keypad", at=AT, health=told)
    assert found(centre, LINE, statuses={"keypad-1": status}) == [(level, says)]


def test_says_when_the_centre_does_not_let_it_call(centre: Centre) -> None:
    assert found(centre, LINE, device="keypad-7")[0] == (Level.ERROR, "keypad_unknown")
    assert found(centre, LINE, device="counter-3")[0] == (Level.ERROR, "keypad_unknown")
    tenth = SerialKeypads(url="/dev/null", units=(KeypadUnit(address=1, counter=10),))
    assert found(centre, tenth)[0] == (Level.ERROR, "keypad_not_for")


def test_buttons_are_heard_here_or_on_a_broker_that_answers(centre: Centre) -> None:
    units = {"zigbee2mqtt:quay-3": 3}
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        there = MqttButtons(
            name="a", units=units, broker=ButtonsBroker(host="127.0.0.1", port=port)
        )
        assert found(centre, MqttButtons(units=units), there) == [
            (Level.OK, "buttons_here"),
            (Level.OK, "is"),
        ]
    assert found(centre, there) == [(Level.ERROR, "buttons_silent")]


def test_a_button_without_a_counter_is_named(centre: Centre) -> None:
    told = KeypadHealth(
        pairing=(health.UnknownButton(unit="zigbee2mqtt:moi", gesture="single", at=AT),)
    )
    status = DeviceStatus(online=True, kind="keypad", at=AT, health=told)
    statuses = {"keypad-1": status}
    assert found(centre, LINE, statuses=statuses) == [(Level.NOTE, "button_strange")]


def dispenser_says(
    centre: Centre, place: str, service: str = "CERT", buttons: UnitState | None = None
) -> list[tuple[Level, str]]:
    line_of = SerialButtons(url=place)
    box = DispenserBox(line=line_of, buttons={"b1": DispenserButton(service=service)})
    status = DeviceStatus(online=True, kind="kiosk", at=AT, health=KioskHealth(buttons=buttons))
    statuses = {} if buttons is None else {"kiosk-1": status}
    findings = list(check_dispenser(Device(dispenser=box), centre, statuses))
    for finding in findings:
        for lang in ("vi", "en"):
            assert "{" not in "".join(line(finding, lang))
    return [(finding.level, finding.says) for finding in findings]


def test_says_how_the_buttons_of_a_dispenser_are(centre: Centre, tmp_path: Path) -> None:
    assert list(check_dispenser(Device(), centre, {})) == []
    assert dispenser_says(centre, "/dev/null") == [(Level.OK, "is")]
    assert dispenser_says(centre, str(tmp_path / "gone")) == [(Level.ERROR, "dispenser_gone")]
    assert dispenser_says(centre, "/dev/null", "NONE")[0] == (Level.ERROR, "dispenser_service")
    rolls = tuple(replace(one, roll_last=899) for one in centre.services)
    with_rolls = replace(centre, services=rolls)
    assert dispenser_says(with_rolls, "/dev/null")[0] == (Level.ERROR, "dispenser_roll")


@pytest.mark.parametrize(
    ("state", "level", "says"),
    [
        (UnitState.READY, Level.OK, "dispenser_ready"),
        (UnitState.UNKNOWN, Level.OK, "dispenser_ready"),
        (UnitState.OFFLINE, Level.ERROR, "dispenser_gone"),
        (UnitState.FAULT, Level.ERROR, "dispenser_gone"),
        (UnitState.SHARED, Level.ERROR, "dispenser_shared"),
    ],
)
def test_says_what_the_kiosk_says_of_its_buttons(
    centre: Centre, state: UnitState, level: Level, says: str
) -> None:
    assert dispenser_says(centre, "/dev/null", buttons=state) == [(level, says)]

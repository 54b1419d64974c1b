"""What a box keeps of a pairing: whole or not at all, whenever the power goes."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.load import load_device
from config.process import read_password
from provisioning.errors import PairingError
from provisioning.pairing.box_files import BoxFiles
from provisioning.pairing.messages import Grant, GrantedDevice

GRANT = Grant(
    site="nhi-chieu",
    box="0011",
    authority="-----BEGIN CERTIFICATE-----\n",
    server_name="server.nhi-chieu.denluot.internal",
    port=8883,
    password="first-" + "p" * 30,
    devices=(GrantedDevice(id="kiosk-2", role="kiosk"),),
)


@pytest.fixture
def files(tmp_path: Path) -> BoxFiles:
    return BoxFiles(tmp_path / "etc/device.toml", tmp_path / "data")


def granted(*devices: GrantedDevice) -> Grant:
    return replace(GRANT, devices=devices)


def test_the_box_knows_its_server_by_name_and_its_password_from_a_file(files: BoxFiles) -> None:
    assert files.save("192.168.1.10", GRANT) == ()
    device = load_device(files.device_file)
    assert (device.site, device.kiosk.device) == ("nhi-chieu", "kiosk-2")
    broker = device.broker
    assert (broker.host, broker.port, broker.tls) == ("192.168.1.10", 8883, True)
    assert broker.server_name == GRANT.server_name
    assert read_password(Path(broker.password_file)) == GRANT.password
    assert Path(broker.ca_file).read_text() == GRANT.authority
    assert stat.S_IMODE(Path(broker.password_file).stat().st_mode) == 0o600
    assert stat.S_IMODE(files.secrets.stat().st_mode) == 0o700
    assert GRANT.password not in files.device_file.read_text()


def test_what_a_person_wrote_stays_and_old_secrets_go(files: BoxFiles) -> None:
    files.device_file.parent.mkdir()
    files.device_file.write_text(
        'site = "demo"\n[broker]\nhost = "10.0.0.1"\npassword = "old"\n'
        '[kiosk]\nprinters = [{driver = "file", name = "in", path = "/dev/usb/lp0"}]\n'
    )
    files.save("192.168.1.10", GRANT)
    files.save("192.168.1.11", replace(GRANT, password="second-" + "p" * 30))
    device = load_device(files.device_file)
    assert device.kiosk.printers[0].name == "in"
    assert device.broker.host == "192.168.1.11"
    assert read_password(Path(device.broker.password_file)).startswith("second")
    kept = [f for f in files.secrets.iterdir() if not f.is_symlink()]
    assert len(kept) == 1
    assert read_password(files.secrets / "broker-password").startswith("second")
    assert (files.device_file.parent / "authority.crt").read_text() == GRANT.authority


def test_a_power_cut_at_any_moment_leaves_the_old_pairing_or_the_new(
    files: BoxFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut before every single change of a name on the disk, then after all of them."""
    files.save("192.168.1.10", GRANT)
    new = replace(GRANT, password="second-" + "p" * 30, authority="second\n")
    seen = set()
    for survived in range(100):
        left = [survived]
        with monkeypatch.context() as patched:
            for name in ("replace", "unlink", "symlink_to", "chmod", "mkdir"):
                patched.setattr(Path, name, _cut_after(left, getattr(Path, name)))
            try:
                files.save("192.168.1.10", new)
            except PowerCut:
                pass
            else:
                break
        broker = load_device(files.device_file).broker
        pair = read_password(Path(broker.password_file)), Path(broker.ca_file).read_text()
        assert pair in {(GRANT.password, GRANT.authority), (new.password, new.authority)}
        seen.add(pair)
        files.save("192.168.1.10", GRANT)
    else:
        pytest.fail("it never came to an end")
    assert len(seen) == 2


class PowerCut(BaseException):
    """Nothing runs any more, no handler either."""


def _cut_after(left: list[int], call: Callable[..., object]) -> Callable[..., object]:
    def cut(*args: object, **more: object) -> object:
        if left[0] <= 0:
            raise PowerCut
        left[0] -= 1
        return call(*args, **more)

    return cut


def test_a_full_disk_changes_nothing(files: BoxFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    files.save("192.168.1.10", GRANT)
    before = {f: f.read_bytes() for f in files.device_file.parents[1].rglob("*") if f.is_file()}

    def full(_file: Path, _target: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(PairingError, match="nothing was changed"):
            files.save("192.168.1.10", replace(GRANT, password="second-" + "p" * 30))
    after = {f: f.read_bytes() for f in files.device_file.parents[1].rglob("*") if f.is_file()}
    assert {f: b for f, b in after.items() if f.name[0] != "."} == before


def test_a_disk_that_complains_once_all_is_there_loses_nothing(
    files: BoxFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.save("192.168.1.10", GRANT)
    new, replaced = replace(GRANT, password="second-" + "p" * 30), Path.replace

    def complain(file: Path, target: Path) -> None:
        replaced(file, target)
        if target == files.device_file:
            raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", complain)
        files.save("192.168.1.10", new)
    broker = load_device(files.device_file).broker
    assert read_password(Path(broker.password_file)) == new.password
    assert Path(broker.ca_file).exists()


def test_a_file_that_was_wrong_before_is_not_touched(files: BoxFiles) -> None:
    files.device_file.parent.mkdir()
    files.device_file.write_text("[kiosk\n")
    with pytest.raises(PairingError, match=r"device\.toml"):
        files.save("192.168.1.10", GRANT)
    assert files.device_file.read_text() == "[kiosk\n"


def test_each_part_of_a_box_gets_its_name(files: BoxFiles) -> None:
    files.device_file.parent.mkdir()
    files.device_file.write_text(
        '[[boards]]\ndevice = "board-1"\nlayout = "calls"\n[[boards]]\ndevice = "board-2"\n'
    )
    boards = GrantedDevice(id="board-4", role="board"), GrantedDevice(id="board-1", role="board")
    notes = files.save(
        "10.0.0.1",
        granted(
            *boards,
            GrantedDevice(id="announcer-2", role="announcer"),
            GrantedDevice(id="counter-7", role="counter", counters=(7,)),
            GrantedDevice(id="keypad-1", role="keypad"),
            GrantedDevice(id="sign-1", role="sign"),
        ),
    )
    device = load_device(files.device_file)
    assert [board.device for board in device.boards] == ["board-4", "board-1"]
    assert device.boards[1].layout == "calls"
    assert device.announcer.device == "announcer-2"
    assert [(p.device, p.counter) for p in device.panels] == [("counter-7", 7)]
    assert [keypad.device for keypad in device.keypads] == ["keypad-1"]
    assert set(notes) == {"keypads.call_devices", "signs"}


def test_below_another_root_the_file_says_what_the_machine_itself_sees(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    files = BoxFiles(root / "etc/denluot/device.toml", root / "var/lib/box", seen_as=root)
    files.save("10.0.0.1", GRANT)
    broker = load_device(files.device_file).broker
    assert broker.password_file.startswith("/var/lib/box/broker-password-")
    assert broker.ca_file.startswith("/etc/denluot/authority-")
    assert (root / broker.ca_file.lstrip("/")).read_text() == GRANT.authority

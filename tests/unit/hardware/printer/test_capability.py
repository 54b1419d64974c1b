from pathlib import Path

import pytest

from hardware.printer.capability import Capability, CapabilityFile, Level, Proof

FULL = Capability(proof=Proof.PROCESS_ID, subjects=(4, 2), automatic=True, clears=True)


@pytest.fixture
def file(tmp_path: Path) -> CapabilityFile:
    return CapabilityFile(tmp_path, "kiosk-1", "epson")


def test_is_kept_for_the_next_start(file: CapabilityFile, tmp_path: Path) -> None:
    assert file.read() is None
    file.write(FULL)
    file.write(FULL)
    assert file.path == tmp_path / "printers" / "kiosk-1" / "epson.json"
    assert file.read() == FULL
    assert [path.name for path in file.path.parent.iterdir()] == ["epson.json"]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"[]", b'{"proof": "luck"}', b'{"subjects": [9]}']
)
def test_damage_means_not_tested(
    file: CapabilityFile, damage: bytes, expected_warnings: list[str]
) -> None:
    expected_warnings.append("printer capability not read")
    file.write(FULL)
    file.path.write_bytes(damage)
    assert file.read() is None
    file.write(FULL)
    assert file.read() == FULL


def test_what_a_newer_release_adds_is_passed_over(file: CapabilityFile) -> None:
    file.write(FULL)
    file.path.write_bytes(b'{"proof": "in_turn", "colour": "red"}')
    assert file.read() == Capability(proof=Proof.IN_TURN)


@pytest.mark.parametrize(
    ("capability", "level"),
    [
        (FULL, Level.FULL),
        (Capability(proof=Proof.IN_TURN), Level.FULL),
        (Capability(proof=Proof.STATUS, subjects=(4,)), Level.BASIC),
        (Capability(subjects=(1,)), Level.BASIC),
        (Capability(module=True), Level.BASIC),
        (Capability(automatic=True), Level.NONE),
        (Capability(), Level.NONE),
    ],
)
def test_levels(capability: Capability, level: Level) -> None:
    assert capability.level is level

from datetime import UTC, datetime
from pathlib import Path

from msgspec.json import encode

from appliance.doctor.centre import check_devices
from appliance.doctor.devices import (
    check_clips,
    check_reader,
    check_reading,
    check_signs,
    check_sound,
    check_speaker,
)
from appliance.doctor.finding import Level
from appliance.doctor.texts import line
from bus.health import SignHealth
from bus.states import DeviceStatus
from bus.vocabulary import SignState
from config import Device
from config.settings import (
    AnnouncerBox,
    KioskBox,
    ModbusSigns,
    Sign,
    SignBox,
    SimulatedSpeaker,
    SpeechBox,
)
from hardware.speaker import NoOutputError, Sound
from voice.site_clips import FOLDER, MissingText, NoClip, Report

AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


class Speaker:
    """Has an output, or none."""

    def __init__(self, name: str | None) -> None:
        self._name = name

    def output(self) -> str:
        if self._name is None:
            raise NoOutputError("there are: HDMI")
        return self._name

    def play(self, sound: Sound, volume: float = 1.0, cut: object = None) -> None:
        del cut
        raise AssertionError(sound, volume)

    def stop(self) -> None:
        pass


SIGNS = (Sign(counter=3, address=7), Sign(counter=5, address=8))


def test_signs_nobody_uses_are_written_to(tmp_path: Path) -> None:
    device = Device(signs=(SignBox(signs=SIGNS),))
    assert [f.level for f in check_signs(device, tmp_path, {})] == [Level.OK] * 2
    gone = Device(signs=(SignBox(line=ModbusSigns(url=str(tmp_path / "no")), signs=SIGNS),))
    found = list(check_signs(gone, tmp_path, {}))
    assert [(f.level, f.says) for f in found] == [(Level.ERROR, "sign_dead")] * 2
    assert found[0].values == {"counter": 3, "address": 7}


def test_of_signs_in_use_their_process_knows(tmp_path: Path) -> None:
    device = Device(signs=(SignBox(line=ModbusSigns(url=str(tmp_path / "no")), signs=SIGNS),))
    health = SignHealth(signs={3: SignState.REFUSED})
    status = DeviceStatus(online=True, kind="sign", at=AT, health=health)
    found = check_signs(device, tmp_path, {"sign-1": status})
    assert [f.says for f in found] == ["sign_refused", "sign_unknown"]


def test_a_simulated_loudspeaker_needs_no_output(tmp_path: Path) -> None:
    device = Device(announcer=AnnouncerBox(speaker=SimulatedSpeaker()))
    assert check_sound(device, tmp_path, configured=True).level is Level.OK


def test_a_missing_output_is_an_error_where_a_box_was_configured() -> None:
    assert check_speaker(Speaker("USB"), "", configured=True).values == {"what": "USB"}
    assert check_speaker(Speaker(None), "", configured=True).level is Level.ERROR
    assert check_speaker(Speaker(None), "", configured=False).level is Level.NOTE
    found = check_speaker(Speaker(None), "USB", configured=True)
    assert (found.says, found.values["wanted"]) == ("sound_named", "USB")


def test_texts_that_a_kiosk_cannot_read_out_are_named_with_the_reason(tmp_path: Path) -> None:
    found = list(check_clips(Device(), tmp_path))
    assert [(one.level, one.says) for one in found] == [(Level.NOTE, "clips_unknown")]
    missing = [MissingText("vi", f"Lĩnh vực {n}", reason) for n, reason in enumerate(NoClip)]
    missing += [MissingText("en", "Land", NoClip.NOT_SPOKEN)] * 3
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "report.json").write_bytes(encode(Report(texts=90, missing=tuple(missing))))
    found = list(check_clips(Device(), tmp_path))
    named = [*(f"Lĩnh vực {n}" for n in range(4)), "Land"]
    assert [one.values.get("text") for one in found] == [*named, None, None]
    assert found[-2].values == {"count": 2}
    assert found[-1].values == {"count": 1, "most": 1500}
    assert all("“Lĩnh vực" in line(one, "vi")[-1] for one in found[:4])
    assert "apt-get install espeak-ng" in line(found[1], "en")[-1]
    (folder / "report.json").write_bytes(encode(Report(texts=90)))
    assert [one.level for one in check_clips(Device(), tmp_path)] == [Level.OK]
    silent = Device(kiosk=KioskBox(speech=SpeechBox(enabled=False)))
    assert list(check_clips(silent, tmp_path)) == []


def test_devices_that_are_gone_or_complain_are_told(tmp_path: Path) -> None:
    statuses = {
        "service": DeviceStatus(online=True, kind="service", at=AT),
        "board-1": DeviceStatus(online=False, kind="board", at=AT),
        "counter-3": DeviceStatus(online=False, kind="counter", at=AT),
        "kiosk-1": DeviceStatus(online=True, kind="kiosk", at=AT, message="máy in hết giấy"),
        "web": DeviceStatus(online=True, kind="web", at=AT),
    }
    levels = [(f.level, f.values.get("device")) for f in check_devices(statuses, tmp_path)]
    assert levels == [
        (Level.OK, None),
        (Level.ERROR, "board-1"),
        (Level.NOTE, "counter-3"),
        (Level.NOTE, "kiosk-1"),
        (Level.OK, "web"),
    ]
    del statuses["service"]
    assert next(check_devices(statuses, tmp_path)).says == "service_gone"


def test_the_output_of_a_kiosk_is_looked_at(tmp_path: Path) -> None:
    assert check_reader(Speaker("USB"), "USB").level is Level.OK
    named = check_reader(Speaker(None), "USB")
    assert (named.level, "kiosk.speech" in line(named, "vi")[-1]) == (Level.ERROR, True)
    assert check_reader(Speaker(None), "").level is Level.NOTE
    assert (
        list(check_reading(Device(kiosk=KioskBox(speech=SpeechBox(enabled=False))), tmp_path)) == []
    )
    simulated = Device(kiosk=KioskBox(speech=SpeechBox(speaker=SimulatedSpeaker())))
    assert [found.says for found in check_reading(simulated, tmp_path)] == ["sound_files"]

"""LED signs, the loudspeaker and the spoken texts of this box."""

from collections.abc import Iterator
from pathlib import Path

from appliance.doctor.finding import Finding, error, note, ok
from bus.health import SignHealth, health_as
from bus.states import DeviceStatus
from bus.vocabulary import SignState
from config import Clock, Device
from config.settings import SimulatedSpeaker
from hardware.sign import Face, SignError, SignLine, SignRefusedError, open_signs
from hardware.speaker import NoOutputError, Speaker, open_speaker
from voice.site_clips import FOLDER, MOST_TEXTS, MissingText, NoClip, read_report


def check_signs(device: Device, data: Path, statuses: dict[str, DeviceStatus]) -> Iterator[Finding]:
    """Ask every LED sign how it is; of one that is in use, its process knows."""
    for box in device.signs:
        status = statuses.get(box.device)
        if status and status.online:
            states = health_as(SignHealth, status.health).signs
            for sign in box.signs:
                state = states.get(sign.counter, SignState.UNKNOWN)
                yield sign_state(sign.counter, sign.address, state)
            continue
        line = open_signs(box.line, data, box.device)
        for sign in box.signs:
            yield sign_state(sign.counter, sign.address, _written(line, sign.address))
        line.close()


def sign_state(counter: int, address: int, state: str) -> Finding:
    """Say what a sign's state means for people."""
    says = {
        SignState.OK: ok("sign", counter=counter),
        SignState.UNKNOWN: ok("sign", "sign_unknown", counter=counter),
        SignState.DEAD: error("sign", "sign_dead", counter=counter, address=address),
        SignState.REFUSED: error("sign", "sign_refused", counter=counter, address=address),
        SignState.FAULT: error("sign", "device_fault", counter=counter, address=address),
    }
    return says[SignState(state) if state in set(SignState) else SignState.UNKNOWN]


def _written(line: SignLine, address: int) -> str:
    """Write dashes on a sign that nobody uses."""
    try:
        return line.show(address, Face())
    except SignRefusedError:
        return SignState.REFUSED
    except SignError:
        return SignState.DEAD


def check_sound(device: Device, data: Path, *, configured: bool) -> Finding:
    """Say which output speaks; only a configured box must have one."""
    choice = device.announcer.speaker
    if isinstance(choice, SimulatedSpeaker):
        return ok("sound", "sound_files", path=data / "voice")
    speaker = open_speaker(choice, data, device.announcer.device, Clock())
    return check_speaker(speaker, choice.output, configured=configured)


def check_reading(device: Device, data: Path) -> Iterator[Finding]:
    """Say on which output the kiosk of this box reads its screen out, or that it cannot."""
    box = device.kiosk.speech
    if not box.enabled:
        return
    if isinstance(box.speaker, SimulatedSpeaker):
        yield ok("reading", "sound_files", path=data / "voice")
        return
    speaker = open_speaker(box.speaker, data, device.kiosk.device, Clock())
    yield check_reader(speaker, box.speaker.output)


def check_reader(speaker: Speaker, wanted: str) -> Finding:
    """Say which output is heard; only one that was named must be there."""
    try:
        return ok("reading", "is", what=speaker.output())
    except NoOutputError as failure:
        if wanted:
            return error("reading", "reading_named", wanted=wanted, reason=failure)
        return note("reading", "reading_gone")
    finally:
        speaker.stop()


_MOST_NAMED = 5


def check_clips(device: Device, data: Path) -> Iterator[Finding]:
    """Say which texts of the site the kiosk of this box cannot read out, and why."""
    if not device.kiosk.speech.enabled:
        return
    report = read_report(data / FOLDER)
    if report is None:
        yield note("clips", "clips_unknown")
        return
    silent = [lacking for lacking in report.missing if lacking.reason is not NoClip.TOO_MANY]
    later = len(report.missing) - len(silent)
    for lacking in silent[:_MOST_NAMED]:
        yield _without_clip(lacking)
    if len(silent) > _MOST_NAMED:
        yield note("clips", "clips_more", count=len(silent) - _MOST_NAMED)
    if not silent:
        yield ok("clips", "clips_all", count=report.texts - later)
    if later:
        yield note("clips", "clips_later", count=later, most=MOST_TEXTS)


def _without_clip(lacking: MissingText) -> Finding:
    which = {"text": lacking.text, "lang": lacking.lang}
    return {
        NoClip.NOT_YET: note("clips", "clip_not_yet", **which),
        NoClip.NO_PROGRAM: note("clips", "clip_no_program", **which),
        NoClip.NOT_SPOKEN: note("clips", "clip_not_spoken", **which),
        NoClip.TOO_LONG: note("clips", "clip_too_long", **which),
    }[lacking.reason]


def check_speaker(speaker: Speaker, wanted: str, *, configured: bool) -> Finding:
    """Say which output this speaker would play on."""
    say = error if configured else note
    try:
        return ok("sound", "is", what=speaker.output())
    except NoOutputError as failure:
        if wanted:
            return say("sound", "sound_named", wanted=wanted, reason=failure)
        return say("sound", "sound_gone")
    finally:
        speaker.stop()

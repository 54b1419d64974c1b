"""Recording a pack: each text is shown, read, mastered, heard and kept; it can be gone on with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from display.announcer.studio.script import ScriptLine, script_of, write_pack
from hall.words import N_, Words
from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav, write_wav
from voice.inspection import level_of
from voice.levels import mastered, to_floats, to_samples
from voice.pack import PackSettings

_FRAME_S = 0.01
_KEEP_BEFORE_S = 0.02
_KEEP_AFTER_S = 0.05
_ABOVE_NOISE = 3.0
"""Speech is this many times stronger than the room (10 dB) …"""
_BELOW_PEAK = 0.015
"""… and not weaker than this part of its loudest moment (-36 dB)."""
_QUIETEST = 0.03
"""The loudest moment of speech that was near enough to the microphone (-30 dB)."""
_CLICK_FRAMES = 8
"""A sound shorter than this, apart from the others, is the key that was pressed."""
_PAUSE_FRAMES = 15
"""Silence within a phrase is shorter than this."""
_CLIPPED = 0.985
_CLIPPED_SAMPLES = 8
_NOISY = 0.08
"""The room, as part of the loudest moment, that is heard behind the words (-22 dB)."""
_LOUD_ROOM = 0.01
"""A room in which nothing can be heard (-40 dB)."""


class Doubt(StrEnum):
    """What may be wrong with a reading, in words."""

    SILENT = N_("không nghe thấy gì, xin đọc lại")
    FAINT = N_("hơi nhỏ: lại gần micro")
    CLIPPED = N_("quá to, tiếng bị vỡ: lùi xa micro")
    NOISY = N_("phòng ồn")


@dataclass(frozen=True, slots=True)
class Take:
    """A reading, trimmed and mastered; `sound` is None when nothing was heard."""

    sound: Sound | None
    doubts: tuple[Doubt, ...] = ()


def take_of(recording: Sound) -> Take:
    """Return the speech in `recording` as a clip, with what may be wrong; raises FfmpegError."""
    values = to_floats(recording.samples)
    strengths = _strengths(values, recording.rate)
    room = sorted(strengths)[len(strengths) // 10] if strengths else 0.0
    limit = max(room * _ABOVE_NOISE, max(strengths, default=0.0) * _BELOW_PEAK, 1e-4)
    phrases = _phrases([index for index, strength in enumerate(strengths) if strength > limit])
    if not phrases:
        noisy = (Doubt.NOISY,) if room > _LOUD_ROOM else ()
        return Take(None, (Doubt.SILENT, *noisy))
    first, last = phrases[0].start, phrases[-1].stop
    frame = round(_FRAME_S * recording.rate)
    begin = max(0, first * frame - round(_KEEP_BEFORE_S * recording.rate))
    speech = values[begin : last * frame + round(_KEEP_AFTER_S * recording.rate)]
    clip = mastered(Sound(recording.name, to_samples(speech), recording.rate))
    loudest = max(strengths[first:last])
    doubts = {
        Doubt.FAINT: loudest < _QUIETEST,
        Doubt.CLIPPED: sum(abs(value) > _CLIPPED for value in speech) >= _CLIPPED_SAMPLES,
        Doubt.NOISY: room > loudest * _NOISY,
    }
    found = tuple(doubt for doubt, is_so in doubts.items() if is_so)
    return Take(clip, found)


def _phrases(heard: Sequence[int]) -> list[range]:
    """Return the spans of frames that belong together, without clicks that stand apart."""
    spans: list[range] = []
    for index in heard:
        if spans and index - spans[-1].stop < _PAUSE_FRAMES:
            spans[-1] = range(spans[-1].start, index + 1)
        else:
            spans.append(range(index, index + 1))
    return [span for span in spans if len(span) >= _CLICK_FRAMES]


def _strengths(values: Sequence[float], rate: int) -> list[float]:
    """Return the root mean square of every 10 ms."""
    frame = round(_FRAME_S * rate)
    starts = range(0, len(values) - frame + 1, frame)
    return [(sum(v * v for v in values[s : s + frame]) / frame) ** 0.5 for s in starts]


HEAR, AGAIN, LEAVE_OUT, QUIT = "n", "r", "x", "q"
_KEEP = N_("Enter giữ · n nghe · r đọc lại · q nghỉ > ")


class Input(Protocol):
    """A microphone."""

    def input(self) -> str:
        """Return its name; raises NoInputError."""

    def start(self) -> None:
        """Begin to record; raises NoInputError."""

    def stop(self) -> Sound:
        """End the recording and return it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The person who reads, and what they read into."""

    microphone: Input
    play: Callable[[Sound], None]
    """Lets a clip be heard; raises nothing where there is no loudspeaker."""
    ask: Callable[[str], str]
    """Shows a prompt and returns the line that is typed; raises EOFError at the input's end."""
    tell: Callable[[str], None]


class Session:
    """One sitting; what was kept stays, whenever it ends."""

    def __init__(self, directory: Path, settings: PackSettings, desk: Desk, t: Words) -> None:
        self._directory = directory
        self._settings = settings
        self._desk = desk
        self._t = t
        self._script = script_of(settings)

    def run(self) -> bool:
        """Record what is not there yet; return whether all that is needed has been read."""
        t = self._t
        left = [line for line in self._script if not self._is_there(line)]
        self._desk.tell(
            t(
                "Thu giọng vào {name}: {left} lời chưa đọc trên tổng số {count}. Micro: {input}\n"
                "Mỗi lời: nhấn Enter, đọc, rồi nhấn Enter. Chỗ yên tĩnh, micro cách miệng một gang "
                "tay.",
                name=self._directory.name,
                left=len(left),
                count=len(self._script),
                input=self._desk.microphone.input(),
            )
        )
        try:
            for line in left:
                self._read(line)
        except (EOFError, KeyboardInterrupt, _Pause):
            self._desk.tell("")
        missing = [line for line in self._script if not line.optional and not self._is_there(line)]
        if missing:
            done = sum(self._is_there(line) for line in self._script)
            self._desk.tell(t("Đã giữ {done} lời. Đọc tiếp bằng đúng lệnh này.", done=done))
            return False
        self._desk.tell(
            t(
                "Đã đọc đủ. Kiểm tra: denluot voice check {name}\n"
                "Dùng giọng này, trong device.toml:\n"
                "  [announcer.packs]\n"
                '  {language} = "{path}"',
                name=self._directory,
                language=self._settings.language,
                path=self._directory.resolve(),
            )
        )
        return True

    def _read(self, line: ScriptLine) -> None:
        t, number = self._t, self._script.index(line) + 1
        optional = t("   (có thể bỏ qua: x)") if line.optional else ""
        while True:
            self._desk.tell(
                t(
                    "[{number}/{count}] Xin đọc:  {text}{optional}",
                    number=number,
                    count=len(self._script),
                    text=line.text,
                    optional=optional,
                )
            )
            answer = self._ask(t("Enter thu · x bỏ qua · q nghỉ > "))
            if answer == LEAVE_OUT:
                return
            if self._record(line):
                return

    def _record(self, line: ScriptLine) -> bool:
        """Record one reading; return whether it was kept."""
        t = self._t
        self._desk.microphone.start()
        try:
            self._ask(t("● Đang thu… Enter khi đọc xong > "))
        finally:
            recording = self._desk.microphone.stop()
        take = take_of(recording)
        doubts = "".join(f" · {t(doubt.value)}" for doubt in take.doubts)
        if take.sound is None:
            self._desk.tell(doubts.removeprefix(" · "))
            return False
        level = level_of(take.sound)
        self._desk.tell(
            t(
                "{seconds:.1f} giây, {lufs:.1f} LUFS{doubts}",
                seconds=level.duration_s,
                lufs=level.lufs,
                doubts=doubts,
            )
        )
        answer = self._ask(t(_KEEP))
        while answer == HEAR:
            self._desk.play(take.sound)
            answer = self._ask(t(_KEEP))
        if answer == AGAIN:
            return False
        self._keep(line, take.sound)
        return True

    def _keep(self, line: ScriptLine, sound: Sound) -> None:
        write_wav(self._directory / line.file, sound)
        there = {line.text: line.file for line in self._script if self._is_there(line)}
        write_pack(self._directory, self._settings, there)

    def _is_there(self, line: ScriptLine) -> bool:
        try:
            return read_wav(self._directory / line.file).rate == SAMPLE_RATE
        except SoundFormatError:
            return False

    def _ask(self, prompt: str) -> str:
        answer = self._desk.ask(prompt).strip().lower()
        if answer == QUIT:
            raise _Pause
        return answer


class _Pause(Exception):  # noqa: N818 - no error: the person rests
    """The person wants to go on later."""

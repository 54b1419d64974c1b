"""Recording a pack: each text is shown, counted in, read, heard and kept; one may go on later."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from display.announcer.studio.script import ScriptLine, script_of, write_pack
from display.announcer.studio.take import (
    QUIET_ROOM_DB,
    Doubt,
    Take,
    has_ended,
    room_db,
    take_of,
)
from hall.words import N_, Words
from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav, write_wav
from voice.inspection import level_of
from voice.pack import PackSettings

KEEP, HEAR, AGAIN, LEAVE_OUT, QUIT = "k", "n", "r", "x", "q"
_KEYS = N_("k giữ · r đọc lại · n nghe lại · x bỏ qua · q nghỉ > ")
_BEGIN = N_("Bấm Enter để bắt đầu · q nghỉ > ")
_AGAIN = N_("Bấm Enter để đọc lại · x bỏ qua · q nghỉ > ")
_ROOM_S = 2.0
_COUNT_S = 0.5
_LOOK_S = 0.2
_AT_LEAST_S = 4.0
_PER_WORD_S = 0.7
_USUAL_S = 6.5
"""What a text takes with counting in, playback and the key."""
_MEASURED = 5
"""From so many texts the pace of this sitting is known."""
_MINUTE_S = 60


class Input(Protocol):
    """A microphone."""

    def input(self) -> str:
        """Return its name; raises NoInputError."""

    def start(self) -> None:
        """Begin to record; raises NoInputError."""

    def so_far(self) -> Sound:
        """Return what was recorded up to now."""

    def stop(self) -> Sound:
        """End the recording and return it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The person who reads, and what they read into."""

    microphone: Input
    play: Callable[[Sound], None]
    """Lets a clip be heard; raises nothing where there is no loudspeaker."""
    ask: Callable[[str], str]
    """Shows a prompt and returns the key that is pressed; raises EOFError at the input's end."""
    tell: Callable[[str], None]
    show: Callable[[str, str], None]
    """Shows a text to be read, large, below how far one is."""
    wait: Callable[[float], None]
    monotonic: Callable[[], float]


class Session:
    """One sitting; what was kept stays, whenever it ends."""

    def __init__(
        self,
        directory: Path,
        settings: PackSettings,
        desk: Desk,
        t: Words,
        *,
        today: dt.date,
        more_texts: tuple[str, ...] = (),
    ) -> None:
        """Record into `directory`; `more_texts` are a site's own."""
        self._directory = directory
        self._settings = replace(settings, recorded=today.isoformat())
        self._desk = desk
        self._t = t
        self._script = script_of(settings, more_texts)
        self._there = {line.text: line.file for line in self._script if self._is_there(line)}
        self._kept_now = 0
        self._began_s = 0.0

    def run(self) -> bool:
        """Record what is not there yet; return whether all that is needed has been read."""
        t, tell = self._t, self._desk.tell
        left = [line for line in self._script if line.text not in self._there]
        tell(
            t(
                "Thu giọng vào {name}: {left} lời chưa đọc trên tổng số {count}. Micro: {input}\n"
                "Ngồi yên tĩnh, micro cách miệng một gang tay. Sau khi đếm 3 2 1 thì đọc; im lặng "
                "là máy tự dừng thu và phát lại.",
                name=self._directory.name,
                left=len(left),
                count=len(self._script),
                input=self._desk.microphone.input(),
            )
        )
        try:
            if left:
                self._ask(t(_BEGIN))
                self._listen_to_the_room()
                self._began_s = self._desk.monotonic()
            for line in left:
                self._read(line)
        except (EOFError, KeyboardInterrupt, _Pause):
            tell("")
        if any(not line.optional and line.text not in self._there for line in self._script):
            tell(t("Đã giữ {done} lời. Đọc tiếp bằng đúng lệnh này.", done=len(self._there)))
            return False
        tell(
            t(
                "Đã đọc đủ. Kiểm tra: denluot voice check {name}\n"
                "Ghi ra USB: denluot voice pack {name} THƯ-MỤC-USB, rồi cài ở trang Thiết bị.",
                name=self._directory,
            )
        )
        return True

    def _listen_to_the_room(self) -> None:
        t, desk = self._t, self._desk
        desk.tell(t("Xin giữ im lặng 2 giây để máy nghe phòng…"))
        desk.microphone.start()
        try:
            desk.wait(_ROOM_S)
        finally:
            room = room_db(desk.microphone.stop())
        if room <= QUIET_ROOM_DB:
            desk.tell(t("Phòng yên tĩnh ({level:.0f} dB).", level=room))
        else:
            desk.tell(
                t(
                    "Phòng ồn ({level:.0f} dB, nên dưới {wanted:.0f} dB): tắt quạt, máy lạnh, đóng "
                    "cửa. Nghe rõ tiếng ồn khi phát lại thì xin đọc lại.",
                    level=room,
                    wanted=QUIET_ROOM_DB,
                )
            )

    def _read(self, line: ScriptLine) -> None:
        while True:
            self._desk.show(self._progress(line), line.text)
            self._count_in()
            take = self._take(line)
            if take.sound is None:
                self._tell_doubts(take)
                if self._ask(self._t(_AGAIN)) == LEAVE_OUT:
                    return
                continue
            answer = self._judge(take, take.sound)
            if answer == LEAVE_OUT:
                return
            if answer != AGAIN:
                self._keep(line, take.sound)
                return

    def _progress(self, line: ScriptLine) -> str:
        t = self._t
        left = len(self._script) - len(self._there)
        elapsed_s = self._desk.monotonic() - self._began_s
        pace_s = elapsed_s / self._kept_now if self._kept_now >= _MEASURED else _USUAL_S
        told = t(
            "{number}/{count}, còn khoảng {minutes} phút",
            number=self._script.index(line) + 1,
            count=len(self._script),
            minutes=max(1, round(left * pace_s / _MINUTE_S)),
        )
        return t("{progress} · lời này có thể bỏ qua", progress=told) if line.optional else told

    def _count_in(self) -> None:
        t = self._t
        for number in ("3", "2", "1"):
            self._desk.tell(number)
            self._desk.wait(_COUNT_S)
        self._desk.tell(t("● Xin đọc"))

    def _take(self, line: ScriptLine) -> Take:
        """Record one reading, until it is silent again or has taken too long."""
        microphone, desk = self._desk.microphone, self._desk
        longest_s = _AT_LEAST_S + _PER_WORD_S * len(line.text.split())
        microphone.start()
        ended = False
        try:
            until_s = desk.monotonic() + longest_s
            while not ended and desk.monotonic() < until_s:
                desk.wait(_LOOK_S)
                ended = has_ended(microphone.so_far())
        finally:
            recording = microphone.stop()
        take = take_of(recording)
        cut = take.sound is not None and not ended
        return Take(take.sound, (*take.doubts, Doubt.CUT)) if cut else take

    def _judge(self, take: Take, sound: Sound) -> str:
        """Let a reading be heard; return what is to become of it."""
        t, level = self._t, level_of(sound)
        self._desk.tell(
            t("{seconds:.1f} giây, {lufs:.1f} LUFS", seconds=level.duration_s, lufs=level.lufs)
        )
        self._tell_doubts(take)
        answer = HEAR
        while answer == HEAR:
            self._desk.play(sound)
            answer = self._ask(self._t(_KEYS))
        return answer

    def _tell_doubts(self, take: Take) -> None:
        for doubt in take.doubts:
            self._desk.tell(f"⚠ {self._t(doubt.value)}")

    def _keep(self, line: ScriptLine, sound: Sound) -> None:
        write_wav(self._directory / line.file, sound)
        self._there[line.text] = line.file
        self._kept_now += 1
        ordered = {each.text: each.file for each in self._script if each.text in self._there}
        write_pack(self._directory, self._settings, ordered)

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

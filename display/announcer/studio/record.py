"""Recording a pack: each text is shown, read, mastered, heard and kept; it can be gone on with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from display.announcer.inspection import level_of
from display.announcer.pack import PackSettings
from display.announcer.studio.script import Line, script_of, write_pack
from display.announcer.studio.take import take_of
from display.announcer.studio.texts import Texts
from hardware.speaker import SAMPLE_RATE, Sound, SoundFormatError, read_wav, write_wav

HEAR, AGAIN, LEAVE_OUT, QUIT = "n", "r", "x", "q"


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

    def __init__(self, directory: Path, settings: PackSettings, desk: Desk, texts: Texts) -> None:
        self._directory = directory
        self._settings = settings
        self._desk = desk
        self._texts = texts
        self._script = script_of(settings)

    def run(self) -> bool:
        """Record what is not there yet; return whether all that is needed has been read."""
        left = [line for line in self._script if not self._is_there(line)]
        self._desk.tell(
            self._texts(
                "begin",
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
            self._desk.tell(self._texts("paused", done=done))
            return False
        language = self._settings.language
        path = self._directory.resolve()
        self._desk.tell(self._texts("finished", name=self._directory, language=language, path=path))
        return True

    def _read(self, line: Line) -> None:
        number = self._script.index(line) + 1
        optional = self._texts("optional") if line.optional else ""
        while True:
            self._desk.tell(
                self._texts(
                    "read",
                    number=number,
                    count=len(self._script),
                    text=line.text,
                    optional=optional,
                )
            )
            answer = self._ask("start")
            if answer == LEAVE_OUT:
                return
            if self._record(line):
                return

    def _record(self, line: Line) -> bool:
        """Record one reading; return whether it was kept."""
        self._desk.microphone.start()
        try:
            self._ask("recording")
        finally:
            recording = self._desk.microphone.stop()
        take = take_of(recording)
        doubts = "".join(f" · {self._texts(doubt.value)}" for doubt in take.doubts)
        if take.sound is None:
            self._desk.tell(doubts.removeprefix(" · "))
            return False
        level = level_of(take.sound)
        self._desk.tell(
            self._texts("heard", seconds=level.duration_s, lufs=level.lufs, doubts=doubts)
        )
        answer = self._ask("keep")
        while answer == HEAR:
            self._desk.play(take.sound)
            answer = self._ask("keep")
        if answer == AGAIN:
            return False
        self._keep(line, take.sound)
        return True

    def _keep(self, line: Line, sound: Sound) -> None:
        write_wav(self._directory / line.file, sound)
        there = {line.text: line.file for line in self._script if self._is_there(line)}
        write_pack(self._directory, self._settings, there)

    def _is_there(self, line: Line) -> bool:
        try:
            return read_wav(self._directory / line.file).rate == SAMPLE_RATE
        except SoundFormatError:
            return False

    def _ask(self, key: str) -> str:
        answer = self._desk.ask(self._texts(key)).strip().lower()
        if answer == QUIT:
            raise _Pause
        return answer


class _Pause(Exception):  # noqa: N818 - no error: the person rests
    """The person wants to go on later."""
